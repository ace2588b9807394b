/**
 * An audit for a person at a terminal, and as data for a program.
 */
import { kinds, type AuditLine } from "@advocacy-kit/core/audit/AuditLine"
import { doubtTexts, kindTexts, whyOf } from "@advocacy-kit/core/audit/AuditWords"
import { toIso } from "@advocacy-kit/core/id/Instant"
import * as Amount from "../Amount.ts"
import * as ProgramFile from "../ProgramFile.ts"
import { count, heading, table, type Terminal } from "../Terminal.ts"
import * as Model from "./AuditModel.ts"

const shownPerKind = 6

const right = { align: "right" } as const

const kindTable = (terminal: Terminal, { audit }: Model.AuditModel): string =>
  table(
    terminal,
    [
      { title: "what" },
      { title: "lines", ...right },
      { title: "paid", ...right },
      { title: "due", ...right },
      { title: "difference", ...right },
    ],
    audit.totals.map(({ differenceMinor, dueMinor, kind, lines, paidMinor, unit }) => [
      Model.titleOf(kind),
      count(lines),
      Amount.format(unit, paidMinor),
      kind === "cannot-tell" && dueMinor === 0n ? "?" : Amount.format(unit, dueMinor),
      kind === "cannot-tell" ? "?" : Amount.format(unit, differenceMinor),
    ]),
  )

/** Why, in the words that fit a column. */
const shortWhy = ({ because, kind, reason }: AuditLine): string => {
  if (reason !== null) return reason
  const saw = kind === "missing" ? because.find(({ rule }) => rule === "last-touch")?.saw : undefined
  return saw === undefined ? "" : `${saw.kind ?? ""} ${saw.code ?? ""}`
}

const findingRow = (model: Model.AuditModel, line: AuditLine): ReadonlyArray<string> => [
  model.nameOf(line.beneficiary),
  Model.ordersText(line),
  Amount.format(line.unit, line.paidMinor),
  Amount.format(line.unit, line.dueMinor),
  shortWhy(line),
]

const findingTable = (terminal: Terminal, model: Model.AuditModel): ReadonlyArray<string> => {
  const all = Model.findings(model.audit)
  if (all.length === 0) return ["", "  Nothing went wrong that these files can prove."]
  return kinds.flatMap((kind) => {
    const lines = all.filter((line) => line.kind === kind)
    if (lines.length === 0) return []
    return [
      heading(terminal, `${Model.titleOf(kind)}: ${count(lines.length)}`),
      `  ${terminal.style("dim", kindTexts[kind].means)}`,
      table(
        terminal,
        [
          { title: "who" },
          { title: "orders" },
          { title: "paid", ...right },
          { title: "due", ...right },
          { title: kind === "missing" ? "shown by" : "why" },
        ],
        lines.slice(0, shownPerKind).map((line) => findingRow(model, line)),
      ),
      ...(lines.length > shownPerKind
        ? [`  and ${count(lines.length - shownPerKind)} more: --csv FILE and --html FILE tell of all`]
        : []),
    ]
  })
}

const doubtTable = (terminal: Terminal, { audit }: Model.AuditModel): ReadonlyArray<string> =>
  audit.doubts.length === 0
    ? []
    : [
        heading(terminal, "What cannot be told, and why"),
        table(
          terminal,
          [{ title: "lines", ...right }, { title: "paid", ...right }, { title: "due", ...right }, { title: "why" }],
          audit.doubts.map(({ doubt, dueMinor, lines, paidMinor, unit }) => [
            count(lines),
            Amount.format(unit, paidMinor),
            dueMinor === 0n ? "?" : Amount.format(unit, dueMinor),
            doubtTexts[doubt],
          ]),
        ),
      ]

const readText = ({ audit, files }: Model.AuditModel): string => {
  const { orders, records } = audit
  const from = files.length === 0 ? "" : ` from ${files.map(({ name }) => name).join(", ")}`
  return `  ${count(orders)} purchases and ${count(records.paid)} paid, ${count(records.pending)} pending, ${count(records.reversed)} reversed records${from}; as of ${toIso(audit.asOf)}`
}

/** The whole report. */
export const render = (model: Model.AuditModel, terminal: Terminal): string => {
  const { audit, files } = model
  const parked = files.filter((file) => file.parked > 0)
  return [
    heading(terminal, `Audit by the stated rules of ${audit.program.name} ${ProgramFile.short(audit.program)}`),
    `  ${terminal.style("bold", Model.headline(audit))}`,
    readText(model),
    ...parked.map(
      ({ name, parked: rows }) =>
        `  ${terminal.style("yellow", `${count(rows)} records of ${name} could not be read`)}`,
    ),
    heading(terminal, "In money"),
    kindTable(terminal, model),
    ...Model.identity(audit).map((line) => `  ${line}`),
    ...findingTable(terminal, model),
    ...doubtTable(terminal, model),
    heading(terminal, "Before you believe it"),
    ...audit.caveats.map((caveat) => `  - ${caveat}`),
  ].join("\n")
}

const lineView = (model: Model.AuditModel, line: AuditLine) => ({
  kind: line.kind,
  doubt: line.doubt,
  beneficiary: line.beneficiary,
  shown: model.nameOf(line.beneficiary),
  role: line.role,
  unit: line.unit,
  orders: line.orders.map(({ at, cause, name }) => ({ order: cause, name, at: toIso(at) })),
  records: line.records,
  dueMinor: line.dueMinor,
  paidMinor: line.paidMinor,
  differenceMinor: line.differenceMinor,
  reason: line.reason,
  why: whyOf(line),
  because: line.because,
  matchedBy: line.matchedBy,
  isClaimed: line.isClaimed,
})

/** For `--json`. */
export const view = (model: Model.AuditModel) => {
  const { audit, files } = model
  return {
    program: audit.program.name,
    terms: audit.program.hash,
    headline: Model.headline(audit),
    asOf: toIso(audit.asOf),
    files,
    orders: audit.orders,
    records: audit.records,
    paid: audit.paid,
    due: audit.due,
    totals: audit.totals,
    doubts: audit.doubts.map((one) => ({ ...one, why: doubtTexts[one.doubt] })),
    notYetDue: audit.notYetDue,
    caveats: audit.caveats,
    lines: audit.lines.map((line) => lineView(model, line)),
  }
}
