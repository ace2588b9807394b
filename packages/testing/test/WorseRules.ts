/**
 * Crediting with one plausible fault each in its rules: the proof that the comparison with the model can fail.
 *
 * A fault changes what crediting reads, or what it decided, and posts the difference to that. They are for tests of the test.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { isTombstone } from "@advocacy-kit/core/id/Handle"
import type { Credit, Leg } from "@advocacy-kit/core/ledger/Credit"
import { difference } from "@advocacy-kit/core/ledger/Crediting"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { evaluate } from "@advocacy-kit/core/program/Evaluation"
import * as Inputs from "@advocacy-kit/core/program/Inputs"
import type { Definition, Mechanic } from "@advocacy-kit/core/program/Program"
import { Effect, Layer } from "effect"
import * as Runs from "../src/convergence/Runs.ts"
import { name } from "../src/convergence/RichPrograms.ts"
import * as ModelComparison from "../src/ModelComparison.ts"

interface Worse {
  readonly facts?: (facts: ReadonlyArray<Fact>) => ReadonlyArray<Fact>
  readonly credit?: (credit: Credit) => Credit
}

const stage =
  (worse: Worse): ModelComparison.Stage =>
  (asOf) =>
    Effect.gen(function* () {
      const ledger = yield* Ledger
      const facts = yield* factsAt(asOf)
      const right = evaluate(worse.facts?.(facts) ?? facts, name, asOf)
      const credits = new Map([...right.credits].map(([key, one]) => [key, worse.credit?.(one) ?? one]))
      const revisions = Inputs.stamp(right, facts, difference(credits, yield* ledger.posted(name)))
      if (revisions.length > 0) yield* ledger.commit({ revisions, effects: [], undo: [] })
    })

const not =
  (tag: Fact["_tag"]) =>
  (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> =>
    facts.filter((fact) => fact._tag !== tag)

const each =
  (change: (fact: Fact) => Fact) =>
  (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> =>
    facts.map(change)

/** Reads every version of a program as if it said something else. */
const definitions = (change: (definition: Definition) => Definition) =>
  each((fact) => ("definition" in fact ? { ...fact, definition: change(fact.definition as Definition) } : fact))

const mechanics = (change: (mechanic: Mechanic) => Mechanic) =>
  definitions((definition) => ({ ...definition, mechanics: definition.mechanics.map(change) }))

const legs = (credit: Credit, change: (leg: Leg) => Leg): Credit => {
  const sums = new Map<Leg["account"], bigint>()
  for (const { account, amountMinor } of credit.legs.map(change))
    sums.set(account, (sums.get(account) ?? 0n) + amountMinor)
  return {
    ...credit,
    legs: [...sums]
      .filter(([, amountMinor]) => amountMinor !== 0n)
      .map(([account, amountMinor]) => ({ account, amountMinor })),
  }
}

const into = (from: string, to: string) => (credit: Credit) =>
  legs(credit, ({ account, amountMinor }) => ({
    account: account.replace(`#${from}`, `#${to}`) as Leg["account"],
    amountMinor,
  }))

/** Shares that were handed over change with the evidence. */
const forgetsShares = each((fact) => {
  if (fact._tag === "RewardCommitted") {
    const { share: _share, ...rest } = fact
    return rest
  }
  if (fact._tag !== "ValueRedeemed" && fact._tag !== "ValueTransferred") return fact
  return { ...fact, lots: fact.lots.map(({ share: _share, ...lot }) => lot) }
})

/** Who is back is taken for who was erased. */
const joinsWhoReturned = each((fact) => {
  if (fact._tag !== "PersonReturned") return fact
  const { key, occurredAt, person, rank, tombstone, version } = fact
  return { _tag: "PeopleMerged", key, version, rank, occurredAt, into: tombstone, from: [person] }
})

/** Of several human decisions the first counts. */
const firstDecisions = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> => {
  const decided = new Set<string>()
  return [...facts]
    .sort((left, right) => left.occurredAt - right.occurredAt)
    .filter((fact) => {
      if (fact._tag !== "ReviewDecided") return true
      const isFirst = !decided.has(fact.credit)
      decided.add(fact.credit)
      return isFirst
    })
}

interface Fault {
  readonly fault: string
  /** The seed of a history that shows it, where the search begins; without that it takes up to 200 histories. */
  readonly shows: number
  readonly stage: ModelComparison.Stage
}

