/**
 * Decides about a few causes of one program, posts the difference, and says what else that moves.
 *
 * It evaluates the part over the facts that it reads, on top of what stores keep of limits and earlier credits. What it asks of
 * limits is not known before it was folded once; so it folds, asks the store, and folds again. A person who owes is evaluated with
 * everything of theirs that is open.
 */
import { Effect } from "effect"
import type { Fact } from "../fact/Fact.ts"
import { FactLog, type FactLogError, type Recheck } from "../fact/FactLog.ts"
import { programName } from "../fact/Mention.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import { difference } from "../ledger/Crediting.ts"
import { Ledger, type LedgerError, type Posted, unsettledIn } from "../ledger/Ledger.ts"
import { Tallies } from "../ledger/Tallies.ts"
import * as Tally from "../ledger/Tally.ts"
import * as Inputs from "../program/Inputs.ts"
import { standsAlone } from "../program/LoneCommitment.ts"
import { judgePart, settleJudged, type Evaluation } from "../program/Evaluation.ts"
import type { Elsewhere } from "../program/Settling.ts"
import { termsOf } from "../program/Terms.ts"
import { inOrder } from "../referral/Conversion.ts"
import * as Fulfilment from "../reward/Fulfilment.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { allStates, shareCodes } from "./Crediting.ts"
import { movedLimits } from "./MovedLimits.ts"
import { load, reachOf, type Neighbourhood, type Reach } from "./Neighbourhood.ts"

type Failure = FactLogError | LedgerError
type Needs = FactLog | Ledger | Tallies | CurrentTenant

export interface Part {
  readonly program: string
  readonly causes: ReadonlySet<string>
  /** Codes that were issued and may have to be opened in the shop. */
  readonly assets: ReadonlyArray<Fact>
  readonly asOf: Instant
}

export interface CreditedPart {
  readonly credited: {
    readonly decided: number
    readonly revisions: number
    readonly planned: number
    readonly undone: number
  }
  /** What is decided otherwise because of this. */
  readonly rechecks: ReadonlyArray<Recheck>
}

/** What the versions of a program make it necessary to read. */
export const reach = (program: string, asOf: Instant): Effect.Effect<Reach, FactLogError, FactLog | CurrentTenant> =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const published = yield* log.mentioning({
      names: [programName(program)],
      asOf,
      tags: ["ProgramPublished", "ProgramCorrected"],
    })
    return reachOf(termsOf(published, program, asOf).all)
  })

export const creditPart = Effect.fn("CreditingPart.creditPart")(function* (
  part: Part,
): Effect.fn.Return<CreditedPart, Failure, Needs> {
  const { asOf, assets, program } = part
  const ledger = yield* Ledger
  const tallies = yield* Tallies
  const erasures = yield* Effect.flatMap(FactLog, (log) => log.erasures)
  const { evaluation, hood, old, posted } = yield* decide(part)
  const causes = [...hood.causes]
  const revisions = Inputs.stamp(evaluation, hood.facts, difference(evaluation.credits, posted))
  const rows = yield* ledger.effects({
    states: allStates,
    credits: [...new Set([...evaluation.credits.keys(), ...posted.keys()])],
  })
  const plan = Fulfilment.plan(evaluation.credits.values(), evaluation.history.people, rows, asOf)
  const effects = [...plan.effects, ...shareCodes(evaluation, assets, rows)]
  if (revisions.length + effects.length + plan.undo.length > 0)
    yield* ledger.commit({ revisions, effects, undo: plan.undo, erasures })
  const fresh = causes.map((cause) => evaluation.takings.get(cause) ?? nothingOf(cause, old.get(cause)))
  yield* tallies.keep(
    program,
    fresh.filter((taking) => {
      const known = old.get(taking.cause)
      return known === undefined ? Tally.sumsOf(taking).size > 0 : !Tally.sameTaking(known, taking)
    }),
  )
  return {
    credited: {
      decided: hood.causes.size,
      revisions: revisions.length,
      planned: effects.length,
      undone: plan.undo.length,
    },
    rechecks: [
      ...(yield* movedLimits(program, hood, old, fresh)),
      ...movedOrigins(hood, evaluation, posted),
      ...(yield* movedExpiries(hood, evaluation, posted)),
    ],
  }
})

