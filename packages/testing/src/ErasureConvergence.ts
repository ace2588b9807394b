/**
 * That erasing a person ends in the same state at whatever moment it comes, and costs nobody else anything.
 *
 * Promises: from one seed a history full of trouble and a person of it. One tenant is told everything and then erases; another erases
 * somewhere in the middle of facts that arrive shuffled, repeated and late. Facts, people, decisions and balances must agree, and no
 * stored text may name the person. Erased after everything happened, nobody else's balance changes. Records only gain aliases: whom an
 * alias belonged to that a record had lost by the time of the request depends on what was known then, and that is documented.
 */
import { Erasure } from "@advocacy-kit/core/fact/Erasure"
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import { credit, factsAt } from "@advocacy-kit/core/flow/Crediting"
import { canonical } from "@advocacy-kit/core/id/Digest"
import { isTombstone, tombstone, type Handle } from "@advocacy-kit/core/id/Handle"
import { days, type Instant } from "@advocacy-kit/core/id/Instant"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import * as StateDigest from "@advocacy-kit/core/ledger/StateDigest"
import * as People from "@advocacy-kit/core/person/People"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import * as Chance from "./convergence/Chance.ts"
import * as Delivery from "./convergence/Delivery.ts"
import { growing } from "./convergence/GrowingRecords.ts"
import * as LedgerAudit from "./convergence/LedgerAudit.ts"
import * as TroubledHistory from "./convergence/TroubledHistory.ts"
import * as TroubledPrograms from "./convergence/TroubledPrograms.ts"
import { Diverged } from "./Convergence.ts"
import * as Law from "./Law.ts"
import * as Scenario from "./Scenario.ts"

/**
 * Without second tellings that contradict the first under the same version and rank: which of those counts depends on what they say, and
 * so on the names in them.
 */
const consistent = (facts: ReadonlyArray<Fact.Fact>): ReadonlyArray<Fact.Fact> => {
  const seen = new Set<string>()
  return facts.filter(({ key, rank, version }) => {
    const name = `${key} ${version} ${rank}`
    return !seen.has(name) && seen.add(name)
  })
}

interface Story {
  readonly batches: ReadonlyArray<Delivery.Batch>
  /** The erasure comes after so many batches. */
  readonly eraseAfter: number
  readonly handle: Handle
  readonly erasedAt: Instant
  readonly asOf: Instant
}

const tell = ({ asOf, batches, eraseAfter, erasedAt, handle }: Story) =>
  Effect.gen(function* () {
    const [log, ledger, erasure] = [yield* FactLog, yield* Ledger, yield* Erasure]
    const { handleKey } = yield* CurrentTenant
    const erase = erasure.erase({ handles: [handle], at: erasedAt, by: "a test", reason: "asked for it" })
    for (const [index, { facts, pauseAt }] of batches.entries()) {
      if (index === eraseAfter) yield* erase
      yield* log.append({ facts, personal: [] })
      if (pauseAt !== null) yield* credit(TroubledPrograms.name, pauseAt)
    }
    if (eraseAfter >= batches.length) yield* erase
    const credited = yield* credit(TroubledPrograms.name, asOf)
    const again = yield* credit(TroubledPrograms.name, asOf)
    const posted = yield* ledger.posted(TroubledPrograms.name)
    const balances = yield* ledger.balances
    const credits = [...posted.values()].map((one) => one.credit)
    const named = new Set<string>()
    for (const fact of credited.facts) if (fact.occurredAt <= erasedAt) Tombstone.candidatesIn(fact, named)
    const stones = new Set(credited.facts.flatMap((fact) => [...stonesIn(fact)]))
    return {
      credited,
      lines: [
        ...StateDigest.lines({ facts: credited.facts, people: credited.evaluation.history.people, credits, balances }),
      ].sort(),
      findings: [
        ...(again.revisions === 0 ? [] : [`a second crediting posted ${again.revisions} revisions`]),
        ...(yield* LedgerAudit.postings(posted, credited.evaluation)),
        ...[...named]
          .filter((text) => stones.has(tombstone(handleKey, text as Handle)))
          .filter((text) => !text.startsWith("advocacy:"))
          .filter((text) => !credited.facts.some((fact) => fact._tag === "PersonReturned" && fact.person === text))
          .map((text) => `${text} is named although it was erased`),
        ...mixed(credited.evaluation.history.people),
        ...balances
          .filter(({ account }) => isTombstone(account) && /#(?:pending|available)$/.test(account))
          .map(({ account }) => `${account} is open although its owner was erased`),
        ...(yield* ledger.effects({ states: ["planned"] }))
          .filter(({ effect }) => isTombstone(effect.beneficiary))
          .map(({ effect }) => `${effect.key} is planned for somebody erased`),
      ],
    }
  })

const stonesIn = (fact: Fact.Fact): ReadonlySet<string> => {
  const found = new Set<string>()
  Tombstone.inValue(fact, (text) => {
    if (isTombstone(text)) found.add(text)
    return undefined
  })
  return found
}

/** A person is erased whole or not at all. */
const mixed = (people: People.People): ReadonlyArray<string> =>
  people.all
    .map(people.handlesOf)
    .filter((handles) => handles.some(isTombstone) && !handles.every(isTombstone))
    .map((handles) => `${handles.join(" ")} is half erased`)

const difference = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [mine, yours] = [new Set(left), new Set(right)]
  return [
    ...left.filter((line) => !yours.has(line)).map((line) => `erased at the end: ${line}`),
    ...right.filter((line) => !mine.has(line)).map((line) => `erased in the middle: ${line}`),
  ]
}

