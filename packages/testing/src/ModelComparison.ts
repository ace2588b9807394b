/**
 * The engine against the reference model: what the kit's own crediting posts for a history is what the rules in words say of it.
 *
 * Promises: from one seed a rich history, told in disorder with crediting at pauses, of everything or of what has changed; facts, people, decisions, balances and digest must
 * be the model's for the same facts. In a third of the histories people are erased in between, some while facts arrive. A failure names
 * the seed that repeats it, the first lines that differ, and the smallest part of the history that still differs. It needs the stores
 * and nothing else.
 */
import { Erasure } from "@advocacy-kit/core/fact/Erasure"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit, factsAt, type CreditingError, type CreditingNeeds } from "@advocacy-kit/core/flow/Crediting"
import { creditChanges } from "@advocacy-kit/core/flow/CreditingChanges"
import { digestAt } from "@advocacy-kit/core/flow/Digesting"
import * as Erasing from "@advocacy-kit/core/flow/Erasing"
import { canonical, ofLines } from "@advocacy-kit/core/id/Digest"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import * as StateDigest from "@advocacy-kit/core/ledger/StateDigest"
import * as People from "@advocacy-kit/core/person/People"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Schema } from "effect"
import * as Chance from "./convergence/Chance.ts"
import * as Delivery from "./convergence/Delivery.ts"
import * as RichHistory from "./convergence/RichHistory.ts"
import { name } from "./convergence/RichPrograms.ts"
import * as Law from "./Law.ts"
import * as Model from "./model/Model.ts"
import type * as ModelErasure from "./model/ModelErasure.ts"

/** Engine and model say different things of one history. */
export class Disagreed extends Schema.TaggedError<Disagreed>()("Disagreed", {
  seed: Schema.Int,
  /** Lines of the digest that only one of them has. */
  findings: Schema.Array(Schema.String),
  /** The smallest history found that still differs. */
  facts: Schema.Array(Schema.String),
  /** Who was erased, and after how many deliveries. */
  erasures: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const shown = <A>(list: ReadonlyArray<A>): string => list.slice(0, 12).join("\n    ")
    return (
      `seed ${this.seed} (repeat it with ADVOCACY_SEED=${this.seed}):\n    ${shown(this.findings)}\n` +
      `  of ${this.facts.length} facts that are left of the history, such as:\n    ${shown(this.facts)}` +
      (this.erasures.length === 0 ? "" : `\n  and erasures:\n    ${shown(this.erasures)}`)
    )
  }
}

/** What a run went through, so that a test can show that it was not about nothing. */
export interface Compared {
  readonly facts: number
  /** How many decisions had each outcome, and each reason. */
  readonly decisions: Readonly<Record<string, number>>
  /** In how many balances value lay in each kind of account. */
  readonly accounts: Readonly<Record<string, number>>
  /** How many people were erased, in which way, and how many of their handles came back. */
  readonly erasures: Readonly<Record<string, number>>
}

type Stores = Exclude<Erasing.ErasingNeeds, CurrentTenant>

/** How a tenant is credited; the kit's own unless a test of the test brings a worse one. */
export type Stage = (asOf: Instant) => Effect.Effect<unknown, CreditingError, CreditingNeeds>

const whole: Stage = (asOf) => credit(name, asOf)
const changes =
  (batch: number): Stage =>
  (asOf) =>
    creditChanges(asOf, { batch })

/** An erasure with when it takes place. */
interface Due extends ModelErasure.Request {
  /** After how many deliveries. */
  readonly after: number
  /** By the store alone, before or while the next facts arrive, or with crediting after it as the command does. */
  readonly how: "alone" | "racing" | "crediting"
}

interface Telling {
  readonly batches: ReadonlyArray<Delivery.Batch>
  readonly handleKey: CurrentTenant["Service"]["handleKey"]
  readonly erasures: ReadonlyArray<Due>
  readonly asOf: Instant
  readonly stage: Stage
}

