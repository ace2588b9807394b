/**
 * A small history that holds everything that can hurt: people with many records, merges, codes with two owners, orders in
 * several versions, refunds before their order, ties, late program versions, commitments, human decisions, the future.
 *
 * Promises: the same chance gives the same facts; few people and orders, so that everything meets. It knows no verdicts:
 * commitments and decisions name credits that may well be refused.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import type { Currency } from "@advocacy-kit/core/money/Currency"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Scenario from "../Scenario.ts"
import type { Chance } from "./Chance.ts"
import * as TroubledPrograms from "./TroubledPrograms.ts"

export interface TroubledHistory {
  readonly facts: ReadonlyArray<Fact.Fact>
  readonly programs: TroubledPrograms.Programs
  /** Every version that is published or corrected to. */
  readonly versions: ReadonlyArray<Program.Program>
  readonly asOf: Instant
}

export const personCount = 5
/** Stories run from day 0 to day 100; `asOf` lies before their end. */
export const lastDay = 100

export const head = (key: string, version: number, rank: number, occurredAt: Instant) => ({
  key: Fact.key(key),
  version,
  rank,
  occurredAt,
})
export const emailOf = (index: number): Handle => Scenario.emailOf(`person${index}@example.com`)
const deviceOf = (index: number): Handle => `device:${index}` as Handle
export const companyOf = (index: number): Handle => `hubspot:company/${index}` as Handle
export const codeOf = (index: number): string => `CODE${index}`
export const some = <A>(chance: Chance, percent: number, make: () => A): ReadonlyArray<A> =>
  chance.percent(percent) ? [make()] : []
export const many = <A>(count: number, make: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, index) => make(index))
/** Sometimes one, sometimes the same under another key. */
const twice = <A extends Fact.Fact>(chance: Chance, percent: number, make: () => A): ReadonlyArray<A> =>
  some(chance, percent, make).flatMap((one) => [
    one,
    ...some(chance, 20, () => ({ ...one, key: Fact.key(`file:${one.key}`) })),
  ])
export const when = (chance: Chance): Instant => Scenario.at({ day: chance.below(lastDay), hour: chance.below(24) })

export const anybody = (chance: Chance): Handle => {
  const index = chance.below(personCount)
  return chance.pick(
    Scenario.customerOf(index),
    emailOf(index),
    Scenario.contactOf(index),
    Scenario.customerOf(10 + index),
  )
}

/** Records of one human on both platforms, told several times with other e-mails, and a second record that is merged in. */
export const personFacts = (chance: Chance, index: number): ReadonlyArray<Fact.Fact> => {
  const record = (
    person: Handle,
    version: number,
    aliases: ReadonlyArray<Handle>,
    mergedFrom: ReadonlyArray<Handle>,
  ): Fact.PersonSeen => ({
    _tag: "PersonSeen",
    ...head(person, version, chance.pick(Fact.rank.api, Fact.rank.file), Scenario.at({ day: chance.below(5) - 5 })),
    person,
    aliases,
    mergedFrom,
    companies: some(chance, 40, () => companyOf(chance.below(2))),
    soft: some(chance, 30, () => deviceOf(chance.below(3))),
    marketing: chance.pick("granted", "denied", "unknown"),
    lifecycle: null,
  })
  const other = (): Handle => emailOf(chance.percent(15) ? chance.below(personCount) : index + 20)
  return [
    ...many(chance.between(1, 2), (version) =>
      record(
        Scenario.customerOf(index),
        version,
        [emailOf(index), ...some(chance, 30, other)],
        some(chance, 25, () => Scenario.customerOf(10 + index)),
      ),
    ),
    ...some(chance, 40, () => record(Scenario.customerOf(10 + index), 1, [emailOf(index + 20)], [])),
    ...some(chance, 60, () =>
      record(Scenario.contactOf(index), chance.below(3), [chance.pick(emailOf(index), emailOf(index + 20))], []),
    ),
    ...some(chance, 10, (): Fact.PeopleMerged => ({
      _tag: "PeopleMerged",
      ...head(`shopify:merge/${index}`, 0, Fact.rank.api, when(chance)),
      into: Scenario.customerOf(index),
      from: [Scenario.customerOf(chance.below(personCount))],
    })),
  ]
}

