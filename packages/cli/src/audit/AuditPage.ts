/**
 * An audit as one page: everything is in it, it runs nothing and fetches nothing.
 *
 * A pure function of its model. Who was paid stands here as the user's own files call them. Long lists are cut, and say what holds all.
 */
import { isFinding, kinds, type AuditLine, type Kind } from "@advocacy-kit/core/audit/AuditLine"
import { doubtTexts, kindTexts, matchTexts, whyOf } from "@advocacy-kit/core/audit/AuditWords"
import * as Amount from "../Amount.ts"
import { bars } from "../page/chart/Bars.ts"
import { document } from "../page/Document.ts"
import { figure, missing } from "../page/Figure.ts"
import { html, type Content, type Html } from "../page/Html.ts"
import * as Said from "../page/Said.ts"
import { section, type Section } from "../page/section/Section.ts"
import { number, table, text } from "../page/Table.ts"
import * as Model from "./AuditModel.ts"

/** Lines of one kind that the page shows. */
const shownPerKind = 200

const zoneOf = ({ audit }: Model.AuditModel): string => audit.program.definition.timeZone

const head = (model: Model.AuditModel): Html => {
  const { audit } = model
  return html`<header>
    <p class="kind">Audit of rewards</p>
    <h1><bdi>${audit.program.name}</bdi></h1>
    <p>${Model.headline(audit)}.</p>
    <p>As of ${Said.time(audit.asOf, zoneOf(model))} (${zoneOf(model)}), by the rules that were stated to the audit.</p>
    <dl class="counts">
      <div>
        <dt>Purchases</dt>
        <dd>${Said.count(audit.orders)}</dd>
      </div>
      <div>
        <dt>Rewards paid</dt>
        <dd>${Said.count(audit.records.paid)}</dd>
      </div>
      <div>
        <dt>Findings</dt>
        <dd>${Said.count(Model.findings(audit).length)}</dd>
      </div>
      <div>
        <dt>Cannot be told</dt>
        <dd>${Said.count(audit.lines.filter(({ kind }) => kind === "cannot-tell").length)}</dd>
      </div>
    </dl>
  </header> `
}

const reading = ({ audit }: Model.AuditModel): Html =>
  html`<aside class="reading" aria-labelledby="reading-title">
    <h2 id="reading-title">Before you believe it</h2>
    <ul>
      ${audit.caveats.map((caveat) => html`<li>${caveat}.</li>`)}
    </ul>
  </aside> `

const unknownDue = (kind: Kind, minor: bigint): boolean => kind === "cannot-tell" && minor === 0n

const totalsTable = ({ audit }: Model.AuditModel): Html =>
  table({
    name: "Paid and due, by what was found",
    columns: [
      text("Found"),
      text("What it means"),
      number("Lines"),
      number("Paid"),
      number("Due"),
      number("Difference"),
    ],
    rows: audit.totals.map(({ differenceMinor, dueMinor, kind, lines, paidMinor, unit }) => [
      Model.titleOf(kind),
      kindTexts[kind].means,
      Said.count(lines),
      Said.amount(unit, paidMinor),
      unknownDue(kind, dueMinor) ? "not known" : Said.amount(unit, dueMinor),
      kind === "cannot-tell" ? "not known" : Said.amount(unit, differenceMinor),
    ]),
    none: "there are no records and nothing is due",
  })