const erase = ({ at, by, handle, how, reason }: Due, asOf: Instant) =>
  Effect.gen(function* () {
    const request = { handles: [handle], at, by, reason }
    yield* how === "crediting" ? Erasing.erase(request, asOf) : (yield* Erasure).erase(request)
  })

/** Tells a fresh tenant, and answers what its stores say in the digest's lines. */
const tell = ({ asOf, batches, erasures, handleKey, stage }: Telling) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const ledger = yield* Ledger
    for (const [index, { facts, pauseAt }] of batches.entries()) {
      const due = erasures.filter(({ after }) => after === index)
      for (const one of due.filter(({ how }) => how !== "racing")) yield* erase(one, asOf)
      const racing = due.filter(({ how }) => how === "racing").map((one) => erase(one, asOf))
      yield* Effect.all([...racing, log.append({ facts, personal: [] })], { concurrency: "unbounded", discard: true })
      if (pauseAt !== null) yield* stage(pauseAt)
    }
    for (const one of erasures.filter(({ after }) => after >= batches.length)) yield* erase(one, asOf)
    yield* stage(asOf)
    const [facts, posted] = [yield* factsAt(asOf), yield* ledger.posted(name)]
    const { digest } = yield* digestAt(asOf)
    return {
      digest,
      lines: StateDigest.lines({
        facts,
        people: People.resolve(facts),
        credits: [...posted.values()].map((one) => one.credit),
        balances: yield* ledger.balances,
      }),
    }
  }).pipe((telling) =>
    Effect.flatMap(Law.freshTenant, ({ id }) => Effect.provideService(telling, CurrentTenant, { id, handleKey })),
  )

const allOf = (batches: ReadonlyArray<Delivery.Batch>): ReadonlyArray<Fact> => batches.flatMap(({ facts }) => facts)

/** What only the engine says, and what only the model says; empty when they agree. */
const findings = (telling: Telling) =>
  Effect.gen(function* () {
    const told = yield* tell(telling)
    const erasures = { key: telling.handleKey, requests: telling.erasures }
    const model = Model.lines(Model.answer(allOf(telling.batches), name, telling.asOf, erasures))
    const [theirs, ours] = [new Set(told.lines), new Set(model)]
    const differing = [
      ...told.lines.filter((line) => !ours.has(line)).map((line) => `engine: ${line}`),
      ...model.filter((line) => !theirs.has(line)).map((line) => `model:  ${line}`),
    ]
    const isSame = told.digest === ofLines(model)
    return differing.length > 0 || isSame ? differing : ["the digest is of other lines than those of the stores"]
  })

const without = (batches: ReadonlyArray<Delivery.Batch>, gone: ReadonlySet<Fact>): ReadonlyArray<Delivery.Batch> =>
  batches.map(({ facts, pauseAt }) => ({ facts: facts.filter((fact) => !gone.has(fact)), pauseAt }))

/** What a finding is about, whatever it says of it. */
const aboutOf = (finding: string): string => finding.split(/ +/).slice(0, 3).join(" ")

/** Leaves out what can be left out with the same thing still differing, by halves, by quarters, one by one. */
const shrunk = (telling: Telling, found: ReadonlyArray<string>, tries: number) =>
  Effect.gen(function* () {
    const about = new Set(found.map(aboutOf))
    let smallest = { telling, found }
    let left = tries
    const shrinkTo = (part: Partial<Telling>) =>
      Effect.gen(function* () {
        const smaller = { ...smallest.telling, ...part }
        const still = yield* findings(smaller)
        const same = still.filter((finding) => about.has(aboutOf(finding)))
        const isSame = ["engine:", "model:"].every(
          (side) => !found.some((one) => one.startsWith(side)) || same.some((one) => one.startsWith(side)),
        )
        if (same.length > 0 && isSame) smallest = { telling: smaller, found: still }
      })
    if (tries > 0) yield* shrinkTo({ batches: Delivery.atOnce(allOf(telling.batches)) })
    for (const gone of tries > 0 ? telling.erasures : [])
      yield* shrinkTo({ erasures: smallest.telling.erasures.filter((one) => one !== gone) })
    for (let size = Math.ceil(allOf(telling.batches).length / 2); size >= 1 && left > 0; size = size >> 1) {
      const facts = [...new Set(allOf(smallest.telling.batches))]
      for (let start = 0; start < facts.length && left > 0; start += size, left--)
        yield* shrinkTo({ batches: without(smallest.telling.batches, new Set(facts.slice(start, start + size))) })
    }
    return smallest
  })

