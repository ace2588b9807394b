/**
 * Inboxes that each break one law and no other: the proof that the laws can fail.
 *
 * Each is the memory layer with one plausible fault laid over it. They are for tests of laws, never for use.
 */
import { type Delivery, Inbox, type InboxRow, type Parked } from "@advocacy-kit/core/connector/Inbox"
import * as InboxMemory from "@advocacy-kit/core/connector/InboxMemory"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import type * as Broken from "../Broken.ts"

type Box = Inbox["Service"]

/** The memory layer with members replaced. */
const over = (fault: (inner: Box) => Partial<Box>): Layer.Layer<Inbox> =>
  Layer.effect(
    Inbox,
    Effect.map(Inbox, (inner) => ({ ...inner, ...fault(inner) })),
  ).pipe(Layer.provide(InboxMemory.layerMemory))

/** Changes messages on their way in. */
const rewriting = (rewrite: (delivery: Delivery) => Delivery): Layer.Layer<Inbox> =>
  over((inner) => ({ accept: (deliveries) => inner.accept(deliveries.map(rewrite)) }))

/** Changes messages on their way out. */
const showing = (change: (rows: ReadonlyArray<InboxRow>) => ReadonlyArray<InboxRow>): Layer.Layer<Inbox> =>
  over((inner) => ({ claim: (source, limit) => Effect.map(inner.claim(source, limit), change) }))

const nameOf = ({ eventKey, source }: { readonly source: string; readonly eventKey: string }): string =>
  `${source} ${eventKey}`

/** Takes a whole call for new when one message in it is. */
const greetsOldMessages = over((inner) => ({
  accept: (deliveries) =>
    Effect.map(inner.accept(deliveries), (told) => {
      const seen = new Set<string>()
      return deliveries.map((delivery) => {
        const isFirst = !seen.has(nameOf(delivery))
        seen.add(nameOf(delivery))
        return isFirst && told.includes(true)
      })
    }),
}))

const overlooksRepeatsInACall = over((inner) => ({
  accept: (deliveries) =>
    Effect.map(inner.accept(deliveries), (told) => {
      const fresh = new Set(deliveries.filter((_, index) => told[index]).map(nameOf))
      return deliveries.map((delivery) => fresh.has(nameOf(delivery)))
    }),
}))

/** Looks what is there, lets others in, and answers what it saw. */
const looksBeforeItAccepts = over((inner) => {
  const accepted = new Set<string>()
  return {
    accept: (deliveries) =>
      Effect.gen(function* () {
        const { id } = yield* CurrentTenant
        const [only, ...others] = deliveries
        if (only === undefined || others.length > 0) return yield* inner.accept(deliveries)
        const isNew = !accepted.has(`${id} ${nameOf(only)}`)
        yield* Effect.yieldNow
        const told = yield* inner.accept(deliveries)
        accepted.add(`${id} ${nameOf(only)}`)
        return isNew ? [true] : told
      }),
  }
})

const ignoresTheSource = over((inner) => {
  const sources = new Map<string, string>()
  return {
    accept: (deliveries) =>
      Effect.gen(function* () {
        const { id } = yield* CurrentTenant
        const strange = deliveries.map(({ eventKey, source }) => {
          const name = `${id} ${eventKey}`
          const known = sources.get(name) ?? source
          sources.set(name, known)
          return known !== source
        })
        const told = yield* inner.accept(deliveries)
        return told.map((isNew, index) => isNew && strange[index] !== true)
      }),
  }
})

/** Deletes what is done, and so takes it for new when it is sent again. */
const forgetsWhatIsDone = over((inner) => {
  const done = new Set<string>()
  return {
    settle: (source, eventKeys) =>
      Effect.andThen(
        inner.settle(source, eventKeys),
        Effect.map(CurrentTenant, ({ id }) => {
          for (const eventKey of eventKeys) done.add(`${id} ${nameOf({ source, eventKey })}`)
        }),
      ),
    accept: (deliveries) =>
      Effect.zipWith(inner.accept(deliveries), CurrentTenant, (told, { id }) =>
        told.map((isNew, index) => {
          const delivery = deliveries[index]
          return isNew || (delivery !== undefined && done.has(`${id} ${nameOf(delivery)}`))
        }),
      ),
  }
})

const readsAsText = rewriting((delivery) => ({
  ...delivery,
  body: new TextEncoder().encode(new TextDecoder().decode(delivery.body)),
}))

const keepsTheBuffer = over((inner) => {
  const buffers = new Map<string, Uint8Array>()
  return {
    accept: (deliveries) => {
      for (const delivery of deliveries) buffers.set(nameOf(delivery), delivery.body)
      return inner.accept(deliveries)
    },
    claim: (source, limit) =>
      Effect.map(inner.claim(source, limit), (rows) =>
        rows.map((row) => ({ ...row, body: buffers.get(nameOf(row)) ?? row.body })),
      ),
  }
})

const cutsLongBodies = rewriting((delivery) => ({ ...delivery, body: delivery.body.slice(0, 2 ** 20) }))

