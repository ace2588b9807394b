/**
 * The report for a person at a terminal.
 */
import * as Amount from "../Amount.ts"
import * as MetricText from "../MetricText.ts"
import * as Terminal from "../Terminal.ts"
import type { Report } from "./Report.ts"

export const render = (terminal: Terminal.Terminal, report: Report): string => {
  const number = { align: "right" } as const
  const table = (titles: ReadonlyArray<Terminal.Column>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
    rows.length === 0 ? "  none" : Terminal.table(terminal, titles, rows)
  return [
    Terminal.heading(terminal, `${report.program} as of ${report.asOf}`),
    `  ${Terminal.count(report.people.all)} people (${Terminal.count(report.people.withSeveralRecords)} of them with several records), ${Terminal.count(report.people.buyers)} of them buyers, ${Terminal.count(report.people.enrolled)} enrolled`,
    Terminal.heading(terminal, "Credits"),
    table(
      [
        { title: "role" },
        { title: "outcome" },
        { title: "reason" },
        { title: "review" },
        { title: "count", ...number },
        { title: "worth", ...number },
      ],
      report.credits.map((one) => [
        one.role,
        one.outcome,
        one.reason ?? "-",
        one.review,
        Terminal.count(one.count),
        Amount.format(one.unit, one.amountMinor),
      ]),
    ),
    Terminal.heading(terminal, "Balances"),
    table(
      [{ title: "maturity" }, { title: "accounts", ...number }, { title: "sum", ...number }],
      report.balances.map((one) => [
        one.maturity,
        Terminal.count(one.accounts),
        Amount.format(one.unit, one.amountMinor),
      ]),
    ),
    Terminal.heading(terminal, "Outbox"),
    table(
      [{ title: "effect" }, { title: "state" }, { title: "count", ...number }],
      report.effects.map((one) => [one.effect, one.state, Terminal.count(one.count)]),
    ),
    Terminal.heading(terminal, "Metrics"),
    MetricText.table(
      terminal,
      "metric",
      report.metrics.map((reading) => ({ label: reading.name, reading })),
      report.currency,
    ),
    Terminal.heading(terminal, "Messages"),
    `  ${Terminal.count(report.inbox.open)} waiting, ${Terminal.count(report.inbox.done)} done, ${Terminal.count(report.inbox.parked)} parked`,
    ...report.parked.slice(0, 20).map(({ eventKey, reason, source }) => `  ${source} ${eventKey}: ${reason}`),
  ].join("\n")
}
