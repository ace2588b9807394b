/**
 * What the check of a promise reads and what it says.
 *
 * A promise has parts; each part says how much it looked at, or what is wrong and where. A part that cannot be seen in a
 * user's data says where it is checked instead; it neither passes nor fails.
 */
import type { Parked } from "../connector/Inbox.ts"
import type { Fact } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CreditKey } from "../ledger/Credit.ts"
import type { Balance, Posted, Revision } from "../ledger/Ledger.ts"
import type { EffectRow } from "../ledger/OutboundEffect.ts"
import type { Evaluation } from "../program/Evaluation.ts"

/** One thing that a promise comes down to. */
export interface Part {
  readonly claim: string
  /** null: it cannot be seen in a user's data. */
  readonly holds: boolean | null
  /** How much was looked at, what is wrong, or where it is checked instead. */
  readonly detail: string
}

export interface PromiseCheck {
  readonly promise: number
  readonly name: string
  /** false when any part fails; null when no part can be seen. */
  readonly holds: boolean | null
  readonly detail: string
  readonly parts: ReadonlyArray<Part>
}

/** Everything that the checks read, of one tenant at one time. */
export interface Stored {
  readonly asOf: Instant
  readonly facts: ReadonlyArray<Fact>
  readonly evaluations: ReadonlyArray<Evaluation>
  readonly posted: ReadonlyMap<CreditKey, Posted>
  /** Of every credit that has more than one revision; the only revision of another is what `posted` says. */
  readonly histories: ReadonlyMap<CreditKey, ReadonlyArray<Revision>>
  readonly balances: ReadonlyArray<Balance>
  readonly effects: ReadonlyArray<EffectRow>
  readonly inbox: { readonly open: number; readonly done: number; readonly parked: number }
  readonly parked: ReadonlyArray<Parked>
  /** Some of the personal values that facts must not hold. */
  readonly personal: ReadonlyMap<Handle, string>
}

/** At most three examples, so that a broken store does not print a book. */
export const part = (claim: string, looked: string, faults: ReadonlyArray<string>): Part => ({
  claim,
  holds: faults.length === 0,
  detail:
    faults.length === 0
      ? looked
      : `${faults.length} wrong of ${looked}: ${faults.slice(0, 3).join("; ")}${faults.length > 3 ? "; …" : ""}`,
})

export const unseen = (claim: string, where: string): Part => ({ claim, holds: null, detail: where })

/** A promise from its parts. */
export const promise = (number: number, name: string, parts: ReadonlyArray<Part>): PromiseCheck => {
  const failing = parts.filter(({ holds }) => holds === false)
  const seen = parts.filter(({ holds }) => holds !== null)
  const told = failing.length > 0 ? failing : seen.length > 0 ? seen : parts
  return {
    promise: number,
    name,
    holds: failing.length > 0 ? false : seen.length > 0 ? true : null,
    detail: told.map(({ claim, detail }) => `${claim} (${detail})`).join("; "),
    parts,
  }
}