const claimsTheNewestFirst = showing((rows) => [...rows].sort((left, right) => right.receivedAt - left.receivedAt))

const rewritesTopics = showing((rows) => rows.map((row) => ({ ...row, topic: row.topic.normalize("NFD") })))

const ignoresTheLimit = over((inner) => ({ claim: (source) => inner.claim(source, Number.MAX_SAFE_INTEGER) }))

const claimsFromEverySource = over((inner) => {
  const sources = new Set<string>()
  return {
    accept: (deliveries) => {
      for (const { source } of deliveries) sources.add(source)
      return inner.accept(deliveries)
    },
    claim: (_source, limit) =>
      Effect.map(
        Effect.forEach([...sources], (source) => inner.claim(source, limit)),
        (rows) => rows.flat(),
      ),
  }
})

const countsOneAttempt = showing((rows) => rows.map((row) => ({ ...row, attempts: Math.min(row.attempts, 1) })))

const claimsWhatIsDone = over((inner) => {
  const claimed = new Map<string, InboxRow>()
  return {
    claim: (source, limit) =>
      Effect.map(inner.claim(source, limit), (rows) => {
        const open = new Set(rows.map(nameOf))
        const again = [...claimed.values()].filter((row) => !open.has(nameOf(row)))
        for (const row of rows) claimed.set(nameOf(row), row)
        return [...again, ...rows]
      }),
  }
})

const claimsFewerForEachParked = over((inner) => ({
  claim: (source, limit) =>
    Effect.flatMap(inner.counts, ({ parked }) => inner.claim(source, Math.max(0, limit - parked))),
}))

const losesALoneReason = over((inner) => ({
  park: (source, reasons) =>
    inner.park(source, reasons.size > 1 ? reasons : new Map([...reasons].map(([eventKey]) => [eventKey, ""]))),
}))

const parksWithOneReason = over((inner) => ({
  park: (source, reasons) => {
    const [first = ""] = reasons.values()
    return inner.park(source, new Map([...reasons].map(([eventKey]) => [eventKey, first])))
  },
}))

const countsParkedAsOpen = over((inner) => ({
  counts: Effect.map(inner.counts, (counts) => ({ ...counts, open: counts.open + counts.parked })),
}))

const parksWhatIsNotThere = over((inner) => {
  const ghosts: Array<Parked> = []
  return {
    park: (source, reasons) => {
      const reason = reasons.get("never")
      if (reason !== undefined) ghosts.push({ source, eventKey: "never", topic: "", reason })
      return inner.park(source, reasons)
    },
    parked: Effect.map(inner.parked, (parked) => [...parked, ...ghosts]),
  }
})

const everybodysTenant = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(16) }
const asEverybody = <A, E>(effect: Effect.Effect<A, E, CurrentTenant>) =>
  Effect.provideService(effect, CurrentTenant, everybodysTenant)

const forgetsTheTenant = over((inner) => ({
  accept: (deliveries) => asEverybody(inner.accept(deliveries)),
  claim: (source, limit) => asEverybody(inner.claim(source, limit)),
  settle: (source, eventKeys) => asEverybody(inner.settle(source, eventKeys)),
  park: (source, reasons) => asEverybody(inner.park(source, reasons)),
  parked: asEverybody(inner.parked),
  counts: asEverybody(inner.counts),
}))

const breaking = (layer: Layer.Layer<Inbox>, breaks: string): Broken.Store<Inbox> => ({ breaks, layer })

export const stores: ReadonlyArray<Broken.Store<Inbox>> = [
  breaking(greetsOldMessages, "a message that is sent again is not new"),
  breaking(overlooksRepeatsInACall, "a message that comes twice in one call is new in its first place"),
  breaking(looksBeforeItAccepts, "of two that accept one message at the same time one is told that it is new"),
  breaking(ignoresTheSource, "the same event key from another source is another message"),
  breaking(forgetsWhatIsDone, "a message that is done or parked is never new again"),
  breaking(readsAsText, "bodies are kept byte for byte"),
  breaking(keepsTheBuffer, "a body stays as it was signed when its buffer is used again"),
  breaking(cutsLongBodies, "a body of 10 MB is kept whole"),
  breaking(claimsTheNewestFirst, "the oldest message is claimed first, whenever it was accepted"),
  breaking(rewritesTopics, "a claimed message comes as it was accepted"),
  breaking(ignoresTheLimit, "no more messages than the limit are claimed"),
  breaking(claimsFromEverySource, "a claim gives messages of the asked source alone"),
  breaking(countsOneAttempt, "each claim counts an attempt"),
  breaking(claimsWhatIsDone, "a message that is done is never claimed again"),
  breaking(claimsFewerForEachParked, "a parked message blocks nobody"),
  breaking(losesALoneReason, "a parked message is listed with its reason"),
  breaking(parksWithOneReason, "messages that are parked together keep a reason each"),
  breaking(countsParkedAsOpen, "every message is counted as open, done or parked"),
  breaking(parksWhatIsNotThere, "settling or parking what is not there changes nothing"),
  breaking(forgetsTheTenant, "no tenant sees or settles another's messages"),
]