export const evidenceFacts = (chance: Chance, index: number): ReadonlyArray<Fact.Fact> => [
  ...some(chance, 80, (): Fact.AssetIssued => ({
    _tag: "AssetIssued",
    ...head(`advocacy:asset/${codeOf(index)}`, 0, Fact.rank.own, Scenario.at({ day: chance.below(10) - 5 })),
    code: codeOf(index),
    owner: chance.pick(Scenario.customerOf(index), Scenario.contactOf(index)),
    program: TroubledPrograms.name,
  })),
  // The same code by another source, for somebody else: whoever had it first keeps it.
  ...some(chance, 15, (): Fact.AssetIssued => ({
    _tag: "AssetIssued",
    ...head(`hubspot:code/${index}`, chance.below(2), Fact.rank.api, Scenario.at({ day: chance.below(10) - 5 })),
    code: codeOf(index).toLowerCase(),
    owner: anybody(chance),
    program: TroubledPrograms.name,
  })),
  ...twice(chance, 30, (): Fact.LinkVisited => ({
    _tag: "LinkVisited",
    ...head(`advocacy:visit/${index}`, 0, Fact.rank.own, when(chance)),
    code: codeOf(chance.below(personCount)),
    visitor: anybody(chance),
  })),
  ...some(chance, 30, (): Fact.InvitationSent => ({
    _tag: "InvitationSent",
    ...head(`advocacy:invitation/${index}`, 0, Fact.rank.own, when(chance)),
    code: codeOf(chance.below(personCount)),
    friend: anybody(chance),
  })),
  ...some(chance, 20, (): Fact.Enrolled => ({
    _tag: "Enrolled",
    ...head(`advocacy:enrolment/${index}`, 0, Fact.rank.own, when(chance)),
    program: TroubledPrograms.name,
    person: anybody(chance),
    via: "manual",
  })),
  ...some(chance, 20, (): Fact.Identified => ({
    _tag: "Identified",
    ...head(`advocacy:identified/${index}`, chance.below(2), Fact.rank.own, when(chance)),
    program: TroubledPrograms.name,
    person: anybody(chance),
    score: chance.below(101),
    eligible: chance.percent(50),
    inputs: {},
  })),
]

/** One order as it was told over time, with its refunds. Versions may say anything, also the same version two things. */
export const orderFacts = (chance: Chance, index: number, currency: Currency): ReadonlyArray<Fact.Fact> => {
  const order = Scenario.orderOf(index)
  const at = when(chance)
  const buyer = chance.below(personCount)
  const isGuest = chance.percent(15)
  const paidIn = chance.percent(12) ? TroubledPrograms.drawCurrency(chance) : currency
  const isTest = chance.percent(5)
  const lines = many(chance.between(1, 2), (line) => ({
    line: `${line}`,
    product: chance.percent(80) ? `product/${chance.below(4)}` : null,
    quantity: chance.between(1, 3),
    amountMinor: TroubledPrograms.amount(chance, paidIn, 80),
    isGiftCard: false,
  }))
  const code = (): string => codeOf(chance.percent(85) ? chance.below(personCount) : 99)
  const first = code()
  const told = (version: number): Fact.OrderPlaced => ({
    _tag: "OrderPlaced",
    ...head(order, version, chance.pick(Fact.rank.api, Fact.rank.api, Fact.rank.file), at),
    order,
    customer: isGuest ? null : Scenario.customerOf(chance.percent(10) ? 10 + buyer : buyer),
    email: isGuest && chance.percent(20) ? null : emailOf(chance.percent(15) ? buyer + 20 : buyer),
    currency: chance.percent(3) ? TroubledPrograms.drawCurrency(chance) : paidIn,
    test: isTest,
    cancelledAt: chance.percent(8) ? at + chance.below(20) * 86_400_000 : null,
    paid: chance.percent(90),
    channel: "web",
    lines: lines.map((line) => ({
      ...line,
      currentQuantity: chance.percent(20) ? chance.below(line.quantity + 1) : line.quantity,
    })),
    codes: [first, ...some(chance, 12, code)].slice(chance.percent(25) ? 1 : 0).map((text) => ({
      code: text,
      discountMinor: chance.percent(60) ? TroubledPrograms.amount(chance, paidIn, 5) : 0n,
    })),
    attributes: some(chance, 15, () => ({ key: "ref", value: chance.pick(code(), " what you like ") })),
    visits: some(chance, 10, () => ({ at: at - chance.below(40) * 86_400_000, code: code(), source: null })),
    soft: some(chance, 20, () => deviceOf(chance.below(3))),
  })
  const refund = (number: number): Fact.RefundMade => ({
    _tag: "RefundMade",
    ...head(`shopify:refund/${index}-${number}`, 0, Fact.rank.api, at + chance.below(30) * 86_400_000),
    order,
    currency: paidIn,
    lines: lines.slice(0, chance.below(lines.length + 1)).map(({ amountMinor, line, quantity }) => {
      const back = chance.between(1, quantity)
      return { line, quantity: back, amountMinor: (amountMinor * BigInt(back)) / BigInt(quantity) }
    }),
    otherMinor: chance.percent(30) ? TroubledPrograms.amount(chance, paidIn, 10) : 0n,
  })
  return [
    ...many(chance.between(1, 3), () => told(chance.below(3))),
    ...many(chance.percent(45) ? chance.between(1, 2) : 0, refund),
  ]
}

