/**
 * An explanation as a text: what the source said, who is whom, what was looked for, every rule tried, what was posted.
 *
 * The text says what `Explaining` holds and nothing else. Personal values appear only where the caller gives them.
 */
import * as Because from "@advocacy-kit/core/because/Because"
import type { ConversionExplained, Decision, Evidence, Identity } from "@advocacy-kit/core/flow/Explaining"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { toIso } from "@advocacy-kit/core/id/Instant"
import type { Conversion } from "@advocacy-kit/core/referral/Conversion"
import * as Amount from "./Amount.ts"
import { heading, type Terminal } from "./Terminal.ts"

export type Personal = ReadonlyMap<Handle, string>

const indent = (text: string, by = 4): string =>
  text
    .split("\n")
    .map((line) => " ".repeat(by) + line)
    .join("\n")

/** `email:3f…  (ada@example.com)` when the value may be shown. */
export const handle = (personal: Personal, one: Handle): string => {
  const value = personal.get(one)
  return value === undefined ? one : `${one} (${value})`
}

export const identity = (personal: Personal, { handles, joinedBy, person }: Identity): string =>
  [
    `  ${handle(personal, person)}`,
    ...handles.filter((one) => one !== person).map((one) => `    = ${handle(personal, one)}`),
    ...joinedBy.map(({ at, fact, joins }) => `    joined by ${fact} of ${toIso(at)}: ${joins.join(", ")}`),
  ].join("\n")

const conversionLines = (conversion: Conversion): ReadonlyArray<string> => {
  const { attributes, cancelledAt, channel, codes, currency, grossMinor, netMinor, paid, test, visits } = conversion
  return [
    `  goods ${Amount.format(currency, grossMinor)}, net of refunds and edits ${Amount.format(currency, netMinor)}`,
    `  ${test ? "a test; " : ""}${paid ? "paid" : "not paid"}${cancelledAt === null ? "" : `; cancelled ${toIso(cancelledAt)}`}; channel ${channel ?? "unknown"}`,
    `  codes: ${codes.map(({ code, discountMinor }) => `${code} (took off ${Amount.format(currency, discountMinor)})`).join(", ") || "none"}`,
    `  attributes: ${attributes.map(({ key, value }) => `${key}=${value}`).join(", ") || "none"}`,
    `  visits: ${visits.map(({ at, code }) => `${toIso(at)}${code === null ? "" : ` with ${code}`}`).join(", ") || "none"}`,
  ]
}

const saidLines = ({ conversion, refunds, said }: ConversionExplained): ReadonlyArray<string> => {
  const head = `  ${said._tag === "OrderPlaced" ? "order" : "deal"} ${said.key} of ${toIso(said.occurredAt)}, version ${said.version}`
  if (conversion === null) {
    const why =
      said._tag === "DealChanged"
        ? `the deal is ${said.outcome}: only a won deal with an amount counts`
        : "it lies after the time that is asked for"
    return [head, `  it does not count as a conversion: ${why}`]
  }
  return [
    head,
    ...conversionLines(conversion),
    ...refunds.map((refund) => {
      const amountMinor = refund.lines.reduce((sum, line) => sum + line.amountMinor, refund.otherMinor)
      return `  refund ${refund.key} of ${toIso(refund.occurredAt)}: ${Amount.format(refund.currency, amountMinor)}`
    }),
  ]
}

const evidenceLines = (personal: Personal, evidence: Evidence): ReadonlyArray<string> => [
  `  rule "${evidence.rule}" looked for ${evidence.kinds.join(", ")} (attributes ${evidence.attributeKeys.join(", ") || "none"}) within ${evidence.windowDays} days, ${evidence.model}`,
  ...evidence.touches.map(
    (touch) =>
      `    ${toIso(touch.at)} ${touch.kind} ${touch.code}, shown by ${touch.shownBy}: ${touch.owner === null ? "nobody was issued this code" : `issued to ${handle(personal, touch.owner)}`}`,
  ),
  ...(evidence.touches.length === 0
    ? ["    found none of it: nobody referred this conversion, so there is nothing to credit or refuse"]
    : []),
  ...(evidence.otherCodes.length === 0
    ? []
    : [`    ordinary discounts, never issued to an advocate: ${evidence.otherCodes.join(", ")}`]),
]

