/**
 * The last days of the story as changes with webhook deliveries, and the small everyday edits that happen then.
 *
 * Promises: every change after `liveFrom` is there once, in order of time, with the whole record as it then is.
 * Of the changes about 80 % are delivered once and soon, 8 % several times, 5 % hours or days late, 4 % after
 * the record's next change, and 3 % not at all.
 */
import { day, hour, iso, minute, second, seasonal } from "./Calendar.ts"
import type { AccountDraft, ContactDraft, OrderDraft, RecordDraft, Story } from "./Draft.ts"
import * as PortalRecord from "./PortalRecord.ts"
import * as RandomSource from "./RandomSource.ts"
import * as ShopRecord from "./ShopRecord.ts"
import type { LiveChange } from "./World.ts"

/** Omits from each member of the union, which `Omit` alone would merge into one. */
type WithoutDeliveries<Change> = Change extends LiveChange ? Omit<Change, "deliveries"> : never

interface Pending {
  readonly at: number
  /** Record that changes, for deliveries in the wrong order. */
  readonly record: string
  readonly change: WithoutDeliveries<LiveChange>
}

/** Edits by customers and staff that no scenario planned: tags, consent, phone numbers, deal stages. */
export const addEverydayEdits = (story: Story): void => {
  const random = RandomSource.make(story.seed, "edits")
  const { liveFrom, now } = story.period
  const when = (): number => seasonal(random, liveFrom + minute, now - 2 * hour)
  for (const person of story.people) {
    for (const account of person.accounts) {
      if (account.guest || account.createdAt > liveFrom - day || !random.chance(0.012)) continue
      account.changes.push(
        random.chance(0.5)
          ? { at: when(), tags: [random.pick(["vip", "newsletter", "wholesale-interest"])] }
          : { at: when(), marketing: account.marketing === "SUBSCRIBED" ? "UNSUBSCRIBED" : "SUBSCRIBED" },
      )
    }
    for (const contact of person.contacts) {
      if (contact.createdAt > liveFrom - day || !random.chance(0.012)) continue
      contact.changes.push({
        at: when(),
        properties: random.chance(0.3)
          ? { hs_email_optout: String(contact.properties["hs_email_optout"] !== "true") }
          : { phone: person.phone.replace("+999", "+999 ") },
      })
    }
  }
  for (const record of story.records) {
    const open = record.properties["dealstage"]?.startsWith("closed") === false
    if (record.type !== "deals" || !open || !random.chance(0.25)) continue
    const at = when()
    const won = random.chance(0.6)
    record.changes.push({
      at,
      properties: { dealstage: won ? "closedwon" : "closedlost", hs_is_closed_won: String(won), closedate: iso(at) },
    })
  }
}

const ofOrder = (order: OrderDraft, from: number, now: number): Array<Pending> => {
  const record = `order ${order.id}`
  const refunds = order.refunds
    .filter(({ at }) => at > from && at <= now)
    .map((refund): Pending => ({
      at: refund.at,
      record,
      change: {
        kind: "shop.refund",
        at: iso(refund.at),
        refundId: refund.id,
        after: ShopRecord.orderAt(order, refund.at),
      },
    }))
  const refunded = new Set(refunds.map(({ at }) => at))
  const changes = [...new Set(ShopRecord.changesOf(order))].filter(
    (at) => at > from && at > order.at && at <= now && !refunded.has(at),
  )
  const instants = order.at > from ? [order.at, ...changes] : changes
  return [
    ...refunds,
    ...instants.map((at): Pending => ({
      at,
      record,
      change: { kind: "shop.order", at: iso(at), created: at === order.at, after: ShopRecord.orderAt(order, at) },
    })),
  ]
}

const ofAccount = (account: AccountDraft, from: number, now: number): Array<Pending> => {
  const instants = [account.createdAt, ...account.changes.map(({ at }) => at)].filter((at) => at > from && at <= now)
  return instants.flatMap((at) => {
    const after = ShopRecord.customerAt(account, at)
    return after === null
      ? []
      : [
          {
            at,
            record: `customer ${account.customerId}`,
            change: { kind: "shop.customer", at: iso(at), created: at === account.createdAt, after },
          } satisfies Pending,
        ]
  })
}

const ofContact = (contact: ContactDraft, from: number, now: number): Array<Pending> => {
  const record = `contact ${contact.id}`
  const changes = contact.changes
    .filter(({ at }) => at > from && at <= now)
    .map(({ at, properties }): Pending => ({
      at,
      record,
      change: {
        kind: "crm.contact",
        at: iso(at),
        created: false,
        changed: Object.keys(properties),
        after: PortalRecord.contactAt(contact, at),
      },
    }))
  if (contact.createdAt <= from) return changes
  const after = PortalRecord.contactAt(contact, contact.createdAt)
  return [
    {
      at: contact.createdAt,
      record,
      change: {
        kind: "crm.contact",
        at: after.createdAt,
        created: true,
        changed: Object.keys(after.properties),
        after,
      },
    },
    ...changes,
  ]
}

const ofDeal = (deal: RecordDraft, from: number, now: number): Array<Pending> =>
  deal.changes
    .filter(({ at }) => at > from && at <= now)
    .map(({ at, properties }) => ({
      at,
      record: `deal ${deal.id}`,
      change: {
        kind: "crm.deal",
        at: iso(at),
        created: false,
        changed: Object.keys(properties),
        after: PortalRecord.recordAt(deal, at),
      },
    }))

const seconds = (milliseconds: number): number => Math.floor(milliseconds / second)

/** Delays in seconds; `next` is the record's next change. */
const deliveries = (
  random: RandomSource.RandomSource,
  change: Pending,
  next: number | undefined,
  now: number,
): Array<number> => {
  const soon = random.int(1, 12)
  const until = Math.max(soon, seconds(now - change.at))
  const drawn = random.next()
  if (drawn < 0.8) return [soon]
  if (drawn < 0.88) {
    return random.chance(0.7)
      ? [soon, soon + random.int(2, 90)]
      : [soon, soon + random.int(2, 90), soon + random.int(91, 4_000)]
  }
  if (drawn < 0.93) return [Math.min(until, random.int(seconds(hour), seconds(2 * day)))]
  if (drawn < 0.97)
    return [Math.min(until, (next === undefined ? 0 : seconds(next - change.at)) + random.int(60, 1_800))]
  return []
}

export const changes = (story: Story): Array<LiveChange> => {
  const { liveFrom: from, now } = story.period
  const accounts = story.people.flatMap((person) => person.accounts).filter((account) => !account.guest)
  const pending = [
    ...accounts.flatMap((account) => ofAccount(account, from, now)),
    ...story.orders.flatMap((order) => ofOrder(order, from, now)),
    ...story.people.flatMap((person) => person.contacts).flatMap((contact) => ofContact(contact, from, now)),
    ...story.records.filter((record) => record.type === "deals").flatMap((deal) => ofDeal(deal, from, now)),
  ].sort((left, right) => left.at - right.at)
  const random = RandomSource.make(story.seed, "deliveries")
  const nextOf = new Map<string, number>()
  const nexts = pending.map(() => undefined as number | undefined)
  for (let index = pending.length - 1; index >= 0; index--) {
    const { at, record } = pending[index] as Pending
    nexts[index] = nextOf.get(record)
    nextOf.set(record, at)
  }
  return pending.map((change, index) => ({
    ...change.change,
    deliveries: deliveries(random, change, nexts[index], now),
  }))
}
