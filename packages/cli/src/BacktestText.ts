/**
 * A backtest for a person at a terminal, and as data for a program.
 */
import { toIso } from "@advocacy-kit/core/id/Instant"
import type { Side } from "@advocacy-kit/core/flow/Backtesting"
import * as Sections from "./BacktestSections.ts"
import type { Report } from "./commands/backtest.ts"
import * as ComparisonText from "./ComparisonText.ts"
import * as ProgramFile from "./ProgramFile.ts"
import { count, heading, table, type Terminal } from "./Terminal.ts"

const section = (terminal: Terminal, one: Sections.Section): string =>
  [
    heading(terminal, one.title),
    ...one.lines.map((line) => `  ${line}`),
    ...(one.rows.length === 0 ? [] : [table(terminal, one.columns, one.rows)]),
  ].join("\n")

const title = (report: Report): string => {
  const { against, candidate } = report
  const beside = against === null ? "" : ` beside ${ProgramFile.short(against.program)}`
  return `Backtest of ${candidate.program.name} ${ProgramFile.short(candidate.program)}${beside}`
}

/** Here a person is told by the handle, which `explain` takes. */
const itself: Sections.NameOf = (beneficiary) => beneficiary

/** The whole report. */
export const render = (report: Report, terminal: Terminal): string => {
  const { changes, evidence, scenario } = report
  const scenarioSection = Sections.scenarioOf(report)
  const replayed =
    scenario === null
      ? [
          Sections.money(report),
          ...(report.comparison === null ? [] : [Sections.classesOf(report), Sections.affected(report, 5, itself)]),
          Sections.earners(report, 10, itself),
          Sections.reasons(report),
          Sections.curve(report),
          ...Sections.sensitivity(report),
        ]
      : []
  return [
    heading(terminal, title(report)),
    `  ${terminal.style("bold", Sections.headline(report))}`,
    `  ${count(evidence.conversions)} conversions since ${toIso(report.from)}, ${count(evidence.withEvidence)} with referral evidence, ${count(evidence.codes)} codes issued; as of ${toIso(report.asOf)}`,
    ...(changes.length === 0
      ? []
      : [heading(terminal, "What changes"), ...changes.map((change) => `  ${change.text}`)]),
    ...[...(scenarioSection === null ? [] : [scenarioSection]), ...replayed].map((one) => section(terminal, one)),
    heading(terminal, "Before you believe it"),
    ...report.caveats.map((caveat) => `  - ${caveat}`),
    `  - ${Sections.engineLine(report)}`,
  ].join("\n")
}

const sideView = ({ curve, outcomes, program }: Side) => ({ hash: program.hash, outcomes, curve })

/** For `--json`. */
export const view = (report: Report) => ({
  program: report.candidate.program.name,
  headline: Sections.headline(report),
  basis: report.basis,
  asOf: toIso(report.asOf),
  since: report.since === null ? null : toIso(report.since),
  from: toIso(report.from),
  facts: report.facts,
  evidence: report.evidence,
  leftOut: report.leftOut,
  changes: report.changes,
  candidate: sideView(report.candidate),
  against: report.against === null ? null : sideView(report.against),
  comparison: report.comparison === null ? null : ComparisonText.view(report.comparison),
  sensitivity: report.sensitivity,
  scenario: report.scenario,
  caveats: report.caveats,
  engine: report.engine,
})
