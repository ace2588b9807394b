/**
 * What is known of a person as a text: handles and why they are one, standing, score, purchases, credits, balances.
 *
 * Long lists are cut after twenty lines with a word on how many more there are; `--json` holds them all.
 */
import type { CreditLine, PersonExplained } from "@advocacy-kit/core/flow/ExplainingPerson"
import { toIso } from "@advocacy-kit/core/id/Instant"
import * as Amount from "./Amount.ts"
import { identity, type Personal } from "./ExplainText.ts"
import { count, heading, type Terminal } from "./Terminal.ts"

const linesMax = 20

const listed = (lines: ReadonlyArray<string>, nothing: string): ReadonlyArray<string> =>
  lines.length === 0
    ? [`  ${nothing}`]
    : [
        ...lines.slice(0, linesMax).map((line) => `  ${line}`),
        ...(lines.length > linesMax ? [`  and ${count(lines.length - linesMax)} more (see --json)`] : []),
      ]

const credit = (line: CreditLine): string =>
  `${toIso(line.at)}  ${line.outcome}${line.reason === null ? "" : ` (${line.reason})`}${line.review === "held" && line.outcome !== "held" ? ", held for a human" : ""}  ${Amount.format(line.unit, line.amountMinor)}  ${line.key}`

const standing = ({ answers, codes, enrolments, score }: PersonExplained): ReadonlyArray<string> => [
  ...listed(
    enrolments.map((one) => `enrolled ${toIso(one.occurredAt)}, ${one.via}`),
    "not enrolled",
  ),
  ...codes.map(
    (one) =>
      `  code ${one.code}, issued ${toIso(one.occurredAt)} to ${one.owner} (${one.key.startsWith("advocacy:") ? "by us" : "taken over"})`,
  ),
  ...answers.map((one) => `  ${one.survey} answer ${one.score} on ${toIso(one.occurredAt)}, ${one.occasion}`),
  ...(score === null
    ? ["  not scored: no kept order, or `advocacy identify` has not run since"]
    : [
        `  score ${score.score} of 100 on ${toIso(score.occurredAt)}${score.eligible ? "" : `, may not be asked: ${score.inputs.barrier ?? "see the inputs"}`}`,
        `    ${Object.entries(score.inputs)
          .map(([name, value]) => `${name} ${value}`)
          .join(", ")}`,
      ]),
]

const day = (at: number | null): string => (at === null ? "never" : toIso(at).slice(0, 10))

/** What is available, pending and owed, and each lot with its expiry. */
const holdings = ({ holdings: all }: PersonExplained): ReadonlyArray<string> =>
  all.flatMap(({ availableMinor, debtMinor, lots, pending, pendingMinor, unit }) => [
    `${Amount.format(unit, availableMinor)} available, ${Amount.format(unit, pendingMinor)} pending${debtMinor === 0n ? "" : `, ${Amount.format(unit, debtMinor)} owed`}`,
    ...lots.map(
      (lot) =>
        `  ${Amount.format(unit, lot.amountMinor)} since ${day(lot.at)}, expires ${day(lot.expiresAt)}  ${lot.credit}`,
    ),
    ...pending.map(
      (lot) =>
        `  ${Amount.format(unit, lot.amountMinor)} since ${day(lot.at)}, ${lot.review === "held" ? "held for a human" : lot.dueAt === null ? "waits for payment" : `available ${day(lot.dueAt)}`}  ${lot.credit}`,
    ),
  ])

const debt = ({ at, key, owedMinor, paidBy, unit }: PersonExplained["debts"][number]): ReadonlyArray<string> => [
  `${Amount.format(unit, owedMinor)} owed since ${day(at)}  ${key}`,
  ...Object.entries(paidBy).map(([from, amount]) => `  ${amount} paid by ${from}`),
]

const tier = (held: PersonExplained["tiers"][number]): string =>
  `${held.tier} (${held.rule}) since ${day(held.since)}, ${held.until === null ? "for ever" : `until ${day(held.until)}`}${held.isAnnounced ? ", announced" : ""}`

const progress = (one: PersonExplained["progress"][number]): ReadonlyArray<string> => [
  `${one.rule}: ${one.total} ${one.counts} in ${one.period}, ${one.next === null ? "the highest is reached" : `${one.next.missing} missing to ${one.next.tier} (${one.next.atLeast})`}`,
  ...one.counted.map(({ adds, cause }) => `  ${adds} by ${cause}`),
  ...(one.others === 0 ? [] : [`  and ${count(one.others)} others`]),
]

export const person = (terminal: Terminal, personal: Personal, explained: PersonExplained): string =>
  [
    heading(terminal, "The person"),
    identity(personal, explained.identity),
    heading(terminal, "Records"),
    ...listed(
      explained.records.map(
        (record) =>
          `${record.key} since ${toIso(record.occurredAt)}, marketing ${record.marketing}${record.lifecycle === null ? "" : `, ${record.lifecycle}`}${record.companies.length === 0 ? "" : `, of ${record.companies.join(", ")}`}`,
      ),
      "no platform has a record of this person",
    ),
    heading(terminal, "Standing"),
    ...standing(explained),
    heading(terminal, "Purchases"),
    ...listed(
      explained.purchases.map(
        ({ at, cancelledAt, cause, currency, netMinor }) =>
          `${toIso(at)}  ${cause}  net ${Amount.format(currency, netMinor)}${cancelledAt === null ? "" : ", cancelled"}`,
      ),
      "none",
    ),
    heading(terminal, "Referrals brought"),
    ...listed(explained.asAdvocate.map(credit), "none"),
    heading(terminal, "Credits for their own purchases"),
    ...listed(
      explained.asFriend.map((line) => `${line.role}  ${credit(line)}`),
      "none",
    ),
    heading(terminal, "What they have"),
    ...listed(holdings(explained), "nothing"),
    ...(explained.debts.length === 0 ? [] : [heading(terminal, "Debts"), ...listed(explained.debts.flatMap(debt), "")]),
    heading(terminal, "Tiers"),
    ...listed([...explained.tiers.map(tier), ...explained.progress.flatMap(progress)], "the program has none"),
    heading(terminal, "Balances"),
    ...listed(
      explained.balances.map(({ account, amountMinor, unit }) => `${Amount.format(unit, amountMinor)}  ${account}`),
      "nothing",
    ),
  ].join("\n")
