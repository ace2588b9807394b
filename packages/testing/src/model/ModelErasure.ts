/**
 * The reference model, part 14: what is told of people who were erased. See docs/crediting.md, "Erasure", and docs/operations.md.
 *
 * Promises: what was told, in any order, with tombstones where it has to have them, and the facts that say so; what follows for credits
 * is said where it belongs (`ModelBalances`, `ModelVerdict`). It follows names to nobody through aliases that a record has lost.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { isSoft, isTombstone, tombstone, type Handle, type HandleKey } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { make } from "./ModelHistory.ts"

export interface Request {
  readonly handle: Handle
  /** What occurred by then is erased. */
  readonly at: Instant
  readonly by: string
  readonly reason: string
}

export interface Erasures {
  /** What the tenant hashes with. */
  readonly key: HandleKey
  readonly requests: ReadonlyArray<Request>
}

export const nobody: Erasures = { key: new Uint8Array(16), requests: [] }

const rewritten = (value: unknown, instead: (text: string) => string): unknown => {
  if (typeof value === "string") return instead(value)
  if (Array.isArray(value)) return value.map((member: unknown) => rewritten(member, instead))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rewritten(member, instead)]))
}

/** Every text that a fact says. Programs name nobody. */
const textsOf = (fact: Fact.Fact): ReadonlySet<string> => {
  const texts = new Set<string>()
  if (!("definition" in fact)) rewritten(fact, (text) => texts.add(text) && text)
  return texts
}

/** Handles that later facts say again. */
export const comingBack = (told: ReadonlyArray<Fact.Fact>, handles: ReadonlyArray<Handle>, at: Instant) => {
  const said = told.filter(({ occurredAt }) => occurredAt > at).map(textsOf)
  return handles.filter((handle) => said.some((texts) => texts.has(handle)))
}

/** Who is asked for: everybody's handles that records and merges of by then join. A merge that was ever taken back joins nobody. */
export const handlesOf = (
  told: ReadonlyArray<Fact.Fact>,
  { at, handle }: Pick<Request, "handle" | "at">,
): ReadonlyArray<Handle> => {
  const undone = new Set(told.flatMap((fact) => (fact._tag === "MergeUndone" ? [fact.merge] : [])))
  const { people } = make(
    told.filter(({ key, occurredAt }) => occurredAt <= at && !undone.has(key)),
    "",
    at,
  )
  return people.find((handles) => handles.includes(handle)) ?? [handle]
}

/** What they alone, or with others, are known by. */
const softOf = (told: ReadonlyArray<Fact.Fact>, theirs: ReadonlyArray<Handle>, at: Instant): ReadonlyArray<Handle> =>
  told
    .filter(({ occurredAt }) => occurredAt <= at)
    .flatMap((fact) => {
      const whose =
        fact._tag === "PersonSeen" ? [fact.person] : fact._tag === "OrderPlaced" ? [fact.customer, fact.email] : []
      return "soft" in fact && whose.some((one) => one !== null && theirs.includes(one)) ? fact.soft : []
    })

const erase = (
  told: ReadonlyArray<Fact.Fact>,
  key: HandleKey,
  { at, by, handle, reason }: Request,
): ReadonlyArray<Fact.Fact> => {
  const theirs = handlesOf(told, { handle, at })
  const stones = new Map<string, Handle>(
    // What somebody else was known by too may have gone with them.
    [...theirs, ...softOf(told, theirs, at)]
      .filter((one) => !isTombstone(one))
      .map((one) => [one, tombstone(key, one)]),
  )
  const isErased = (text: string, occurredAt: Instant) => isSoft(text as Handle) || occurredAt <= at
  const person = tombstone(key, handle)
  const own = { rank: Fact.rank.own, occurredAt: at }
  return [
    ...told.map((fact) =>
      "definition" in fact
        ? fact
        : (rewritten(fact, (text) =>
            isErased(text, fact.occurredAt) ? (stones.get(text) ?? text) : text,
          ) as Fact.Fact),
    ),
    ...comingBack(told, theirs, at).map((one): Fact.PersonReturned => ({
      _tag: "PersonReturned",
      ...own,
      key: Fact.key(`advocacy:returned/${one}`),
      version: at,
      person: one,
      tombstone: tombstone(key, one),
    })),
    {
      _tag: "PersonErased",
      ...own,
      key: Fact.key(`advocacy:erasure/${person}/${at}`),
      version: 0,
      person,
      by,
      reason,
    },
  ]
}

/** What a tenant holds that was told these facts and asked to erase these people, who have nothing to do with each other. */
export const held = (told: ReadonlyArray<Fact.Fact>, { key, requests }: Erasures): ReadonlyArray<Fact.Fact> =>
  requests.reduce((facts, request) => erase(facts, key, request), told)
