/**
 * The inbox in memory, for tests and examples.
 *
 * Promises what `Inbox` promises within one process. Bodies are copied in and out, so that nobody who reuses a buffer
 * changes what was signed; those of messages that are done are let go. Of equally old messages the first to arrive is older. It is gone when the process ends.
 */
import { Effect, Layer, Option } from "effect"
import { Forgetting, type Part, type Renaming } from "../fact/Forgetting.ts"
import { inText } from "../fact/Tombstone.ts"
import * as PerTenant from "../tenant/PerTenant.ts"
import { redacted } from "./InboxRedaction.ts"
import { type Delivery, Inbox, type InboxRow, type Parked } from "./Inbox.ts"

interface Message {
  delivery: Delivery
  attempts: number
  state: "open" | "done" | "parked"
  reason: string
}

/** By source and event key, in the order of arrival. */
type Messages = Map<string, Message>

const nameOf = (source: string, eventKey: string): string => JSON.stringify([source, eventKey])

const acceptInto = (messages: Messages, delivery: Delivery): boolean => {
  const name = nameOf(delivery.source, delivery.eventKey)
  if (messages.has(name)) return false
  messages.set(name, { delivery: { ...delivery, body: delivery.body.slice() }, attempts: 0, state: "open", reason: "" })
  return true
}

const claimFrom = (messages: Messages, source: string, limit: number): ReadonlyArray<InboxRow> =>
  [...messages.values()]
    .filter(({ delivery, state }) => state === "open" && delivery.source === source)
    .sort((left, right) => left.delivery.receivedAt - right.delivery.receivedAt)
    .slice(0, limit)
    .map((message) => {
      message.attempts++
      return { ...message.delivery, body: message.delivery.body.slice(), attempts: message.attempts }
    })

const settleIn = (messages: Messages, source: string, eventKey: string): void => {
  const message = messages.get(nameOf(source, eventKey))
  if (message === undefined) return
  message.state = "done"
  message.delivery = { ...message.delivery, body: new Uint8Array() }
}

const parkIn = (messages: Messages, source: string, eventKey: string, reason: string): void => {
  const message = messages.get(nameOf(source, eventKey))
  if (message?.state !== "open") return
  message.state = "parked"
  message.reason = reason.replaceAll("\0", "")
}

const parkedIn = (messages: Messages): ReadonlyArray<Parked> =>
  [...messages.values()]
    .filter(({ state }) => state === "parked")
    .map(({ delivery: { eventKey, source, topic }, reason }) => ({ source, eventKey, topic, reason }))

/** Messages keep ids alone where they name somebody erased, and their own names carry the tombstone. */
const forgetIn = (messages: Messages, { replace, values }: Renaming): number => {
  let changed = 0
  // A copy: a message under another name would come again.
  const all = Array.from(messages)
  for (const [name, message] of all) {
    const eventKey = inText(message.delivery.eventKey, replace)
    const body = redacted(message.delivery, values)
    if (eventKey === message.delivery.eventKey && body === null) continue
    changed++
    message.delivery = { ...message.delivery, eventKey, body: body ?? message.delivery.body }
    messages.delete(name)
    messages.set(nameOf(message.delivery.source, eventKey), message)
  }
  return changed
}

export const layerMemory: Layer.Layer<Inbox> = Layer.effect(
  Inbox,
  Effect.gen(function* () {
    const tenants = PerTenant.make((): Messages => new Map())
    const part: Part = (renaming) => Effect.map(tenants, (messages) => ({ messages: forgetIn(messages, renaming) }))
    Option.map(yield* Effect.serviceOption(Forgetting), ({ takePart }) => takePart(part))
    return Inbox.of({
      accept: (deliveries) =>
        Effect.map(tenants, (messages) => deliveries.map((delivery) => acceptInto(messages, delivery))),
      claim: (source, limit) => Effect.map(tenants, (messages) => claimFrom(messages, source, limit)),
      settle: (source, eventKeys) =>
        Effect.map(tenants, (messages) => eventKeys.forEach((eventKey) => settleIn(messages, source, eventKey))),
      park: (source, reasons) =>
        Effect.map(tenants, (messages) =>
          reasons.forEach((reason, eventKey) => parkIn(messages, source, eventKey, reason)),
        ),
      parked: Effect.map(tenants, parkedIn),
      counts: Effect.map(tenants, (messages) => {
        const counts = { open: 0, done: 0, parked: 0 }
        for (const { state } of messages.values()) counts[state]++
        return counts
      }),
    })
  }),
)
