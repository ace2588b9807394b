/**
 * A backtest as a comment on a pull request: the headline, the money, what changes in words, who is affected; the rest folds away.
 *
 * The first line is a mark by which a workflow finds its own comment again. A comment stays far below what GitHub takes. Handles and
 * codes may say who somebody is and a repository may be read by many, so people are numbered; the command at a terminal names them.
 */
import { toIso } from "@advocacy-kit/core/id/Instant"
import * as Sections from "./BacktestSections.ts"
import type { Report } from "./commands/backtest.ts"
import * as ProgramFile from "./ProgramFile.ts"
import { count } from "./Terminal.ts"

/** Finds the comment again; one per program. */
export const markOf = (program: string): string => `<!-- advocacy-backtest ${program} -->`

/** A cell may hold anything that a shop or a definition held; a line of it stays one cell of plain text. */
const plain = (text: string): string =>
  text.replaceAll(/[\r\n]+/g, " ").replaceAll(/[\\`*_[\]<>|@#]/g, (sign) => (sign === "@" ? "&#64;" : `\\${sign}`))

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const table = ({ columns, rows }: Sections.Section): ReadonlyArray<string> => {
  const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`
  return rows.length === 0
    ? []
    : [
        row(columns.map(({ title }) => plain(title))),
        row(columns.map(({ align }) => (align === "right" ? "--:" : ":--"))),
        ...rows.map((cells) => row(cells.map(plain))),
      ]
}

const body = (section: Sections.Section): ReadonlyArray<string> => {
  const lines = section.lines.map((line) => `${capital(plain(line))}.`)
  const rows = table(section)
  return [...lines, ...(lines.length > 0 && rows.length > 0 ? [""] : []), ...rows]
}

const open = (section: Sections.Section): ReadonlyArray<string> => [
  "",
  `#### ${plain(section.title)}`,
  "",
  ...body(section),
]

const folded = (title: string, sections: ReadonlyArray<Sections.Section>): ReadonlyArray<string> => {
  const some = sections.filter(({ lines, rows }) => lines.length + rows.length > 0)
  if (some.length === 0) return []
  const inside = some.length === 1 ? some.flatMap(body) : some.flatMap(open)
  return ["", "<details>", `<summary>${title}</summary>`, "", ...inside, "", "</details>"]
}

const footer = (report: Report): string => {
  const { against, candidate, evidence } = report
  const versions = [candidate.program, ...(against === null ? [] : [against.program])].map(
    (program) => `\`${ProgramFile.short(program)}\``,
  )
  return `<sub>${versions.join(" against ")}: ${count(evidence.conversions)} conversions since ${toIso(report.from).slice(0, 10)}, ${count(evidence.withEvidence)} with referral evidence, as of ${toIso(report.asOf)}.</sub>`
}

/** `advocate 1` for whoever is named first, the same in every table. */
const numbered = (): Sections.NameOf => {
  const numbers = new Map<string, number>()
  return (beneficiary) => {
    const number = numbers.get(beneficiary) ?? numbers.size + 1
    numbers.set(beneficiary, number)
    return `advocate ${number}`
  }
}

/** The whole comment, with a newline at its end left to whoever prints it. */
export const render = (report: Report): string => {
  const { candidate, changes, comparison, scenario } = report
  const scenarioSection = Sections.scenarioOf(report)
  const nameOf = numbered()
  const changed =
    report.against === null
      ? ["No version of this program is in force yet."]
      : changes.length === 0
        ? ["Nothing: it says the same as the version in force."]
        : changes.map((change) => `- ${capital(plain(change.text))}`)
  const replayed =
    scenario === null
      ? [
          ...open(Sections.money(report)),
          "",
          "#### What changes",
          "",
          ...changed,
          ...open(Sections.affected(report, 5, nameOf)),
          ...(comparison === null ? [] : folded("Conversions by what becomes of them", [Sections.classesOf(report)])),
          ...folded("Who would have earned", [Sections.earners(report, 10, nameOf)]),
          ...folded("Refused and held, by reason", [Sections.reasons(report)]),
          ...folded("Liability by month", [Sections.curve(report)]),
          ...folded("Sensitivity to hold, window and limits", Sections.sensitivity(report)),
        ]
      : ["", "#### What changes", "", ...changed]
  return [
    markOf(candidate.program.name),
    `### Backtest of \`${candidate.program.name}\``,
    "",
    `**${plain(Sections.headline(report))}**`,
    ...(scenarioSection === null ? [] : open(scenarioSection)),
    ...replayed,
    "",
    "#### Before you believe it",
    "",
    ...[...report.caveats, Sections.engineLine(report)].map((caveat) => `- ${capital(plain(caveat))}`),
    "",
    footer(report),
  ].join("\n")
}