export const faults: ReadonlyArray<Fault> = [
  {
    fault: "forgets limits",
    shows: 269_247,
    stage: stage({ facts: mechanics((one) => ("limits" in one ? { ...one, limits: [] } : one)) }),
  },
  {
    fault: "never lets points expire",
    shows: 1,
    stage: stage({ facts: mechanics((one) => (one.kind === "points" ? { ...one, expiresAfterDays: null } : one)) }),
  },
  {
    fault: "does not multiply points by tiers",
    shows: 142_543,
    stage: stage({ facts: mechanics((one) => (one.kind === "points" ? { ...one, tierPercent: {} } : one)) }),
  },
  {
    fault: "ends tiers with their period",
    shows: 39_596,
    stage: stage({ facts: mechanics((one) => (one.kind === "tiers" ? { ...one, keeps: 0 } : one)) }),
  },
  {
    fault: "credits a friend's first purchase alone",
    shows: 1_354_150,
    stage: stage({ facts: mechanics((one) => (one.kind === "referral" ? { ...one, recurring: null } : one)) }),
  },
  {
    fault: "gives all to the last touch where the program shares",
    shows: 7_920,
    stage: stage({
      facts: mechanics((one) =>
        one.kind === "referral" && one.attribution.model === "shared"
          ? { ...one, attribution: { ...one.attribution, model: "last-touch" } }
          : one,
      ),
    }),
  },
  {
    fault: "judges by the terms of the purchase where those of the touch were promised",
    shows: 71_272,
    stage: stage({ facts: mechanics((one) => (one.kind === "referral" ? { ...one, terms: "atConversion" } : one)) }),
  },
  {
    fault: "counts periods in UTC",
    shows: 1_377_907,
    stage: stage({ facts: definitions((one) => ({ ...one, timeZone: "UTC" })) }),
  },
  {
    fault: "publishes backwards",
    shows: 1,
    stage: stage({
      facts: each((fact) => (fact._tag === "ProgramPublished" ? { ...fact, occurredAt: 0 } : fact)),
    }),
  },
  { fault: "takes no notice of corrections", shows: 102_948, stage: stage({ facts: not("ProgramCorrected") }) },
  {
    fault: "keeps commitments that were withdrawn",
    shows: 95_029,
    stage: stage({ facts: not("CommitmentWithdrawn") }),
  },
  {
    fault: "divides anew what was handed over when a touch comes late",
    shows: 229_652,
    stage: stage({ facts: forgetsShares }),
  },
  { fault: "keeps merges that were taken back", shows: 364_275, stage: stage({ facts: not("MergeUndone") }) },
  { fault: "does not join companies", shows: 403_870, stage: stage({ facts: not("CompaniesMerged") }) },
  { fault: "forgets what was announced", shows: 110_867, stage: stage({ facts: not("TierAnnounced") }) },
  { fault: "goes by the first human decision", shows: 1_251_203, stage: stage({ facts: firstDecisions }) },
  {
    fault: "asks whether somebody is enrolled now",
    shows: 63_353,
    stage: stage({ facts: each((fact) => (fact._tag === "Enrolled" ? { ...fact, occurredAt: 0 } : fact)) }),
  },
  {
    fault: "drops the second refund of an order",
    shows: 71_272,
    stage: stage({ facts: (facts) => facts.filter(({ key }) => !/refund.*-1$/.test(key)) }),
  },
  { fault: "hands out what is on hold", shows: 7_920, stage: stage({ credit: into("pending", "available") }) },
  {
    fault: "does not let a person's credits pay the person's debts",
    shows: 641_440,
    stage: stage({ credit: into("repaid", "debt") }),
  },
  {
    fault: "books what was given away as handed over",
    shows: 1_045_309,
    stage: stage({ credit: into("transferred", "settled") }),
  },
  { fault: "leaves what erased people had open", shows: 166_300, stage: stage({ facts: not("PersonErased") }) },
  {
    fault: "takes whoever comes back after an erasure for a new customer",
    shows: 1_029_471,
    stage: stage({ facts: not("PersonReturned") }),
  },
  { fault: "joins whoever comes back to whom was erased", shows: 293_004, stage: stage({ facts: joinsWhoReturned }) },
  {
    fault: "forfeits what an erased person was given too",
    shows: 63_353,
    stage: stage({ credit: (one) => (isTombstone(one.beneficiary) ? into("settled", "forfeited")(one) : one) }),
  },
  {
    fault: "credits what waits for a human",
    shows: 15_839,
    stage: stage({
      credit: (one) => (one.outcome === "held" ? { ...one, outcome: "credited", review: "clear" } : one),
    }),
  },
]

/** The first disagreement among 200 histories; fails when there is none, for then the test is blind to this fault. */
export const firstDisagreement = (worse: Fault): Effect.Effect<ModelComparison.Disagreed> =>
  Effect.gen(function* () {
    for (const seed of Runs.from(worse.shows, 200)) {
      const result = yield* Effect.result(ModelComparison.check(seed, worse.stage, 0))
      if (result._tag === "Failure" && result.failure._tag === "Disagreed") return result.failure
    }
    return yield* Effect.die(new Error("no history of 200 differed: the test does not see this fault"))
  }).pipe(Effect.provide(Layer.fresh(MemoryStores.layerMemory)))
