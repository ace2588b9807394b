/**
 * What people and the kit do with what somebody has: redeem, transfer, adjust, hand over, decide, announce.
 *
 * Promises: most of it takes what the reference model says is there at the time, as the kit's own commands would; some of it takes
 * what is not, as facts told late or by somebody else do. Once a share was handed over a link of before the purchase is often heard
 * of. Each dealing sees the dealings before it.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { days, type Instant } from "@advocacy-kit/core/id/Instant"
import type { Share } from "@advocacy-kit/core/money/Share"
import type { Program } from "@advocacy-kit/core/program/Program"
import * as Model from "../model/Model.ts"
import { partsOf } from "../model/ModelCommitment.ts"
import type { Sheet } from "../model/ModelBalances.ts"
import type { Erasures } from "../model/ModelErasure.ts"
import type { Chance } from "./Chance.ts"
import { anybody, codeOf, head, personCount, some } from "./TroubledHistory.ts"

/** Takes up to `wanted` of lots, the first first. */
const take = (lots: ReadonlyArray<Fact.Lot>, wanted: bigint): ReadonlyArray<Fact.Lot> => {
  const taken: Array<Fact.Lot> = []
  let left = wanted
  for (const lot of lots) {
    const amountMinor = lot.amountMinor < left ? lot.amountMinor : left
    if (amountMinor > 0n) taken.push({ ...lot, amountMinor })
    left -= amountMinor
  }
  return taken
}

const total = (lots: ReadonlyArray<Fact.Lot>): bigint => lots.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)

interface Setting {
  readonly chance: Chance
  readonly program: Program
  readonly answer: Model.Answer
  readonly at: Instant
  readonly number: number
}

/** Whom a command is for, in which unit, and what it takes: what is there, or something that may not be. */
const lotsFor = ({ answer, chance, program }: Setting) => {
  const points = `points:${program.name}`
  const unit = chance.percent(88) ? points : chance.pick<string>(program.currency, "USD")
  const holders = answer.sheets
    .map(({ credit }) => credit)
    .filter((credit) => Model.available(answer, credit.beneficiary, unit).length > 0)
  const [holder] = chance.shuffled(holders)
  const person = holder === undefined || chance.percent(10) ? anybody(chance) : holder.beneficiary
  const open = Model.available(answer, person, unit)
  const wanted = (total(open) * BigInt(chance.pick(100, 100, chance.between(1, 99)))) / 100n
  const [odd] = chance.shuffled(answer.sheets.map(({ credit }) => credit))
  const strange = some(chance, 12, () => ({
    credit: odd === undefined || chance.percent(20) ? `${program.name}|points|shopify:order/77|member|` : odd.key,
    beneficiary: odd === undefined || chance.percent(30) ? anybody(chance) : odd.beneficiary,
    amountMinor: BigInt(chance.between(1, 40)),
    terms: chance.percent(80) ? (odd?.terms ?? program.hash) : "0".repeat(64),
  }))
  return { person, unit, lots: [...take(open, wanted), ...strange] }
}

const redeemed = (setting: Setting): ReadonlyArray<Fact.Fact> => {
  const { at, chance, number, program } = setting
  const { lots, person, unit } = lotsFor(setting)
  return lots.length === 0
    ? []
    : [
        {
          _tag: "ValueRedeemed",
          ...head(`advocacy:redeem/${number}`, 0, Fact.rank.own, at),
          program: program.name,
          person,
          unit,
          lots,
          gives: chance.percent(70) ? { unit: program.currency, amountMinor: total(lots) * 3n } : null,
          label: "something",
        },
      ]
}

const transferred = (setting: Setting): ReadonlyArray<Fact.Fact> => {
  const { at, chance, number, program } = setting
  const { lots, person, unit } = lotsFor(setting)
  return lots.length === 0
    ? []
    : [
        {
          _tag: "ValueTransferred",
          ...head(`advocacy:transfer/${number}`, 0, Fact.rank.own, at),
          program: program.name,
          from: person,
          to: anybody(chance),
          unit,
          lots,
          by: "somebody",
          reason: "asked for it",
        },
      ]
}

const adjusted = (setting: Setting): ReadonlyArray<Fact.Fact> => {
  const { at, chance, number, program } = setting
  const { lots, person, unit } = lotsFor(setting)
  const isGift = lots.length === 0 || chance.percent(50)
  return [
    {
      _tag: "ValueAdjusted",
      ...head(`advocacy:adjust/${number}`, 0, Fact.rank.own, at),
      program: program.name,
      person,
      unit,
      amountMinor: isGift ? BigInt(chance.between(1, 80)) : -total(lots),
      lots: isGift ? [] : lots,
      by: "somebody",
      reason: "put right",
    },
  ]
}

/** Some was recorded before shares were, some says another share than it has. */
const shareTold = (chance: Chance, share: Share | undefined): { readonly share?: Share } => {
  if (share === undefined || chance.percent(15)) return {}
  const of = share.of + chance.below(2)
  return { share: chance.percent(85) ? share : { ...share, of, index: chance.below(of) } }
}

