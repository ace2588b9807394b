/**
 * How much referral evidence a history holds, and what follows where it holds none.
 *
 * A replay reads evidence; it makes none up. Where nobody was ever issued a code, or no purchase shows one, a replay of a referral
 * mechanic grants nothing, whatever its terms. `asIfReferred` gives every purchase an advocate of its own then, so that a
 * *scenario* can say what qualifies and what it would cost: an upper bound without limits, and no forecast.
 */
import type { AssetIssued, Fact } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { touchesOf, type EvidenceKind } from "../referral/Touch.ts"
import type { Evaluation } from "./Evaluation.ts"
import type { Program } from "./Program.ts"
import { beginningOf } from "./ReplayHistory.ts"
import { valuesOf } from "./Variation.ts"

export interface ReferralEvidence {
  /** Codes that were ever issued in the program. */
  readonly codes: number
  /** Conversions, tests left out. */
  readonly conversions: number
  /** Of these, how many show a touch of an issued code, of any kind. */
  readonly withEvidence: number
  readonly byKind: Readonly<Record<EvidenceKind, number>>
}

const kinds: ReadonlyArray<EvidenceKind> = ["code", "cart-attribute", "link-click", "invitation"]

const attributeKeysOf = (program: Program): ReadonlyArray<string> => [
  ...new Set(
    valuesOf(program, "attributeKeys").flatMap((keys) =>
      Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [],
    ),
  ),
]

/** Evidence of any kind, whether the program asks for it or not. */
export const evidenceOf = ({ history }: Evaluation, program: Program): ReferralEvidence => {
  const attributeKeys = attributeKeysOf(program)
  const byKind = { code: 0, "cart-attribute": 0, "link-click": 0, invitation: 0 }
  const conversions = history.conversions.filter(({ test }) => !test)
  let withEvidence = 0
  for (const conversion of conversions) {
    const touches = touchesOf(conversion, history.touches, history.people, { kinds, attributeKeys })
    const found = new Set(touches.filter(({ owner }) => owner !== null).map(({ kind }) => kind))
    if (found.size > 0) withEvidence++
    for (const kind of found) byKind[kind]++
  }
  return { codes: history.touches.assets.size, conversions: conversions.length, withEvidence, byKind }
}

/** Whether a program has something that only evidence can earn. */
export const needsEvidence = ({ definition }: Program): boolean =>
  definition.mechanics.some((mechanic) => mechanic.kind === "referral")

/** The history with every order and deal showing a code of an advocate that nobody else has. */
export const asIfReferred = (facts: ReadonlyArray<Fact>, program: Program): ReadonlyArray<Fact> => {
  const issuedAt = beginningOf(facts)
  const [attribute] = attributeKeysOf(program)
  const issued: Array<AssetIssued> = []
  const issue = (): string => {
    const code = `SCENARIO-${issued.length + 1}`
    issued.push({
      _tag: "AssetIssued",
      key: Facts.key(`advocacy:scenario/${code}`),
      version: 0,
      rank: Facts.rank.own,
      occurredAt: issuedAt,
      code,
      owner: `scenario:advocate/${issued.length + 1}` as Handle,
      program: program.name,
    })
    return code
  }
  const referred = facts.map((fact): Fact => {
    if (fact._tag === "DealChanged") return { ...fact, code: issue() }
    if (fact._tag !== "OrderPlaced") return fact
    const code = issue()
    return {
      ...fact,
      codes: [{ code, discountMinor: 0n }],
      attributes: attribute === undefined ? [] : [{ key: attribute, value: code }],
      visits: [{ at: fact.occurredAt, code, source: null }],
      soft: [],
    }
  })
  return [...referred, ...issued]
}