const money = (model: Model.AuditModel): Section => {
  const { audit } = model
  const totals = totalsTable(model)
  const found = kinds.filter((kind) => isFinding({ kind }) && audit.totals.some((one) => one.kind === kind))
  const title = "What was found, by lines"
  const notes = Model.identity(audit).map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`)
  if (found.length === 0)
    return section("money", "In money", [
      missing("kinds", title, "Nothing went wrong that these files can prove."),
      totals,
      ...notes.map((note) => html`<p class="note">${note}</p>`),
    ])
  const countOf = (kind: Kind): number => audit.lines.filter((line) => line.kind === kind).length
  return section("money", "In money", [
    figure({
      id: "kinds",
      title,
      says: `${found.map((kind) => `${Model.titleOf(kind).toLowerCase()}: ${Said.count(countOf(kind))}`).join("; ")}.`,
      legend: [
        { says: "Too much was paid", tone: "b", shape: "bar" },
        { says: "Not paid", tone: "c", shape: "bar" },
      ],
      draw: (frame) =>
        bars(
          frame,
          found.map((kind) => ({
            name: Model.titleOf(kind),
            value: countOf(kind),
            says: Said.count(countOf(kind)),
            tone: kind === "missing" ? "c" : "b",
          })),
        ),
      table: table({
        name: title,
        columns: [text("Found"), number("Lines")],
        rows: found.map((kind) => [Model.titleOf(kind), Said.count(countOf(kind))]),
      }),
      notes,
    }),
    totals,
  ])
}

const orders = ({ orders: of }: AuditLine, zone: string): Content =>
  of.length === 0
    ? "none found"
    : of.map((order) => html`${Said.record(Model.orderText(order))} ${Said.shortDay(order.at, zone)}`)

const rowsOf = (model: Model.AuditModel, lines: ReadonlyArray<AuditLine>): ReadonlyArray<ReadonlyArray<Content>> =>
  lines.map((line) => [
    html`<bdi>${model.nameOf(line.beneficiary)}</bdi>`,
    line.role ?? "",
    orders(line, zoneOf(model)),
    Said.amount(line.unit, line.paidMinor),
    unknownDue(line.kind, line.dueMinor) ? "not known" : Said.amount(line.unit, line.dueMinor),
    whyOf(line),
    line.matchedBy === null ? "no record" : matchTexts[line.matchedBy],
    line.records.map((record) => html`${Said.record(record)} `),
  ])

const columns = [
  text("Who"),
  text("Side"),
  text("Orders"),
  number("Paid"),
  number("Due"),
  text("Why"),
  text("Matched by"),
  text("Records"),
]

const kindSection = (model: Model.AuditModel, kind: Kind): ReadonlyArray<Section> => {
  const lines = model.audit.lines.filter((line) => line.kind === kind)
  if (lines.length === 0) return []
  const { means, title } = kindTexts[kind]
  return [
    section(`kind-${kind}`, title, [
      html`<p>${means}</p>`,
      table({
        name: `${title}: ${Said.plural(lines.length, "line")}`,
        columns,
        rows: rowsOf(model, lines.slice(0, shownPerKind)),
      }),
      lines.length > shownPerKind
        ? html`<p class="note">
            The ${Said.count(shownPerKind)} largest are shown; the table for spreadsheets (--csv) holds all
            ${Said.count(lines.length)}.
          </p>`
        : null,
    ]),
  ]
}

const doubts = ({ audit }: Model.AuditModel): Section =>
  section("doubts", "What cannot be told", [
    html`<p>The files do not prove these either way. They are counted, and belong to no finding.</p>`,
    table({
      name: "Why it cannot be told",
      columns: [text("Why"), number("Lines"), number("Paid"), number("Due")],
      rows: audit.doubts.map(({ doubt, dueMinor, lines, paidMinor, unit }) => [
        doubtTexts[doubt],
        Said.count(lines),
        Said.amount(unit, paidMinor),
        dueMinor === 0n ? "not known" : Said.amount(unit, dueMinor),
      ]),
      none: "everything could be told",
    }),
  ])

const files = ({ files: of }: Model.AuditModel): ReadonlyArray<Section> =>
  of.length === 0
    ? []
    : [
        section(
          "files",
          "What was read",
          table({
            name: "Files",
            columns: [text("File"), text("Kind"), number("Rows"), number("Facts"), number("Not readable")],
            rows: of.map(({ facts, format, name, parked, rows }) => [
              html`<bdi>${name}</bdi>`,
              format,
              Said.count(rows),
              Said.count(facts),
              Said.count(parked),
            ]),
          }),
        ),
      ]

const foot = ({ audit, files: of }: Model.AuditModel): Html =>
  html`<footer>
    <p>
      Rewards are judged by the evaluation that credits live, as if the stated rules had been in force from the first
      purchase on. Version of the rules <code>${audit.program.hash.slice(0, 12)}</code>. Paid in all:
      ${Amount.formatSums(audit.paid)}.
    </p>
    <p>
      Made by Advocacy Kit. This page runs no script and needs no
      network.${of.length === 0 ? null : " It shows people as the files call them: keep it where they may be read."}
    </p>
  </footer> `

export const render = (model: Model.AuditModel): Html =>
  document({
    title: `${model.audit.program.name}: audit of rewards, ${Said.day(model.audit.asOf, zoneOf(model))}`,
    skip: "To the audit",
    head: head(model),
    before: reading(model),
    sections: [
      money(model),
      ...kinds.filter((kind) => isFinding({ kind })).flatMap((kind) => kindSection(model, kind)),
      doubts(model),
      ...kindSection(model, "cannot-tell"),
      ...files(model),
    ],
    foot: foot(model),
  })
