/**
 * What differs between two sets of decisions, for a person and for a program: transitions, people, tiers, ledger accounts.
 */
import type { Comparison, CreditChange, PersonChange, TierChange } from "@advocacy-kit/core/program/Comparison"
import type { Open } from "@advocacy-kit/core/flow/Publishing"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { sideText } from "@advocacy-kit/core/flow/Shadowing"
import * as Amount from "./Amount.ts"
import { count, table, type Terminal } from "./Terminal.ts"

const right = { align: "right" as const }

const sideOf = (credit: CreditChange["before"]) =>
  credit === null
    ? null
    : {
        outcome: credit.outcome,
        reason: credit.reason,
        review: credit.review,
        beneficiary: credit.beneficiary,
        unit: credit.unit,
        amountMinor: credit.amountMinor,
        because: sideText(credit),
      }

/** For `--json`: without the whole trail of each credit, which `explain` gives. */
export const view = (comparison: Comparison) => ({
  ...comparison,
  changes: comparison.changes.map(({ after, at, before, cause, key }) => ({
    key,
    cause,
    at: toIso(at),
    before: sideOf(before),
    after: sideOf(after),
  })),
})

/** Credits by where they come from and go to. */
export const transitions = (terminal: Terminal, { transitions: all }: Comparison, most = 12): string =>
  [
    table(
      terminal,
      [{ title: "role" }, { title: "before" }, { title: "after" }, { title: "credits", ...right }, { title: "amount" }],
      all
        .slice(0, most)
        .map((one) => [one.role, one.before, one.after, count(one.count), Amount.formatDifference(one.difference)]),
    ),
    ...(all.length > most ? [`  and ${count(all.length - most)} more kinds`] : []),
  ].join("\n")

const personLine = ({ after, before, beneficiary, difference }: PersonChange): ReadonlyArray<string> => [
  beneficiary,
  Amount.formatSums(before),
  Amount.formatSums(after),
  Amount.formatDifference(difference),
]

/** Who gets more, and who less. */
export const people = (terminal: Terminal, { losers, winners }: Comparison, most = 5): ReadonlyArray<string> => {
  if (winners.length + losers.length === 0) return ["  nobody gets more or less"]
  const columns = [{ title: "beneficiary" }, { title: "before" }, { title: "after" }, { title: "difference" }]
  const side = (name: string, list: ReadonlyArray<PersonChange>): ReadonlyArray<string> =>
    list.length === 0
      ? [`  nobody gets ${name}`]
      : [
          `  ${count(list.length)} ${list.length === 1 ? "person gets" : "people get"} ${name}${list.length > most ? `, the first ${most}` : ""}:`,
          table(terminal, columns, list.slice(0, most).map(personLine)),
        ]
  return [...side("more", winners), ...side("less", losers)]
}

const tierName = (tier: string | null): string => tier ?? "no tier"

/** `gold to silver: 3 people`. */
export const tiers = (changes: ReadonlyArray<TierChange>): ReadonlyArray<string> =>
  [...Map.groupBy(changes, ({ after, before }) => `${tierName(before)} to ${tierName(after)}`)].map(
    ([move, of]) => `${move}: ${count(of.length)} ${of.length === 1 ? "person" : "people"}`,
  )

/** What stands open, before and after. */
export const open = (
  terminal: Terminal,
  { after, before }: { readonly before: Open; readonly after: Open },
): string => {
  const rows = [...new Set([...before, ...after].map(({ unit }) => unit))].flatMap((unit) => {
    const [old, now] = [before, after].map((side) => side.find((one) => one.unit === unit)?.sums ?? {})
    return [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])].map((maturity) => [
      maturity,
      Amount.format(unit, old?.[maturity] ?? 0n),
      Amount.format(unit, now?.[maturity] ?? 0n),
    ])
  })
  if (rows.length === 0) return "  nothing is owed"
  return table(terminal, [{ title: "ledger" }, { title: "before", ...right }, { title: "after", ...right }], rows)
}
