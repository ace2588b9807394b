/**
 * Makes a whole brand from a seed: eighteen months of two platforms, ten live days, and what is true of them.
 *
 * Promises: the same options give the same world, byte for byte; numbers of customers, orders and refunds are as
 * asked for; every truth class occurs. It knows the published rules and nothing of how an engine decides.
 * Sizes: 400 customers or more, at least two orders per customer.
 */
import * as Calendar from "./Calendar.ts"
import type { Story } from "./Draft.ts"
import * as EverydayTrade from "./EverydayTrade.ts"
import * as LiveSimulation from "./LiveSimulation.ts"
import * as PeopleSimulation from "./PeopleSimulation.ts"
import * as PortalRecord from "./PortalRecord.ts"
import * as PortalSimulation from "./PortalSimulation.ts"
import * as Price from "./Price.ts"
import * as RecordNumbers from "./RecordNumbers.ts"
import * as ScenarioPlan from "./ScenarioPlan.ts"
import * as ShopRecord from "./ShopRecord.ts"
import * as Stage from "./Stage.ts"
import * as TruthJudge from "./TruthJudge.ts"
import { rules } from "./World.ts"
import type { ShopDiscount, TruePerson, Truth, World } from "./World.ts"

export interface SimulateOptions {
  readonly seed: number
  /** Customer records in the shop at the end of the live phase. */
  readonly customers: number
  readonly orders: number
  /** The world's present, an instant in UTC. */
  readonly now?: string
  /** More of some scenarios than a brand of this size has, such as `{ selfReferral: 30 }`; the numbers above stay. */
  readonly scenarios?: ScenarioPlan.ScenarioCounts
}

export const defaults = { seed: 1, customers: 5_000, orders: 20_000, now: "2026-11-01T00:00:00.000Z" } as const

/** Shares of the default size: 1,200 refunds of 20,000 orders, 4,000 contacts of 5,000 customers, and so on. */
const refundsPerOrder = 0.06
const perCustomer = { contacts: 0.8, companies: 0.04, deals: 0.06, answers: 0.18 }

const check = ({ customers, orders, seed }: SimulateOptions): void => {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed: ${seed} is not a whole number from 0 on`)
  if (!Number.isSafeInteger(customers) || customers < 400 || customers > 500_000) {
    throw new RangeError(
      `customers: ${customers} is not a whole number from 400 to 500000; below 400 not every kind of referral has room`,
    )
  }
  if (!Number.isSafeInteger(orders) || orders < 2 * customers || orders > 2_000_000) {
    throw new RangeError(`orders: ${orders} is not a whole number from ${2 * customers} (two per customer) to 2000000`)
  }
}

/** The story behind a world, numbered; `plannedOrders` are those that a scenario placed. */
export const tell = (options: SimulateOptions): { readonly story: Story; readonly plannedOrders: Story["orders"] } => {
  check(options)
  const population = PeopleSimulation.population(options.seed)
  const story: Story = {
    period: Calendar.period(Calendar.parse(options.now ?? defaults.now)),
    seed: options.seed,
    people: population.people,
    orders: [],
    records: [],
  }
  ScenarioPlan.play(Stage.make(story, population), options.customers, options.scenarios)
  const plannedOrders = [...story.orders]
  EverydayTrade.fillCustomers(story, population, options.customers)
  EverydayTrade.fillOrders(story, options.orders)
  EverydayTrade.fillRefunds(
    story,
    story.orders.slice(plannedOrders.length),
    Math.round(options.orders * refundsPerOrder),
  )
  PortalSimulation.fill(story, population, {
    contacts: Math.round(options.customers * perCustomer.contacts),
    companies: Math.round(options.customers * perCustomer.companies),
    deals: Math.round(options.customers * perCustomer.deals),
    answers: Math.round(options.customers * perCustomer.answers),
  })
  LiveSimulation.addEverydayEdits(story)
  RecordNumbers.assign(story)
  return { story, plannedOrders }
}

const discounts = (story: Story): Array<ShopDiscount> => {
  const owners = story.people
    .flatMap(({ referral }) => (referral === null ? [] : [referral]))
    .sort((left, right) => left.issuedAt - right.issuedAt || (left.code < right.code ? -1 : 1))
  return [
    {
      id: "1300000000001",
      title: `Refer a friend ${rules.friendPercent}%`,
      value: { percent: rules.friendPercent },
      startsAt: Calendar.iso(story.period.startsAt),
      codes: owners.map(({ code }, index) => ({ id: String(17_000_000_000_000 + index * 32_768), code })),
    },
    ...EverydayTrade.marketingCodes.map(({ code, title, value }, index) => ({
      id: String(1_300_000_000_002 + index),
      title,
      value: "percent" in value ? value : { amount: Price.toDecimal(value.cents) },
      startsAt: Calendar.iso(story.period.startsAt),
      codes: [{ id: String(16_000_000_000_000 + index * 32_768), code }],
    })),
  ]
}

const people = (story: Story): Array<TruePerson> =>
  story.people.map((person) => ({
    person: person.id,
    shopCustomerIds: person.accounts.flatMap((account) => (account.guest ? [] : [account.customerId])),
    contactIds: person.contacts.map(({ id }) => id),
    emails: [
      ...new Set([
        ...person.accounts.map(({ email }) => email),
        ...person.contacts.flatMap(({ properties }) =>
          properties["email"] === undefined ? [] : [properties["email"]],
        ),
      ]),
    ],
    codes: person.referral === null ? [] : [person.referral.code],
    provable: person.provable,
  }))

const nps = (story: Story): Truth["nps"] => {
  const ratings = story.people
    .flatMap((person) => person.contacts)
    .flatMap(({ properties }) => properties["hs_feedback_last_nps_rating"] ?? [])
    .map(Number)
  const promoters = ratings.filter((rating) => rating >= 9).length
  const detractors = ratings.filter((rating) => rating <= 6).length
  return { answers: ratings.length, promoters, passives: ratings.length - promoters - detractors, detractors }
}

export const simulate = (options: SimulateOptions): World => {
  const { story } = tell(options)
  const { liveFrom, now, startsAt } = story.period
  const accounts = story.people
    .flatMap((person) => person.accounts)
    .filter((account) => !account.guest && account.createdAt <= liveFrom)
    .sort(
      (left, right) =>
        left.createdAt - right.createdAt || (BigInt(left.customerId) < BigInt(right.customerId) ? -1 : 1),
    )
  return {
    brand: {
      seed: options.seed,
      name: "Harbour & Pine",
      shopDomain: "harbour-and-pine.myshopify.com",
      portalId: 145_202_611,
      currency: rules.currency,
      timeZone: rules.timeZone,
      startsAt: Calendar.iso(startsAt),
      liveFrom: Calendar.iso(liveFrom),
      now: Calendar.iso(now),
    },
    shop: {
      customers: accounts.flatMap((account) => ShopRecord.customerAt(account, liveFrom) ?? []),
      orders: story.orders.filter((order) => order.at <= liveFrom).map((order) => ShopRecord.orderAt(order, liveFrom)),
      discounts: discounts(story),
    },
    portal: PortalRecord.portalAt(story, liveFrom),
    live: LiveSimulation.changes(story),
    truth: { people: people(story), conversions: TruthJudge.judge(story.orders), nps: nps(story) },
  }
}
