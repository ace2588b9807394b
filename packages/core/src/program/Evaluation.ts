/**
 * `desired(facts, asOf)`: every credit that a program grants, refuses or holds, with reasons.
 *
 * A pure function of the newest facts and a time. It reads no clock, no order of arrival, nothing posted and no live score;
 * the same facts in any order give the same credits. Each conversion is judged by the version in force when it was made; a
 * commitment keeps the version it was made under.
 *
 *   fold the history -> judge each conversion -> screen for fraud -> settle limits and tiers in order -> draw up credits -> pay debts
 */
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import type { Conversion } from "../referral/Conversion.ts"
import type { CreditingMechanic, Judged } from "./Case.ts"
import { checkoutDraft } from "./CheckoutCredit.ts"
import { commandDrafts } from "./CommandCredits.ts"
import type { Commitment } from "./Commitment.ts"
import { draftsOf } from "./ConversionCredits.ts"
import { finish, type Draft } from "./Draft.ts"
import { fold, type History } from "./History.ts"
import { loneCommitments } from "./LoneCommitment.ts"
import { judgePoints } from "./PointsVerdict.ts"
import type { Program } from "./Program.ts"
import type { ReferralMechanic } from "./Referral.ts"
import { judge, screenAll } from "./ReferralVerdict.ts"
import { settleAll, type Elsewhere, type Folded } from "./Settling.ts"
import * as TierMove from "./TierMove.ts"
import * as Tally from "../ledger/Tally.ts"
import { termsOf, type Terms } from "./Terms.ts"

/** A part of a history to decide about; all else among the facts is only read. */
export interface Part {
  /** The conversions, commands and announcements that are decided about. */
  readonly causes: ReadonlySet<string>
  /** Conversions that are read for fraud signals, as if they were decided about. */
  readonly neighbours: ReadonlySet<string>
}

/** What a store knows of the rest of the history. */
export interface Rest {
  readonly tally: Tally.Tally
  readonly elsewhere: Elsewhere
}

/** What is known before limits are asked: who brought whom, by which rules, and what speaks against it. */
export interface Judgement {
  readonly program: string
  readonly asOf: Instant
  readonly facts: ReadonlyArray<Fact>
  readonly history: History
  readonly terms: Terms
  readonly part: Part | null
  readonly judged: ReadonlyArray<Judged>
}

export interface Evaluation {
  readonly program: string
  readonly asOf: Instant
  /** The version in force at `asOf`; null before the first publication. */
  readonly terms: Program | null
  readonly history: History
  readonly credits: ReadonlyMap<CreditKey, Credit>
  /** What each conversion took of limits and added to tiers, or asked of them, by cause. */
  readonly takings: ReadonlyMap<string, Tally.Taking>
  /** When time alone changes a credit next. */
  readonly nextDueAt: Instant | null
}

/** Evaluates one program over the newest version of every fact. */
export const evaluate = (facts: ReadonlyArray<Fact>, program: string, asOf: Instant): Evaluation =>
  settleJudged(judgePart(facts, program, asOf, null))

const isWanted = (part: Part | null, cause: string): boolean => part === null || part.causes.has(cause)

/**
 * Judges the causes of a part, given facts that hold all that deciding about them reads; the whole history when `part` is null.
 */
export const judgePart = (facts: ReadonlyArray<Fact>, program: string, asOf: Instant, part: Part | null): Judgement => {
  const history = fold(facts, program, asOf)
  const terms = termsOf(facts, program, asOf)
  const looked = history.conversions.filter(
    ({ cause }) => isWanted(part, cause) || part?.neighbours.has(cause) === true,
  )
  const screened = screenAll(
    history,
    looked.flatMap((conversion) => judgeAll(history, terms, conversion)),
  )
  const judged = screened.filter(({ conversion }) => isWanted(part, conversion.cause))
  return { program, asOf, facts, history, terms, part, judged }
}

/**
 * Settles what was judged, on top of what a store knows of the rest; of nothing, where the whole history was judged. The credits are
 * those that the whole evaluation has for these causes.
 */
export const settleJudged = (
  { asOf, facts, history, judged, part, program, terms }: Judgement,
  rest?: Rest,
): Evaluation => {
  const wanted = history.conversions.filter(({ cause }) => isWanted(part, cause))
  const tally = Tally.recording(rest?.tally ?? Tally.make())
  const folded = settleAll(history, terms, wanted, judged, tally, rest?.elsewhere)
  const drafts = [...draw(history, facts, program, terms, judged, folded).values()]
  const credits = finish(
    history,
    drafts.filter(({ credit }) => isWanted(part, credit.cause)),
  )
  return {
    program,
    asOf,
    terms: terms.current,
    history,
    credits,
    takings: tally.takings(),
    nextDueAt: earliestOf(credits.values()),
  }
}

