/**
 * The limits that a decision touches, and whether each has room.
 *
 * A limit is a name in the tally: rule, what it counts, who it is for, and the period that the conversion falls in. What a
 * person or company is called there is their name as at the evaluation, so that a merge counts both.
 */
import { failed, passed, type Trial } from "../because/Because.ts"
import { periodOf } from "../id/Instant.ts"
import type { Currency } from "../money/Currency.ts"
import { format, fromDecimal, make as money } from "../money/Money.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { Limit } from "../referral/Limit.ts"
import type { Handle } from "../id/Handle.ts"
import type { History } from "./History.ts"
import type { Program } from "./Program.ts"
import type { Take, Tally } from "../ledger/Tally.ts"

interface Slot extends Take {
  readonly isBudget: boolean
  readonly most: bigint
  readonly label: string
  readonly show: (amount: bigint) => string
}

/** Who a limit is for: each company of the advocate, the advocate, or nobody in particular. */
const holdersOf = (history: History, limit: Limit, beneficiary: Handle): ReadonlyArray<string> => {
  if (limit.per === "program") return ["program"]
  const person = history.people.personOf(beneficiary)
  if (limit.per === "advocate") return [person]
  const companies = [...history.companies.of(person)].sort()
  return companies.length === 0 ? [person] : companies
}

export interface Touching {
  readonly program: Program
  readonly mechanic: { readonly rule: string; readonly limits: ReadonlyArray<Limit> }
  readonly conversion: Conversion
  readonly beneficiary: Handle
  /** What granting it costs in the program's currency. */
  readonly costMinor: bigint
}

const budget = (amount: string, currency: Currency): bigint => fromDecimal(amount, currency).amountMinor

/** How a limit's names begin: what is counted and how, without for whom and when. */
const kindOf = (rule: string, limit: Limit, currency: Currency): string =>
  ["limit", rule, "count" in limit ? "count" : currency, limit.per, limit.period, ""].join("|")

const mostOf = (limit: Limit, currency: Currency): bigint =>
  "count" in limit ? BigInt(limit.count) : budget(limit.amount, currency)

/** The lowest limit that any of these versions has under a name; null for what none limits, such as tiers. */
export const lowestLimits = (programs: ReadonlyArray<Program>): ((name: string) => bigint | null) => {
  const lowest = new Map<string, bigint>()
  for (const { currency, definition } of programs)
    for (const mechanic of definition.mechanics)
      for (const limit of mechanic.kind === "tiers" ? [] : mechanic.limits) {
        const [kind, most] = [kindOf(mechanic.rule, limit, currency), mostOf(limit, currency)]
        const known = lowest.get(kind)
        if (known === undefined || most < known) lowest.set(kind, most)
      }
  return (name) => [...lowest].find(([kind]) => name.startsWith(kind))?.[1] ?? null
}

/**
 * Every slot that granting takes, in the order of the limits. Its name says what is counted, for whom and when, and not where the
 * limit stands in the program: versions that have the same limit, whatever its height, count together, and units never add.
 */
const slotsOf = (history: History, touching: Touching): ReadonlyArray<Slot> => {
  const { conversion, costMinor, mechanic, program } = touching
  return mechanic.limits.flatMap((limit) => {
    const period = periodOf(conversion.at, limit.period, program.definition.timeZone)
    const kind = kindOf(mechanic.rule, limit, program.currency)
    const most = mostOf(limit, program.currency)
    const [amount, show] =
      "count" in limit ? [1n, String] : [costMinor, (minor: bigint) => format(money(program.currency, minor))]
    return holdersOf(history, limit, touching.beneficiary).map((holder) => ({
      name: `${kind}${holder}|${period}`,
      amount,
      isBudget: "amount" in limit,
      most,
      label: `${show(most)} per ${limit.period}${limit.per === "advocate" ? "" : ` and ${limit.per}`} (${period})`,
      show,
    }))
  })
}

/** Two limits of one kind are one count. */
const takes = (slots: ReadonlyArray<Slot>): ReadonlyArray<Take> =>
  [...new Map(slots.map(({ amount, name }) => [name, amount]))].map(([name, amount]) => ({ name, amount }))

export const takesOf = (history: History, touching: Touching): ReadonlyArray<Take> => takes(slotsOf(history, touching))

/** What a conversion costs whatever becomes of the referral: it fills budgets, and takes no slot that is counted. */
export const costsOf = (history: History, touching: Touching): ReadonlyArray<Take> =>
  takes(slotsOf(history, touching).filter(({ isBudget }) => isBudget))

export interface Room {
  /** Every slot has room for it. */
  readonly isGranted: boolean
  readonly trials: ReadonlyArray<Trial>
  readonly takes: ReadonlyArray<Take>
}

/** Whom what others had reserved left no room asks under this name too, so that they are found when more is reserved. */
export const lateName = (name: string): string => `late|${name}`

/**
 * Whether each limit has room for it, as seen from its place. What costs nothing needs no room. Where something is full by what
 * comes before, nothing is said of what was reserved later, which goes on changing.
 */
export const roomFor = (history: History, tally: Tally, touching: Touching): Room => {
  const place = placeOf(touching.conversion)
  const slots = slotsOf(history, touching)
  const seen = slots.map((slot) => ({ slot, ...tally.seenFrom(place, slot.name) }))
  const isFullBy = (used: bigint, { amount, most }: Slot): boolean => amount > 0n && used + amount > most
  const isFullBefore = seen.some(({ before, slot }) => isFullBy(before, slot))
  const isFullLater = !isFullBefore && seen.some(({ slot, taken }) => isFullBy(taken, slot))
  if (isFullLater) for (const { name } of slots) tally.seenFrom(place, lateName(name))
  const trials = seen.map(({ before, slot, taken }) => {
    const saw = { limit: slot.label, before: slot.show(before), asks: slot.show(slot.amount) }
    if (isFullBy(before, slot)) return failed("limit", saw)
    return isFullLater && isFullBy(taken, slot)
      ? failed("limit", { ...saw, filledBy: "what was handed over later" })
      : passed("limit", saw)
  })
  return isFullBefore || isFullLater
    ? { isGranted: false, trials, takes: [] }
    : { isGranted: true, trials, takes: takes(slots) }
}

export const placeOf = ({ at, cause }: Conversion) => ({ at, cause })