/** Balances of everybody but the erased person, before and after, where the erasure comes after everything. */
const others = (facts: ReadonlyArray<Fact.Fact>, handle: Handle, asOf: Instant) =>
  Effect.gen(function* () {
    const [log, ledger, erasure] = [yield* FactLog, yield* Ledger, yield* Erasure]
    yield* log.append({ facts, personal: [] })
    yield* credit(TroubledPrograms.name, asOf)
    const at = Math.max(asOf, ...facts.map(({ occurredAt }) => occurredAt))
    const people = People.resolve(yield* factsAt(at))
    const theirs = new Set<string>(people.handlesOf(people.personOf(handle)))
    const ofOthers = Effect.map(ledger.balances, (balances) =>
      balances
        .filter(({ account }) => !isTombstone(account) && !theirs.has(account.slice(0, account.lastIndexOf("#"))))
        .map(canonical),
    )
    const first = yield* ofOthers
    yield* erasure.erase({ handles: [handle], at, by: "a test", reason: "asked for it" })
    const second = yield* ofOthers
    const after = yield* credit(TroubledPrograms.name, asOf)
    const third = yield* ofOthers
    return {
      balances: first.length,
      findings: [
        ...difference(first, second).map((line) => `by the erasure alone: ${line}`),
        ...difference(first, third).map((line) => `by crediting after it: ${line}`),
        ...mixed(after.evaluation.history.people),
      ],
    }
  })

export interface Converged {
  readonly facts: number
  /** Runs in which somebody came back after the erasure. */
  readonly returned: number
  readonly otherBalances: number
}

/** Draws the history of a seed, erases one of its people at two moments, and compares. */
export const check = (seed: number) =>
  Effect.gen(function* () {
    const chance = Chance.make(seed)
    const history = TroubledHistory.draw(chance)
    const facts = growing(history.facts)
    const index = chance.below(5)
    const handle = chance.pick(
      Scenario.customerOf(index),
      Scenario.emailOf(`person${index}@example.com`),
      Scenario.contactOf(index),
    )
    const erasedAt = history.asOf - days(chance.below(60))
    const batches = Delivery.disorderly(chance, facts, history.asOf)
    const tenant = yield* Law.freshTenant
    const told = (story: Pick<Story, "batches" | "eraseAfter">) =>
      Effect.flatMap(Law.freshTenant, ({ id }) =>
        // The same key, so that tombstones can be compared.
        Effect.provideService(tell({ ...story, handle, erasedAt, asOf: history.asOf }), CurrentTenant, {
          ...tenant,
          id,
        }),
      )
    const atOnce = yield* told({ batches: Delivery.atOnce(facts), eraseAfter: 1 })
    const inTheMiddle = yield* told({ batches, eraseAfter: chance.below(batches.length + 1) })
    const untouched = yield* Law.asFreshTenant(others(consistent(facts), handle, history.asOf))
    const findings = [
      ...difference(atOnce.lines, inTheMiddle.lines),
      ...atOnce.findings,
      ...inTheMiddle.findings.map((finding) => `erased in the middle: ${finding}`),
      ...untouched.findings,
    ]
    if (findings.length > 0) return yield* new Diverged({ seed, findings })
    return {
      facts: facts.length,
      returned: atOnce.credited.facts.some(({ _tag }) => _tag === "PersonReturned") ? 1 : 0,
      otherBalances: untouched.balances,
    } satisfies Converged
  })

/** Checks every seed and adds up; stops at the first that diverges. */
export const checkAll = (seeds: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    let [facts, returned, otherBalances] = [0, 0, 0]
    for (const seed of seeds) {
      const run = yield* check(seed)
      facts += run.facts
      returned += run.returned
      otherBalances += run.otherBalances
    }
    return { facts, returned, otherBalances }
  })