const nothingOf = (cause: string, old: Tally.Taking | undefined): Tally.Taking => ({
  cause,
  at: old?.at ?? 0,
  granted: [],
  reserved: [],
  asked: [],
})

interface Folded {
  readonly hood: Neighbourhood
  readonly evaluation: Evaluation
  /** What the causes took when the store was last written. */
  readonly old: ReadonlyMap<string, Tally.Taking>
  /** Purchases that are only read, whose credit does not tell whether the rule credited an advocate. */
  readonly alone: ReadonlyArray<string>
}

interface Decided extends Folded {
  /** What was posted for the causes before. */
  readonly posted: ReadonlyMap<CreditKey, Posted>
}

/** Evaluates the causes, with everything open of people who owe, and earlier purchases whose credits do not say enough. */
const decide = Effect.fnUntraced(function* (part: Part): Effect.fn.Return<Decided, Failure, Needs> {
  const { asOf, program } = part
  const ledger = yield* Ledger
  let causes = part.causes
  for (;;) {
    const hood = yield* load(program, causes, asOf)
    const folded = yield* fold(program, hood, asOf)
    const posted = yield* ledger.postedFor({ program, causes: [...hood.causes] })
    const owed = yield* openOfIndebted(program, folded.evaluation, posted)
    const missing = [...owed, ...folded.alone].filter((cause) => !hood.causes.has(cause))
    if (missing.length === 0) return { ...folded, posted }
    causes = new Set([...hood.causes, ...missing])
  }
})

const fold = Effect.fnUntraced(function* (
  program: string,
  hood: Neighbourhood,
  asOf: Instant,
): Effect.fn.Return<Folded, Failure, Needs> {
  const tallies = yield* Tallies
  const old = yield* tallies.kept(program, [...hood.causes])
  const { alone, elsewhere } = yield* creditedElsewhere(program, hood)
  const answers = new Map<string, Tally.Seen>()
  const judgement = judgePart(hood.facts, program, asOf, hood)
  for (;;) {
    const tally = Tally.over(old.values(), answers)
    const evaluation = settleJudged(judgement, { tally, elsewhere })
    if (tally.unanswered.length === 0) return { hood, evaluation, old, alone }
    for (const [question, seen] of yield* tallies.seen(program, tally.unanswered)) answers.set(question, seen)
  }
})

/** What was credited for purchases that are only read: a friend's first one makes the later ones recurring. */
const creditedElsewhere = Effect.fnUntraced(function* (
  program: string,
  { causes, facts, terms }: Neighbourhood,
): Effect.fn.Return<{ readonly elsewhere: Elsewhere; readonly alone: Folded["alone"] }, Failure, Needs> {
  if (!reachOf(terms.all).recurs) return { elsewhere: { credited: () => null }, alone: [] }
  const ledger = yield* Ledger
  const others = facts
    .filter(({ _tag, key }) => (_tag === "OrderPlaced" || _tag === "DealChanged") && !causes.has(key))
    .map(({ key }) => key)
  const posted = yield* ledger.postedFor({ program, causes: others })
  const credited = creditedBy([...posted.values()].map(({ credit }) => credit))
  return {
    elsewhere: { credited: (rule, cause) => credited.get(`${rule}|${cause}`)?.beneficiary ?? null },
    alone: [...credited.values()].filter(standsAlone).map(({ cause }) => cause),
  }
})

/** By rule and cause: the credit of the advocate who was credited, the first in order of key where several share. */
const creditedBy = (credits: Iterable<Credit>): ReadonlyMap<string, Credit> => {
  const credited = new Map<string, Credit>()
  const inKeyOrder = [...credits].sort((left, right) => (left.key < right.key ? -1 : 1))
  for (const credit of inKeyOrder) {
    const name = `${credit.rule}|${credit.cause}`
    if (credit.role === "advocate" && credit.outcome === "credited" && !credited.has(name)) credited.set(name, credit)
  }
  return credited
}