/** A fact in one line; of a program only its hash. */
const said = (fact: Fact): string => canonical("definition" in fact ? { ...fact, definition: fact.hash } : fact)

const counted = (names: ReadonlyArray<string>): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(names, (one) => one)].map(([one, list]) => [one, list.length]))

/** When each erasure takes place, and how. What takes merges back is told before the first of them. */
const planned = (
  chance: Chance.Chance,
  { erasures, facts }: RichHistory.RichHistory,
  told: ReadonlyArray<Delivery.Batch>,
): Pick<Telling, "batches" | "handleKey" | "erasures"> => {
  const undone = facts.filter(({ _tag }) => _tag === "MergeUndone")
  const batches = erasures.requests.length === 0 ? told : [{ facts: undone, pauseAt: null }, ...told]
  return {
    batches,
    handleKey: erasures.key,
    erasures: erasures.requests.map((request) => ({
      ...request,
      after: chance.between(1, batches.length),
      how: chance.pick("alone", "racing", "racing", "crediting"),
    })),
  }
}

/** Draws the history of a seed, tells it in disorder, and compares with the model. */
export const check = (
  seed: number,
  worse?: Stage,
  tries = 300,
): Effect.Effect<Compared, Disagreed | CreditingError, Stores> =>
  Effect.gen(function* () {
    const chance = Chance.make(seed)
    const history = RichHistory.draw(chance, 33)
    const { asOf, facts } = history
    const batches = Delivery.disorderly(chance, facts, asOf)
    const own = chance.pick(whole, changes(10), changes(1_000))
    const telling: Telling = { ...planned(chance, history, batches), asOf, stage: worse ?? own }
    const found = yield* findings(telling)
    if (found.length > 0) {
      const smallest = yield* shrunk(telling, found, tries)
      return yield* new Disagreed({
        seed,
        findings: smallest.found,
        facts: [...new Set(allOf(smallest.telling.batches))].map(said),
        erasures: smallest.telling.erasures.map(canonical),
      })
    }
    const { history: known, sheets } = Model.answer(facts, name, asOf, history.erasures)
    return {
      facts: facts.length,
      decisions: counted(
        sheets.flatMap(({ credit: { outcome, reason, review } }) => [
          `${outcome} ${review}`,
          ...(reason === null ? [] : [reason]),
        ]),
      ),
      accounts: counted(
        sheets.flatMap(({ legs }) =>
          legs.filter(({ amountMinor }) => amountMinor !== 0n).map(({ account }) => account.split("#")[1] ?? ""),
        ),
      ),
      erasures: counted([
        ...telling.erasures.map(({ how }) => how),
        ...known.facts.flatMap(({ _tag }) => (_tag === "PersonReturned" ? ["returned"] : [])),
      ]),
    }
  })

const added = (left: Readonly<Record<string, number>>, right: Readonly<Record<string, number>>) => {
  const sum = { ...left }
  for (const [one, count] of Object.entries(right)) sum[one] = (sum[one] ?? 0) + count
  return sum
}

/** Checks every seed and adds up what the runs went through; stops at the first that disagrees. */
export const checkAll = (seeds: ReadonlyArray<number>): Effect.Effect<Compared, Disagreed | CreditingError, Stores> =>
  Effect.gen(function* () {
    let all: Compared = { facts: 0, decisions: {}, accounts: {}, erasures: {} }
    for (const seed of seeds) {
      const run = yield* check(seed)
      all = {
        facts: all.facts + run.facts,
        decisions: added(all.decisions, run.decisions),
        accounts: added(all.accounts, run.accounts),
        erasures: added(all.erasures, run.erasures),
      }
    }
    return all
  })
