/**
 * The bulk of the brand's life: ordinary customers, repeat purchases, till sales and ordinary refunds.
 *
 * Promises: nothing here carries referral evidence, shares a device with an advocate or precedes a planned
 * friend's order; the numbers of customers, orders and refunds come out exactly as asked for.
 */
import * as Basket from "./Basket.ts"
import { day, hour, seasonal } from "./Calendar.ts"
import type { OrderDraft, PersonDraft, Story } from "./Draft.ts"
import * as OrderSimulation from "./OrderSimulation.ts"
import { softSpelling } from "./PeopleSimulation.ts"
import type { Population } from "./PeopleSimulation.ts"
import * as RandomSource from "./RandomSource.ts"

export const marketingCodes = [
  { code: "WELCOME10", title: "Welcome 10%", value: { percent: 10 } },
  { code: "SPRING5", title: "Five euros off", value: { cents: 500n } },
] as const

/** Shop accounts of which somebody may buy again: a ring's false accounts may not. */
const openAccounts = (person: PersonDraft): PersonDraft["accounts"] =>
  person.referral === null ? person.accounts : person.accounts.filter((account) => account.identity === person.id)

const ordinary = (random: RandomSource.RandomSource, at: number, person: PersonDraft): OrderDraft => {
  const promotion = random.chance(0.08) ? random.pick(marketingCodes) : undefined
  const till = random.chance(0.07)
  return OrderSimulation.order(random, {
    at,
    account: random.pick(openAccounts(person)),
    planned: "organic",
    source: till ? "pos" : "web",
    asGuest: !till && random.chance(0.04),
    giftCard: random.chance(0.01),
    test: random.chance(0.001),
    paysLate: !till && random.chance(0.03),
    ...(promotion === undefined || till ? {} : { marketingCode: promotion }),
  })
}

/** New customers until the shop has as many accounts as asked for, some of them without an order so far. */
export const fillCustomers = (story: Story, population: Population, customers: number): void => {
  const random = RandomSource.make(story.seed, "customers")
  const { now, startsAt } = story.period
  let missing =
    customers - population.people.flatMap((person) => person.accounts).filter((account) => !account.guest).length
  if (missing < 0) {
    throw new RangeError(
      `customers: ${customers} are too few for every scenario; ask for ${customers - missing} or more`,
    )
  }
  let neighbour: PersonDraft | undefined
  while (missing > 0) {
    const together = neighbour !== undefined && random.chance(0.06)
    const person = population.person(
      together && neighbour !== undefined ? { livesWith: neighbour, lastName: neighbour.lastName } : {},
    )
    const guest = random.chance(0.04)
    const main = population.account(person, { guest })
    if (!guest) missing--
    if (missing > 0 && !guest && random.chance(0.05)) {
      if (random.chance(0.6)) population.account(person)
      else population.account(person, { email: softSpelling(main.email, "news"), unprovable: true })
      missing--
    }
    const at = seasonal(random, startsAt, now - 3 * hour)
    if (guest || random.chance(0.93)) {
      story.orders.push(
        OrderSimulation.order(random, {
          at,
          account: main,
          planned: "organic",
          paysLate: random.chance(0.03),
          ...(random.chance(0.2) ? { marketingCode: marketingCodes[0] } : {}),
        }),
      )
      person.repeatsFrom = at + hour
    }
    for (const account of person.accounts) account.createdAt = Math.min(account.createdAt, at)
    neighbour = person
  }
}

/** Repeat purchases until the shop has as many orders as asked for: most people buy seldom, a few often. */
export const fillOrders = (story: Story, orders: number): void => {
  const random = RandomSource.make(story.seed, "repeats")
  const end = story.period.now - 3 * hour
  const missing = orders - story.orders.length
  if (missing < 0) {
    throw new RangeError(`orders: ${orders} are too few for these customers; ask for ${orders - missing} or more`)
  }
  const buyers = story.people.filter((person) => person.repeatsFrom !== null && person.repeatsFrom < end - day)
  const sums: Array<number> = []
  let sum = 0
  for (const buyer of buyers) {
    // Who came late had less time to come back.
    sum += buyer.appetite * (0.1 + (end - (buyer.repeatsFrom ?? end)) / (end - story.period.startsAt))
    sums.push(sum)
  }
  for (let count = 0; count < missing; count++) {
    if (random.chance(0.015)) {
      const at = seasonal(random, story.period.startsAt, end)
      story.orders.push(OrderSimulation.order(random, { at, account: null, planned: "organic", source: "pos" }))
      continue
    }
    const wanted = random.next() * sum
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    const buyer = buyers[low]
    if (buyer === undefined) throw new RangeError("orders: nobody is free to buy again; ask for more customers")
    // Interest fades: later months are less likely than the first ones.
    const from = buyer.repeatsFrom ?? 0
    const until = from + (end - from) * Math.min(1, 0.45 + 0.7 * random.next())
    story.orders.push(ordinary(random, seasonal(random, from, until), buyer))
  }
  for (const person of story.people) {
    for (const account of person.accounts) {
      if (!Number.isFinite(account.createdAt)) account.createdAt = story.period.startsAt + random.int(0, 500) * day
    }
  }
}

/** Cancels some everyday orders (never a planned one) and refunds others until there are as many refunds as asked for. */
export const fillRefunds = (story: Story, everyday: ReadonlyArray<OrderDraft>, refunds: number): void => {
  const random = RandomSource.make(story.seed, "refunds")
  const { now } = story.period
  let missing = refunds - story.orders.reduce((sum, order) => sum + order.refunds.length, 0)
  const open = random.shuffle(
    everyday.filter((order) => !order.test && order.paidAt === order.at && order.at < now - 2 * day),
  )
  for (const order of open) {
    if (missing <= 0) return
    const at = Math.min(
      order.at + random.int(2, 28) * day + random.int(0, 86_399) * 1_000,
      now - random.int(1, 20) * hour,
    )
    if (random.chance(0.12)) {
      const voided = random.chance(0.3)
      OrderSimulation.cancel(
        order,
        order.at + random.int(1, 40) * hour,
        random.pick(["CUSTOMER", "INVENTORY", "OTHER"]),
        voided,
      )
      if (!voided) missing--
      continue
    }
    const none = order.lines.map(() => 0)
    const all = order.lines.map((line) => line.quantity)
    const some = random.chance(0.35) ? null : Basket.piecesToReturn(random, order.lines, { least: 1n, most: 60_000n })
    order.refunds.push(Basket.refund(order.lines, none, some ?? all, at, some === null ? order.shippingCents : 0n))
    missing--
  }
}
