/**
 * What the other product itself claims: a record that names whom it was paid to and for which purchase says who brought that purchase.
 *
 * Where the files show no evidence of their own for a purchase, the claim stands in for it, so that the rules can be asked about
 * everything else: new customer, minimum, refund, self-referral, limit. Promises: a purchase with evidence of its own is judged by that;
 * nothing else in the history reads differently.
 */
import type { AssetIssued, Fact, FactKey } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Credit } from "../ledger/Credit.ts"
import type { Instant } from "../id/Instant.ts"
import { earningHistory } from "../program/EarningHistory.ts"
import type { Evaluation } from "../program/Evaluation.ts"
import { make, type Program } from "../program/Program.ts"
import type { Match } from "./RewardMatching.ts"

/** No shop writes a cart attribute of this name. */
const attribute = "advocacy-audit-claim"

export interface Claimed {
  /** What matters for referrals, with the claims; see `EarningHistory`. */
  readonly facts: ReadonlyArray<Fact>
  /** The rules, which read claims too. */
  readonly program: Program
  /** The purchases that are judged by a claim. */
  readonly causes: ReadonlySet<FactKey>
}

/** The rules with claims as a further kind of evidence, and nothing else that differs. */
const readingClaims = (program: Program): Program => {
  const { definition } = program
  return make(program.name, {
    ...definition,
    mechanics: definition.mechanics.map((mechanic) =>
      mechanic.kind !== "referral"
        ? mechanic
        : {
            ...mechanic,
            evidence: [...new Set([...mechanic.evidence, "cart-attribute" as const])],
            attributeKeys: [...(mechanic.evidence.includes("cart-attribute") ? mechanic.attributeKeys : []), attribute],
          },
    ),
  })
}

/** Nobody was issued the code; or what a list calls the referral is dated after the purchase, as some products date it. */
const saysNothing = ({ because, reason }: Credit): boolean =>
  reason === "unknown-code" ||
  (reason === "outside-window" && because.some(({ saw }) => saw.ageDays?.startsWith("-") === true))

/** Purchases for which the files' own evidence says something. */
export const withEvidence = (own: Evaluation): ReadonlySet<FactKey> =>
  new Set(
    [...own.credits.values()]
      .filter((credit) => credit.role !== "member" && !saysNothing(credit))
      .map(({ cause }) => Facts.key(cause)),
  )

/** Whose claim a record is: an advocate's by name, or the friend's side alone; null where it claims nothing about a referral. */
type Claimant = { readonly owner: Handle | null }

const claimant = (own: Evaluation, { conversion, record }: Match, friendEarns: boolean): Claimant | null => {
  if (conversion === null) return null
  if (record.role === "friend") return { owner: null }
  if (record.role === "advocate" || record.friend !== null) return { owner: record.beneficiary }
  const { personOf } = own.history.people
  const isBuyer = conversion.friends.some((friend) => personOf(friend) === personOf(record.beneficiary))
  if (!isBuyer) return { owner: record.beneficiary }
  // Without a role, what a buyer got for their own purchase is the friend's reward, or none of a referral at all.
  return friendEarns ? { owner: null } : null
}

/** Which code stands for whom: one for each person, so that a code that many buyers used is still seen as one. */
const codeOf = (name: string): string => `claim ${name}`.toUpperCase()

export const claim = (
  facts: ReadonlyArray<Fact>,
  program: Program,
  own: Evaluation,
  matches: ReadonlyArray<Match>,
  from: Instant,
): Claimed => {
  const known = withEvidence(own)
  const friendEarns = program.definition.mechanics.some(
    (mechanic) => mechanic.kind === "referral" && mechanic.friend?.timing === "afterQualified",
  )
  const owners = new Map<FactKey, Handle>()
  const unnamed = new Set<FactKey>()
  for (const match of matches) {
    const { conversion } = match
    const claims = claimant(own, match, friendEarns)
    if (conversion === null || claims === null || known.has(conversion.cause)) continue
    // Of several who claim one purchase the first is judged; the others were paid for it as well.
    if (claims.owner === null) unnamed.add(conversion.cause)
    else if (!owners.has(conversion.cause)) owners.set(conversion.cause, claims.owner)
  }
  for (const cause of unnamed) if (!owners.has(cause)) owners.set(cause, nobodyKnown(cause))
  const issued = new Map<string, AssetIssued>()
  const codes = new Map<FactKey, string>()
  for (const [cause, owner] of owners) {
    const code = codeOf(own.history.people.personOf(owner))
    codes.set(cause, code)
    if (!issued.has(code)) issued.set(code, issue(code, owner, program.name, from))
  }
  const shown = (cause: FactKey): ReadonlyArray<{ readonly key: string; readonly value: string }> => {
    const code = codes.get(cause)
    return code === undefined ? [] : [{ key: attribute, value: code }]
  }
  const judging = readingClaims(program)
  const all = [
    ...facts.map((fact) =>
      fact._tag === "OrderPlaced" && codes.has(fact.key)
        ? { ...fact, attributes: [...fact.attributes, ...shown(fact.key)] }
        : fact,
    ),
    ...issued.values(),
  ]
  const conversions = own.history.conversions.map((conversion) =>
    codes.has(conversion.cause)
      ? { ...conversion, attributes: [...conversion.attributes, ...shown(conversion.cause)] }
      : conversion,
  )
  return { facts: earningHistory(all, conversions, [judging]), program: judging, causes: new Set(codes.keys()) }
}

/** The advocate of a purchase of whom nothing is known. */
const nobodyKnown = (cause: FactKey): Handle => `claim:${encodeURIComponent(cause).slice(0, 190)}` as Handle

const issue = (code: string, owner: Handle, program: string, from: Instant): AssetIssued => ({
  _tag: "AssetIssued",
  key: Facts.key(`advocacy:claim/${encodeURIComponent(code)}`.slice(0, 240)),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: from,
  code,
  owner,
  program,
})

/** Every purchase as it was before anything of it was given back or called off. */
export const asFirstMade = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> =>
  facts.flatMap((fact): ReadonlyArray<Fact> => {
    if (fact._tag === "RefundMade") return []
    if (fact._tag !== "OrderPlaced") return [fact]
    return [
      {
        ...fact,
        cancelledAt: null,
        lines: fact.lines.map((line) => ({ ...line, currentQuantity: line.quantity })),
      },
    ]
  })
