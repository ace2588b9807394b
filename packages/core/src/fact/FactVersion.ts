/**
 * Which of several versions of one fact counts.
 *
 * Promises: a total order that depends on nothing but the facts themselves (version, then source rank, then content),
 * so that every order of arrival ends in the same newest version.
 */
import { canonical, sha256Hex } from "../id/Digest.ts"
import type { Fact, FactKey } from "./Fact.ts"

/** What the fact says, without its version and rank, as canonical text. */
export const contentText = (fact: Fact): string => {
  const { rank: _rank, version: _version, ...content } = fact
  return canonical(content)
}

/** SHA-256 of `contentText`: two versions that say the same share it. */
export const contentDigest = (fact: Fact): string => sha256Hex(contentText(fact))

export interface Versioned {
  readonly fact: Fact
  readonly digest: string
}

export const versioned = (fact: Fact): Versioned => ({ fact, digest: contentDigest(fact) })

/** Negative when `left` is older than `right`, 0 when they are the same statement. */
export const compare = (left: Versioned, right: Versioned): number =>
  left.fact.version - right.fact.version ||
  left.fact.rank - right.fact.rank ||
  (left.digest < right.digest ? -1 : left.digest > right.digest ? 1 : 0)

/** The newest version of every key. */
export const newest = (facts: Iterable<Fact>): Map<FactKey, Fact> => {
  const kept = new Map<FactKey, Versioned>()
  for (const fact of facts) {
    const candidate = versioned(fact)
    const known = kept.get(fact.key)
    if (known === undefined || compare(known, candidate) < 0) kept.set(fact.key, candidate)
  }
  return new Map([...kept].map(([key, { fact }]) => [key, fact]))
}
