/**
 * The reference model, part 8: limits and budgets, as one count over purchases. See docs/crediting.md, "Limits".
 */
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { periodOf, type Instant } from "@advocacy-kit/core/id/Instant"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import type { Program } from "@advocacy-kit/core/program/Program"
import { companiesOf, personOf, type ModelHistory } from "./ModelHistory.ts"
import type { Crediting } from "./ModelReferral.ts"

/** What one grant takes of the limits of its own version: a place, and money. */
export interface Taking {
  readonly program: Program
  readonly mechanic: Crediting
  readonly at: Instant
  readonly advocate: Handle
  readonly places: bigint
  readonly costMinor: bigint
}

/** Names of what a taking counts in: by what is counted, whose it is, and the period. Two versions may share one. */
const namesOf = (history: ModelHistory, { advocate, at, mechanic, program }: Taking) =>
  mechanic.limits.flatMap((limit) => {
    const person = personOf(history, advocate)
    const companies = companiesOf(history, advocate)
    const whose =
      limit.per === "program" ? [""] : limit.per === "company" && companies.length > 0 ? companies : [person]
    const isCount = "count" in limit
    return whose.map((one) => ({
      name: [
        mechanic.rule,
        isCount ? "count" : program.currency,
        limit.per,
        one,
        limit.period,
        periodOf(at, limit.period, program.definition.timeZone),
      ].join(" "),
      isCount,
      most: isCount ? BigInt(limit.count) : fromDecimal(limit.amount, program.currency).amountMinor,
    }))
  })

/** Whether every limit has room for all that is wanted. */
export const hasRoom = (history: ModelHistory, taken: ReadonlyArray<Taking>, wanted: Taking): boolean =>
  namesOf(history, wanted).every(({ isCount, most, name }) => {
    const amountOf = (one: Taking) => (isCount ? one.places : one.costMinor)
    const before = taken.filter((one) => namesOf(history, one).some((other) => other.name === name))
    const total = before.reduce((sum, one) => sum + amountOf(one), 0n) + amountOf(wanted)
    return amountOf(wanted) === 0n || total <= most
  })