export const dealFacts = (chance: Chance, index: number, currency: Currency): ReadonlyArray<Fact.Fact> => {
  const at = when(chance)
  return many(chance.between(1, 2), (version): Fact.DealChanged => ({
    _tag: "DealChanged",
    ...head(`hubspot:deal/${index}`, version, Fact.rank.api, at),
    deal: `hubspot:deal/${index}` as Handle,
    contacts: [Scenario.contactOf(chance.below(personCount))],
    companies: [],
    currency,
    amountMinor: TroubledPrograms.amount(chance, currency, 900),
    outcome: chance.pick("won", "won", "lost"),
    closedAt: at + chance.below(20) * 86_400_000,
    code: chance.percent(80) ? codeOf(chance.below(personCount)) : null,
  }))
}

/** What was decided elsewhere about credits of this history: handed over, withdrawn, reviewed. */
export const decisionFacts = (
  chance: Chance,
  cause: string,
  { first, second }: TroubledPrograms.Programs,
): ReadonlyArray<Fact.Fact> => {
  const role = chance.percent(80) ? "advocate" : "friend"
  const credit = Credit.keyOf({ program: TroubledPrograms.name, rule: TroubledPrograms.rule, cause, role })
  const terms = chance.pick(first, second)
  const beneficiary = anybody(chance)
  const commitments = many(chance.percent(25) ? chance.between(1, 2) : 0, (index): Fact.RewardCommitted => ({
    _tag: "RewardCommitted",
    ...head(`advocacy:commitment/reward|${credit}|${index + 1}`, 0, Fact.rank.own, when(chance)),
    credit,
    ordinal: index + 1,
    beneficiary,
    unit: chance.percent(95) ? terms.currency : "USD",
    amountMinor: TroubledPrograms.amount(chance, terms.currency, 20),
    terms: chance.percent(90) ? terms.hash : "0".repeat(64),
  }))
  return [
    ...commitments,
    // The same handing-over told by somebody else, earlier or later and not quite the same.
    ...commitments.flatMap((one) =>
      some(chance, 10, () => ({
        ...one,
        ...head(`file:${one.key}`, 0, Fact.rank.file, when(chance)),
        beneficiary: anybody(chance),
      })),
    ),
    ...commitments.flatMap(({ ordinal }) =>
      some(chance, 20, (): Fact.CommitmentWithdrawn => ({
        _tag: "CommitmentWithdrawn",
        ...head(`advocacy:withdrawal/reward|${credit}|${ordinal}`, 0, Fact.rank.own, when(chance)),
        credit,
        ordinal,
      })),
    ),
    ...many(chance.percent(20) ? chance.between(1, 2) : 0, (index): Fact.ReviewDecided => ({
      _tag: "ReviewDecided",
      ...head(`advocacy:review/${cause}/${index}`, 0, Fact.rank.own, when(chance)),
      credit: Credit.keyOf({ program: TroubledPrograms.name, rule: TroubledPrograms.rule, cause, role: "advocate" }),
      verdict: chance.percent(70) ? "release" : "reject",
      beneficiary: chance.percent(50) ? anybody(chance) : null,
      by: "somebody",
      reason: "looked at it",
    })),
  ]
}

export const draw = (chance: Chance): TroubledHistory => {
  const programs = TroubledPrograms.draw(chance)
  const orders = chance.between(3, 9)
  const deals = chance.below(2)
  const facts = [
    Program.publication(programs.first, Scenario.at({ day: chance.percent(80) ? -10 : 20 })),
    ...some(chance, 70, () => Program.publication(programs.second, Scenario.at({ day: chance.between(20, lastDay) }))),
    ...many(personCount, (index) => personFacts(chance, index)).flat(),
    ...many(personCount, (index) => evidenceFacts(chance, index)).flat(),
    ...many(orders, (index) => orderFacts(chance, index, programs.first.currency)).flat(),
    ...many(deals, (index) => dealFacts(chance, index, programs.first.currency)).flat(),
    ...many(orders, (index) => decisionFacts(chance, Scenario.orderOf(index), programs)).flat(),
    ...many(deals, (index) => decisionFacts(chance, `hubspot:deal/${index}`, programs)).flat(),
    // Something handed over for an order that nobody ever told of.
    ...some(chance, 10, () => decisionFacts(chance, Scenario.orderOf(orders), programs)).flat(),
  ]
  const versions = [programs.first, programs.second]
  return { facts, programs, versions, asOf: Scenario.at({ day: chance.between(40, 90) }) }
}
