/**
 * What is owed now, what lies where, and how that went over the last months.
 */
import { exponentOf, isCurrency, make as currencyOf } from "@advocacy-kit/core/money/Currency"
import type { LiabilityPoint } from "@advocacy-kit/core/program/LiabilityCurve"
import { columns } from "../chart/Columns.ts"
import { figure, missing } from "../Figure.ts"
import { html, type Html } from "../Html.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const meanings: Readonly<Record<string, string>> = {
  granted: "what the program has given, in all",
  pending: "granted, and waiting until the hold is over",
  available: "due, and not handed over yet",
  settled: "handed over",
  debt: "handed over beyond what it is worth now",
  repaid: "debts that later earnings have paid",
  expired: "not taken in time",
  transferred: "given to somebody else",
  forfeited: "given up with an erasure",
}

const part = ({ sums }: LiabilityPoint, maturity: string): bigint => sums[maturity] ?? 0n

const curve = ({ liability, report }: PageModel): Html => {
  const title = "Owed at the end of each month"
  const unit = report.currency ?? ""
  const points = liability.filter((one) => one.unit === unit)
  const last = points.at(-1)
  if (last === undefined || !isCurrency(unit))
    return missing("liability", title, "Nothing was granted in the program's currency yet, so nothing is owed.")
  const scale = 10 ** exponentOf(currencyOf(unit))
  const major = (amountMinor: bigint): number => Number(amountMinor) / scale
  return figure({
    id: "liability",
    title,
    says: `Now ${Said.amount(unit, part(last, "pending") + part(last, "available"))} are owed: ${Said.amount(unit, part(last, "pending"))} pending and ${Said.amount(unit, part(last, "available"))} available.`,
    legend: [
      { says: "Pending: the hold is not over", tone: "a", shape: "bar" },
      { says: "Available: due, not handed over", tone: "b", shape: "bar", isHatched: true },
    ],
    draw: (frame) =>
      columns(frame, {
        columns: points.map((point) => ({
          name: Said.month(point.month),
          parts: [
            { value: major(part(point, "pending")), tone: "a" },
            { value: major(part(point, "available")), tone: "b" },
          ],
        })),
        xTitle: "End of month",
        yTitle: `Owed, ${unit}`,
        format: (tick) => Said.count(tick),
      }),
    table: table({
      name: title,
      columns: [
        text("Month"),
        number("Pending"),
        number("Available"),
        number("Handed over so far"),
        number("Owed to the program"),
      ],
      rows: points.map((point) => [
        Said.month(point.month),
        ...["pending", "available", "settled", "debt"].map((maturity) => Said.amount(unit, part(point, maturity))),
      ]),
    }),
    notes: [
      "Each month is what the rules say of what had happened by its end; the last one ends with the report. What was handed over in advance of its hold counts as handed over.",
    ],
  })
}

export const balancesSection = (model: PageModel): Section =>
  section(
    "balances",
    "What is owed",
    html`${curve(model)}${table({
        name: "Balances by maturity",
        columns: [text("Maturity"), text("What it means"), number("Accounts"), number("Sum")],
        rows: model.report.balances.map(({ accounts, amountMinor, maturity, unit }) => [
          Said.title(maturity),
          meanings[maturity] ?? "",
          Said.count(accounts),
          Said.amount(unit, amountMinor),
        ]),
        none: "nothing was posted yet",
      })}
      <p class="note">Double entry: the sums of a unit come to zero together.</p>`,
  )
