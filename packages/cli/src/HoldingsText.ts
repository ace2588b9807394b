/**
 * What a person has, as a text and as JSON: by unit and maturity, the lots with their expiry, debts.
 */
import { amountIn } from "@advocacy-kit/core/program/Draft"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { holdingsOf, type Holding } from "@advocacy-kit/core/program/Holdings"
import type { Evaluation } from "@advocacy-kit/core/program/Evaluation"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { heading, table, type Terminal } from "./Terminal.ts"

const iso = (at: number | null): string | null => (at === null ? null : toIso(at))

const entryOf = (holding: Holding) => ({
  unit: holding.unit,
  available: holding.availableMinor,
  pending: holding.pendingMinor,
  debt: holding.debtMinor,
  balances: holding.balances,
  lots: holding.lots.map(({ amountMinor, at, credit, expiresAt }) => ({
    credit,
    amount: amountMinor,
    since: toIso(at),
    expires: iso(expiresAt),
  })),
  waiting: holding.pending.map(({ amountMinor, at, credit, dueAt, review }) => ({
    credit,
    amount: amountMinor,
    since: toIso(at),
    due: iso(dueAt),
    review,
  })),
})

export interface Holdings {
  readonly person: Handle
  readonly handles: ReadonlyArray<Handle>
  readonly asOf: string
  readonly holdings: ReadonlyArray<ReturnType<typeof entryOf>>
}

/** For `--json`: amounts in minor units, or whole points. */
export const of = (evaluation: Evaluation, person: Handle): Holdings => {
  const { people } = evaluation.history
  return {
    person,
    handles: people.handlesOf(people.personOf(person)),
    asOf: toIso(evaluation.asOf),
    holdings: holdingsOf(evaluation, person).map(entryOf),
  }
}

const day = (time: string | null): string => time?.slice(0, 10) ?? "never"

const holdingText = (terminal: Terminal, one: Holdings["holdings"][number]): ReadonlyArray<string> => {
  const amount = (minor: bigint): string => amountIn(one.unit, minor)
  const others = Object.entries(one.balances)
    .filter(([maturity]) => !["available", "pending", "debt", "repaid"].includes(maturity))
    .map(([maturity, minor]) => `${amount(minor)} ${maturity}`)
  return [
    heading(terminal, one.unit),
    `  ${[
      `${amount(one.available)} available`,
      `${amount(one.pending)} pending`,
      ...(one.debt === 0n ? [] : [terminal.style("red", `${amount(one.debt)} owed`)]),
      ...others,
    ].join(", ")}`,
    ...(one.lots.length + one.waiting.length === 0
      ? []
      : [
          table(
            terminal,
            [{ title: "amount", align: "right" }, { title: "since" }, { title: "state" }, { title: "credit" }],
            [
              ...one.lots.map((lot) => [
                amount(lot.amount),
                day(lot.since),
                lot.expires === null ? "available" : `until ${day(lot.expires)}`,
                lot.credit,
              ]),
              ...one.waiting.map((lot) => [
                amount(lot.amount),
                day(lot.since),
                lot.review === "held" ? "held for a human" : lot.due === null ? "waits" : `from ${day(lot.due)}`,
                lot.credit,
              ]),
            ],
          ),
        ]),
  ]
}

export const text = (terminal: Terminal, { asOf, holdings, person }: Holdings): string =>
  [
    heading(terminal, `What ${person} has as of ${asOf}`),
    ...(holdings.length === 0 ? ["  nothing"] : holdings.flatMap((one) => holdingText(terminal, one))),
  ].join("\n")
