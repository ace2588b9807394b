/**
 * The advocates who brought most, with what they were granted for it; others are only counted.
 */
import type { Instant } from "@advocacy-kit/core/id/Instant"
import * as UnitSum from "@advocacy-kit/core/ledger/UnitSum"
import type { Study } from "@advocacy-kit/core/metric/Study"
import { principalHandle, type People } from "@advocacy-kit/core/person/People"
import type { Forest } from "./Forest.ts"

const shown = 20

export interface AdvocateRow {
  readonly record: string
  readonly since: Instant | null
  /** Credited purchases; held ones; refused ones. */
  readonly credited: number
  readonly held: number
  readonly refused: number
  /** Customers below them, at any distance. */
  readonly cascade: number
  readonly earned: ReadonlyArray<UnitSum.UnitSum>
}

export interface AdvocateRows {
  /** Everybody of whom a referral was credited. */
  readonly bringing: number
  readonly rows: ReadonlyArray<AdvocateRow>
}

export const make = (study: Study, people: People, { members }: Forest): AdvocateRows => {
  const own = study.credits.filter(({ role }) => role === "advocate")
  const rows = [...Map.groupBy(own, ({ person }) => person)]
    .map(([person, credits]) => {
      const having = (outcome: string) => credits.filter((credit) => credit.outcome === outcome)
      return {
        record: principalHandle(people, person),
        since: study.advocates.get(person) ?? null,
        credited: having("credited").length,
        held: having("held").length,
        refused: having("refused").length,
        cascade: members.get(person)?.descendants ?? 0,
        earned: UnitSum.sum(having("credited")),
      }
    })
    .filter(({ credited }) => credited > 0)
    .sort((a, b) => b.credited - a.credited || b.cascade - a.cascade || (a.record < b.record ? -1 : 1))
  return { bringing: rows.length, rows: rows.slice(0, shown) }
}