/** A link that the buyer followed shortly before a purchase. */
const heardOf = (
  { answer, chance }: Setting,
  credit: { readonly key: string; readonly at: Instant },
  number: string,
): ReadonlyArray<Fact.Fact> => {
  const cause = answer.history.facts.find(({ key }) => key === partsOf(credit.key)?.cause)
  const buyer = cause?._tag === "OrderPlaced" ? (cause.customer ?? cause.email) : null
  return buyer === null
    ? []
    : [
        {
          _tag: "LinkVisited",
          ...head(`advocacy:late/${number}`, 0, Fact.rank.own, credit.at - chance.below(days(3))),
          code: codeOf(chance.below(personCount)),
          visitor: buyer,
        },
      ]
}

/** Hands over what is available of a credit in money, sometimes in vain; shares before others. */
const handedOver = (setting: Setting): ReadonlyArray<Fact.Fact> => {
  const { answer, at, chance, number } = setting
  const open = answer.sheets.flatMap(({ credit, legs }) =>
    credit.unit.startsWith("points:")
      ? []
      : legs
          .filter(({ account }) => account === `${credit.beneficiary}#available`)
          .map(({ amountMinor }) => ({ credit, amountMinor })),
  )
  return chance
    .shuffled(open)
    .toSorted((left, right) => Number(right.credit.share !== undefined) - Number(left.credit.share !== undefined))
    .slice(0, chance.between(1, 2))
    .flatMap(({ amountMinor, credit }, index) => {
      const ordinal = 1 + answer.history.committed.filter((one) => one.credit === credit.key).length
      const { beneficiary, key, share, terms, unit } = credit
      return [
        {
          _tag: "RewardCommitted" as const,
          ...head(`advocacy:commitment/${number}-${index}`, 0, Fact.rank.own, at),
          credit: key,
          ordinal,
          beneficiary,
          unit,
          amountMinor,
          terms,
          ...shareTold(chance, share),
        },
        ...(share !== undefined && chance.percent(70) ? heardOf(setting, credit, `${number}-${index}`) : []),
        ...some(chance, 12, () => ({
          _tag: "CommitmentWithdrawn" as const,
          ...head(`advocacy:withdrawal/${number}-${index}`, 0, Fact.rank.own, at + days(chance.below(5))),
          credit: key,
          ordinal,
        })),
      ]
    })
}

const decided = ({ answer, at, chance, number }: Setting): ReadonlyArray<Fact.Fact> => {
  const isHeld = ({ credit: { review } }: Sheet) => review === "held"
  const [one] = chance.shuffled(answer.sheets.filter((sheet) => isHeld(sheet) || chance.percent(10)))
  return one === undefined
    ? []
    : [
        {
          _tag: "ReviewDecided",
          ...head(`advocacy:review/${number}`, 0, Fact.rank.own, at),
          credit: one.credit.key,
          verdict: chance.percent(75) ? "release" : "reject",
          beneficiary: chance.percent(40) ? anybody(chance) : null,
          by: "somebody",
          reason: "looked at it",
        },
      ]
}

const announced = ({ answer, at, chance, number, program }: Setting): ReadonlyArray<Fact.Fact> => {
  const [reached] = chance.shuffled(
    answer.sheets.filter(({ credit }) => credit.isTier && credit.outcome === "credited"),
  )
  const told = (person: Handle, rule: string, until: Instant | null, terms: string): Fact.TierAnnounced => ({
    _tag: "TierAnnounced",
    ...head(`advocacy:tier/${number}`, 0, Fact.rank.own, at),
    program: program.name,
    rule,
    person,
    tier: chance.pick("silver", "gold"),
    until,
    terms,
  })
  if (reached !== undefined) {
    const { beneficiary, expiresAt, key, terms } = reached.credit
    return [told(beneficiary, key.split("|")[1] ?? "tiers", expiresAt, terms)]
  }
  return some(chance, 30, () => told(anybody(chance), "tiers", at + days(chance.between(1, 60)), program.hash))
}

/** Dealings one after the other, each on top of `facts` and those before it; who was erased by then is. */
export const draw = ({
  chance,
  erasures,
  facts,
  moments,
  versions,
}: {
  readonly chance: Chance
  readonly facts: ReadonlyArray<Fact.Fact>
  readonly erasures: Erasures
  readonly versions: readonly [Program, ...ReadonlyArray<Program>]
  readonly moments: ReadonlyArray<Instant>
}): ReadonlyArray<Fact.Fact> => {
  const dealt: Array<Fact.Fact> = []
  for (const [number, at] of [...moments].sort((left, right) => left - right).entries()) {
    const program = chance.pick(...versions)
    const requests = erasures.requests.filter((request) => request.at <= at)
    const answer = Model.answer([...facts, ...dealt], program.name, at, { ...erasures, requests })
    const deal = chance.pick(redeemed, redeemed, transferred, adjusted, handedOver, handedOver, decided, announced)
    dealt.push(...deal({ chance, program, answer, at, number }))
  }
  return dealt
}