const sameOrigin = (left: Credit | undefined, right: Credit | undefined): boolean =>
  left === undefined || right === undefined
    ? left === right
    : left.beneficiary === right.beneficiary && standsAlone(left) === standsAlone(right)

/** Causes of all that is open or owed of the people who owe in this part, or owed before: a credit may be another's now, or nobody's. */
const openOfIndebted = Effect.fnUntraced(function* (
  program: string,
  { asOf, credits }: Evaluation,
  posted: ReadonlyMap<CreditKey, Posted>,
): Effect.fn.Return<ReadonlyArray<string>, Failure, Needs> {
  const [ledger, log] = [yield* Ledger, yield* FactLog]
  const all = [...credits.values(), ...[...posted.values()].map(({ credit }) => credit)]
  const people = yield* log.joined({ handles: all.map(({ beneficiary }) => beneficiary), asOf })
  const owing = yield* ledger.creditedTo({ program, beneficiaries: people.flat(), which: "owing" })
  const owingHere = [...credits.values()].filter(({ legs }) => unsettledIn(legs).owing)
  const indebted = new Set([...owing, ...owingHere].map(({ beneficiary }) => beneficiary))
  const beneficiaries = people.filter((person) => person.some((handle) => indebted.has(handle))).flat()
  if (beneficiaries.length === 0) return []
  const open = yield* ledger.creditedTo({ program, beneficiaries, which: "open" })
  return [...new Set([...owing, ...open].map(({ cause }) => cause))]
})

/** Transfers of lots that expire at another time than before: what was transferred expires with the first of its lots. */
const movedExpiries = Effect.fnUntraced(function* (
  { causes }: Neighbourhood,
  { asOf, credits }: Evaluation,
  posted: ReadonlyMap<CreditKey, Posted>,
): Effect.fn.Return<ReadonlyArray<Recheck>, Failure, Needs> {
  const log = yield* FactLog
  const moved = new Map(
    [...new Set([...credits.keys(), ...posted.keys()])]
      .filter((key) => (credits.get(key)?.expiresAt ?? null) !== (posted.get(key)?.credit.expiresAt ?? null))
      .map((key) => [key as string, (credits.get(key) ?? posted.get(key)?.credit)?.cause ?? ""]),
  )
  if (moved.size === 0) return []
  const transfers = yield* log.mentioning({ names: [...new Set(moved.values())], asOf, tags: ["ValueTransferred"] })
  return transfers
    .filter((fact) => fact._tag === "ValueTransferred" && fact.lots.some(({ credit }) => moved.has(credit)))
    .filter(({ key }) => !causes.has(key))
    .map(({ key, occurredAt }) => ({ key, at: occurredAt }))
})

/** Later purchases of friends whose advocate was credited otherwise than before, where they recur. */
const movedOrigins = (
  { causes, terms }: Neighbourhood,
  { credits, history }: Evaluation,
  posted: ReadonlyMap<CreditKey, Posted>,
): ReadonlyArray<Recheck> => {
  if (!reachOf(terms.all).recurs) return []
  const [before, after] = [creditedBy([...posted.values()].map(({ credit }) => credit)), creditedBy(credits.values())]
  const moved = new Set(
    [...before.keys(), ...after.keys()]
      .filter((name) => !sameOrigin(before.get(name), after.get(name)))
      .map((name) => name.slice(name.indexOf("|") + 1)),
  )
  return history.conversions
    .filter(({ cause }) => moved.has(cause))
    .flatMap((conversion) =>
      conversion.friends
        .flatMap((friend) => history.purchases.get(history.people.personOf(friend)) ?? [])
        .filter((purchase) => inOrder(purchase, conversion) > 0 && !causes.has(purchase.cause))
        .map(({ at, cause }) => ({ key: cause, at })),
    )
}