const outcomeOf = ({ outcome, reason, review }: Pick<Decision, "outcome" | "reason" | "review">): string =>
  `${outcome}${review === "held" ? (outcome === "held" ? " for a human" : ", held for a human") : ""}${reason === null ? "" : ` (${reason})`}`

/** The trials that are arithmetic, as a calculation. */
const calculations: ReadonlySet<string> = new Set(["net", "amount", "balance"])

const calculation = (because: Decision["because"]): ReadonlyArray<string> => {
  const rows = because.filter(({ rule }) => calculations.has(rule)).flatMap(({ saw }) => Object.entries(saw))
  const width = Math.min(60, Math.max(0, ...rows.map(([name]) => name.length)))
  return rows.length === 0
    ? []
    : ["  calculation:", ...rows.map(([name, value]) => `    ${name.padEnd(width)}  ${value}`)]
}

export const decision = (terminal: Terminal, personal: Personal, one: Decision): string => {
  const since = one.terms.inForceSince === null ? "" : `, in force since ${toIso(one.terms.inForceSince)}`
  const postings = one.postings.flatMap(({ asOf, credit, effectiveAt, inputs, legs, revision, unit }) => [
    `    revision ${revision}, dated ${toIso(effectiveAt)}: ${credit.outcome}${legs.length === 0 ? ", no amounts moved" : ""}`,
    ...(inputs === "" ? [] : [`      decided as of ${toIso(asOf)} by inputs ${inputs.slice(0, 16)}`]),
    ...legs.map(({ account, amountMinor }) => `      ${Amount.format(unit, amountMinor).padStart(14)}  ${account}`),
  ])
  return [
    heading(terminal, `${one.role}: ${outcomeOf(one)}, ${Amount.format(one.unit, one.amountMinor)}`),
    `  ${one.says}`,
    `  credit ${one.key}`,
    `  for ${handle(personal, one.beneficiaryHandle)}`,
    ...(one.beneficiary.handles.length > 1 ? [indent(identity(personal, one.beneficiary), 2)] : []),
    `  terms ${one.terms.hash.slice(0, 16)}${since}`,
    "  rules tried:",
    indent(Because.render(one.because.filter(({ rule }) => !calculations.has(rule)))),
    ...calculation(one.because),
    ...one.commitments.map(
      (commitment) =>
        `  committed ${toIso(commitment.occurredAt)}: ${Amount.format(commitment.unit, commitment.amountMinor)}, ${commitment.ordinal === null ? `taken by ${commitment.shownBy}` : `handing-over ${commitment.ordinal}`}`,
    ),
    ...(one.humanDecision === null
      ? []
      : [
          `  decided by ${one.humanDecision.by} on ${toIso(one.humanDecision.occurredAt)}: ${one.humanDecision.verdict}, ${one.humanDecision.reason}`,
        ]),
    "  postings:",
    ...(postings.length === 0 ? ["    none yet: run `advocacy credit`"] : postings),
    ...(one.isPosted ? [] : ["    the ledger does not say this yet: run `advocacy credit`"]),
    ...one.effects.map(
      ({ attempts, effect, note, state }) =>
        `  effect ${effect.key}: ${state}${note === null ? "" : ` (${note})`}, ${attempts} attempts`,
    ),
  ].join("\n")
}

export const conversion = (terminal: Terminal, personal: Personal, explained: ConversionExplained): string => {
  const unreferred = explained.decisions.length === 0
  return [
    heading(terminal, "What the source said"),
    ...saidLines(explained),
    heading(terminal, explained.buyers.length > 1 ? "The buyers" : "The buyer"),
    ...(explained.buyers.length === 0
      ? ["  unknown: the source names nobody"]
      : explained.buyers.map((buyer) => identity(personal, buyer))),
    heading(terminal, unreferred ? "No referral evidence" : "Evidence"),
    ...(explained.evidence.length === 0
      ? [
          explained.conversion === null
            ? "  not looked for: it is no conversion"
            : "  not looked for: no version of the program was in force then",
        ]
      : explained.evidence.flatMap((evidence) => evidenceLines(personal, evidence))),
    ...explained.decisions.map((one) => decision(terminal, personal, one)),
  ].join("\n")
}