const earliestOf = (credits: Iterable<Credit>): Instant | null => {
  let earliest: Instant | null = null
  for (const { nextDueAt } of credits)
    if (nextDueAt !== null && (earliest === null || nextDueAt < earliest)) earliest = nextDueAt
  return earliest
}

/** What every mechanic that judges a conversion says of it. */
const judgeAll = (history: History, terms: Terms, conversion: Conversion): ReadonlyArray<Judged> =>
  mechanicsFor(history, terms, conversion)
    .map(({ mechanic, program }): Judged => {
      if (mechanic.kind === "points") {
        const verdict = judgePoints(history, mechanic, program.currency, conversion)
        return { program, mechanic, conversion, verdicts: verdict === null ? [] : [verdict] }
      }
      const verdicts = judge({ history, mechanic, currency: program.currency }, conversion)
      // What was committed to and what was corrected have their terms already.
      const isKept = firstCommitted(history, mechanic, conversion)?.terms === program.hash
      const isPlain = !isKept && terms.corrected(conversion.at) === undefined
      const shared = isPlain ? asShared(terms, program, mechanic, verdicts[0]?.touch?.at) : null
      return shared === null
        ? { program, mechanic, conversion, verdicts }
        : {
            ...shared,
            conversion,
            verdicts: judge({ history, mechanic: shared.mechanic, currency: shared.program.currency }, conversion),
          }
    })
    .filter(({ mechanic }) => mechanic.conversions.includes(conversion.source))

/** The terms in force when the deciding touch happened, for mechanics that promise them; null where they are the same. */
const asShared = (
  terms: Terms,
  program: Program,
  mechanic: ReferralMechanic,
  touchedAt: Instant | undefined,
): { readonly program: Program; readonly mechanic: ReferralMechanic } | null => {
  if (mechanic.terms !== "asShared" || touchedAt === undefined) return null
  const then = terms.inForce(touchedAt)
  const rule = then?.definition.mechanics.find((one) => one.rule === mechanic.rule)
  return then === undefined || then.hash === program.hash || rule?.kind !== "referral"
    ? null
    : { program: then, mechanic: rule }
}

interface Judge {
  readonly program: Program
  readonly mechanic: CreditingMechanic
}

/** The mechanics that judge a conversion: those in force then, or those that a commitment was made under. */
const mechanicsFor = (history: History, terms: Terms, conversion: Conversion): ReadonlyArray<Judge> => {
  const inForce = terms.at(conversion.at)
  const byRule = new Map<string, Judge>()
  const others = terms.all.filter(({ hash }) => hash !== inForce?.hash)
  for (const program of inForce === undefined ? others : [inForce, ...others]) {
    for (const mechanic of program.definition.mechanics) {
      if (mechanic.kind === "tiers") continue
      const isKept = firstCommitted(history, mechanic, conversion)?.terms === program.hash
      if (program.hash === inForce?.hash || isKept) byRule.set(mechanic.rule, { program, mechanic })
    }
  }
  return [...byRule.values()]
}

/** The first of what was committed to for a conversion by a rule. */
const firstCommitted = (history: History, { rule }: CreditingMechanic, { cause }: Conversion): Commitment | undefined =>
  history.commitments.keysOf(rule, cause).flatMap((key) => history.commitments.of(key))[0]

/** Every credit before debts are paid, by key. */
const draw = (
  history: History,
  facts: ReadonlyArray<Fact>,
  program: string,
  terms: Terms,
  judged: ReadonlyArray<Judged>,
  { settled, tierMoves }: Folded,
): ReadonlyMap<CreditKey, Draft> => {
  const drafts = new Map<CreditKey, Draft>()
  const add = (some: ReadonlyArray<Draft>): void => {
    for (const draft of some) drafts.set(draft.credit.key, draft)
  }
  const seen = new Set<string>()
  for (const one of settled) {
    const name = `${one.mechanic.rule}|${one.verdict.conversion.cause}`
    add(draftsOf(history, one, !seen.has(name)))
    seen.add(name)
  }
  for (const one of judged) {
    const [verdict] = one.verdicts
    if (verdict !== undefined)
      add(checkoutDraft(history, one, verdict.reason === "ambiguous" ? null : (verdict.touch?.code ?? null)))
  }
  add(tierMoves)
  add(TierMove.announced(history, terms))
  add(commandDrafts(history, facts, program, drafts, terms))
  add(loneCommitments(history, facts, program, drafts))
  return drafts
}
