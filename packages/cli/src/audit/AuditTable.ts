/**
 * An audit as a table for spreadsheets: every line, those that are right as well.
 */
import { kindTexts, matchTexts, whyOf } from "@advocacy-kit/core/audit/AuditWords"
import type { Because } from "@advocacy-kit/core/because/Because"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { isCurrency, make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { make as money, toDecimal } from "@advocacy-kit/core/money/Money"
import * as SeparatedText from "../SeparatedText.ts"
import * as Model from "./AuditModel.ts"

const titles = [
  "Kind",
  "What",
  "Who",
  "Side",
  "Orders",
  "Bought at",
  "Unit",
  "Paid",
  "Due",
  "Difference",
  "Why",
  "Matched by",
  "Brought by claim alone",
  "Records",
  "Beneficiary",
  "Reasons",
]

const figure = (unit: string, minor: bigint): SeparatedText.Figure =>
  SeparatedText.figure(isCurrency(unit) ? toDecimal(money(currencyOf(unit), minor)) : String(minor))

/** `passed window: touches 1` a line each; a mark at the beginning of a cell would look like a formula. */
const reasonsText = (because: Because): string =>
  because
    .map(({ outcome, rule, saw }) => {
      const seen = Object.entries(saw).map(([name, value]) => `${name} ${value}`)
      return `${outcome} ${rule}${seen.length === 0 ? "" : `: ${seen.join(", ")}`}`
    })
    .join("\n")

export const text = (model: Model.AuditModel): string =>
  SeparatedText.table(
    titles,
    model.audit.lines.map((line) => [
      line.kind,
      kindTexts[line.kind].title,
      model.nameOf(line.beneficiary),
      line.role,
      Model.ordersText(line),
      line.orders.length === 0 ? null : toIso(line.at),
      line.unit,
      figure(line.unit, line.paidMinor),
      line.kind === "cannot-tell" && line.dueMinor === 0n ? null : figure(line.unit, line.dueMinor),
      line.kind === "cannot-tell" ? null : figure(line.unit, line.differenceMinor),
      whyOf(line),
      line.matchedBy === null ? null : matchTexts[line.matchedBy],
      line.isClaimed ? "yes" : "no",
      line.records.join(" "),
      line.beneficiary,
      reasonsText(line.because),
    ]),
  )
