/**
 * The reference model, part 1: what is known at a time, and who is whom. See docs/crediting.md, "Terms" and "Keys and accounts".
 *
 * Promises: it looks at facts only, in (`occurredAt`, key) order, and imports no decision of the engine. It is slow on
 * purpose: everything is looked up again in plain lists.
 */
import type { Fact, FactOf, FactTag } from "@advocacy-kit/core/fact/Fact"
import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import type { Share } from "@advocacy-kit/core/money/Share"
import * as Program from "@advocacy-kit/core/program/Program"

/** Something that was handed over, or a lot that was redeemed or given away. */
export interface Commitment {
  readonly credit: string
  readonly key: string
  /** Lots have none and come last. */
  readonly ordinal: number
  readonly at: Instant
  readonly into: "settled" | "transferred"
  readonly beneficiary: Handle
  readonly unit: string
  readonly amountMinor: bigint
  readonly terms: string
  /** Where advocates share; what was recorded before shares were has none. */
  readonly share?: Share
}

export interface ModelHistory {
  readonly program: string
  readonly asOf: Instant
  readonly facts: ReadonlyArray<Fact>
  readonly people: ReadonlyArray<ReadonlyArray<Handle>>
  readonly companies: ReadonlyArray<ReadonlyArray<Handle>>
  /** What is committed to, in order; see `ModelCommitment`. */
  readonly committed: ReadonlyArray<Commitment>
}

interface Dated {
  readonly at: Instant
  readonly key: string
}
export const inOrder = (left: Dated, right: Dated): number =>
  left.at - right.at || (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)

/** Of two tellings of one fact: version, then rank of the source, then content. */
const isOlder = (left: Fact, right: Fact): boolean =>
  left.version !== right.version
    ? left.version < right.version
    : left.rank !== right.rank
      ? left.rank < right.rank
      : contentDigest(left) < contentDigest(right)

/** The newest telling of every fact, where that says that it occurred by `asOf`. */
const newest = (told: ReadonlyArray<Fact>, asOf: Instant): ReadonlyArray<Fact> => {
  const kept = new Map<string, Fact>()
  for (const fact of told) {
    const known = kept.get(fact.key)
    if (known === undefined || isOlder(known, fact)) kept.set(fact.key, fact)
  }
  const occurred = [...kept.values()].filter(({ occurredAt }) => occurredAt <= asOf)
  return occurred.sort((a, b) => inOrder({ at: a.occurredAt, key: a.key }, { at: b.occurredAt, key: b.key }))
}

/** Joins every group with all groups that it shares a member with. */
const clusters = (groups: ReadonlyArray<ReadonlyArray<Handle>>): ReadonlyArray<ReadonlyArray<Handle>> =>
  groups
    .reduce<ReadonlyArray<ReadonlyArray<Handle>>>((known, group) => {
      const touched = known.filter((one) => one.some((handle) => group.includes(handle)))
      const joined = [...new Set([...touched.flat(), ...group])].sort()
      return [...known.filter((one) => !touched.includes(one)), joined]
    }, [])
    .filter((group) => group.length > 0)

export const make = (told: ReadonlyArray<Fact>, program: string, asOf: Instant): ModelHistory => {
  const facts = newest(told, asOf)
  const undone = new Set(facts.flatMap((fact) => (fact._tag === "MergeUndone" ? [fact.merge] : [])))
  return {
    program,
    asOf,
    facts,
    committed: [],
    people: clusters(
      facts.flatMap((fact) =>
        fact._tag === "PersonSeen"
          ? [[fact.person, ...fact.aliases, ...fact.mergedFrom]]
          : fact._tag === "PeopleMerged" && !undone.has(fact.key)
            ? [[fact.into, ...fact.from]]
            : [],
      ),
    ),
    companies: clusters(
      facts.flatMap((fact) =>
        fact._tag === "CompaniesMerged" && !undone.has(fact.key) ? [[fact.into, ...fact.from]] : [],
      ),
    ),
  }
}

export const all = <Tag extends FactTag>(history: ModelHistory, tag: Tag): ReadonlyArray<FactOf<Tag>> =>
  history.facts.filter((fact): fact is FactOf<Tag> => fact._tag === tag)

/** A person is named by the smallest of their handles. */
export const personOf = (history: ModelHistory, handle: Handle): Handle =>
  history.people.find((handles) => handles.includes(handle))?.[0] ?? handle

/** When somebody was last erased; null where nobody was. */
export const erasedAt = (history: ModelHistory, person: Handle): Instant | null =>
  all(history, "PersonErased")
    .filter((erased) => personOf(history, erased.person) === personOf(history, person))
    .reduce<Instant | null>((last, { occurredAt }) => Math.max(last ?? occurredAt, occurredAt), null)

/** Whether somebody who was erased is back under this or another handle. */
export const isBack = (history: ModelHistory, person: Handle): boolean =>
  all(history, "PersonReturned").some((one) => personOf(history, one.person) === personOf(history, person))

export const companyOf = (history: ModelHistory, company: Handle): Handle =>
  history.companies.find((handles) => handles.includes(company))?.[0] ?? company

export const companiesOf = (history: ModelHistory, person: Handle): ReadonlyArray<Handle> => [
  ...new Set(
    all(history, "PersonSeen")
      .filter((record) => personOf(history, record.person) === personOf(history, person))
      .flatMap(({ companies }) => companies.map((one) => companyOf(history, one))),
  ),
]

/** The version in force at a moment: the last that was published by then. */
export const inForce = (history: ModelHistory, at: Instant): Program.Program | null => {
  const published = all(history, "ProgramPublished").filter(
    ({ occurredAt, program }) => program === history.program && occurredAt <= at,
  )
  const last = published.at(-1)
  return last === undefined ? null : Program.stored(last)
}

/** The last correction that was made of this moment. */
export const corrected = (history: ModelHistory, at: Instant): Program.Program | null => {
  const last = all(history, "ProgramCorrected")
    .filter(({ from, program, until }) => program === history.program && from <= at && at < until)
    .at(-1)
  return last === undefined ? null : Program.stored(last)
}

export const judging = (history: ModelHistory, at: Instant): Program.Program | null =>
  corrected(history, at) ?? inForce(history, at)

/** Any version that was ever published or brought by a correction. */
export const named = (history: ModelHistory, hash: string): Program.Program | null => {
  const found = history.facts.find(
    (fact) =>
      (fact._tag === "ProgramPublished" || fact._tag === "ProgramCorrected") &&
      fact.program === history.program &&
      fact.hash === hash,
  )
  return found?._tag === "ProgramPublished" || found?._tag === "ProgramCorrected" ? Program.stored(found) : null
}
