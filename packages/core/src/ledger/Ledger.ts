/**
 * The double-entry ledger, with the decisions behind it and the outbox beside it.
 *
 * Promises: a commit is one transaction (revisions, their postings, decisions, planned effects); each revision of a
 * credit is unique by (credit, revision), so two workers that computed the same change cannot both post it; postings sum
 * to zero per transaction and unit, and are never changed or removed. Balances are sums.
 */
import { Context, type Effect, Schema } from "effect"
import { type Mark, StoreUnavailable } from "../fact/FactLog.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { Account, Credit, CreditKey, Leg, Maturity, Unit } from "./Credit.ts"
import type { EffectKey, EffectRow, OutboundEffect, State } from "./OutboundEffect.ts"
import type { Move, Taken, Taking } from "./Outbox.ts"

/** One change of one credit: the difference between what it should be and what was posted. */
export interface Revision {
  readonly key: CreditKey
  /** 1 for the first. */
  readonly revision: number
  readonly unit: Unit
  readonly effectiveAt: Instant
  /** Sum to zero. Empty when only the decision changed. */
  readonly legs: ReadonlyArray<Leg>
  /** The credit as it stands after this revision. */
  readonly credit: Credit
  /** The time that the decision was made for. */
  readonly asOf: Instant
  /** SHA-256 of what it was decided by (see `Inputs`); empty where an earlier release posted it. Never compared with another. */
  readonly inputs: string
}

/** A revision as it was stored. */
export interface Recorded extends Revision {
  /** How far the fact log had got: what it was decided by is among the versions recorded by then. */
  readonly mark: Mark
}

export interface Commit {
  readonly revisions: ReadonlyArray<Revision>
  /** To be planned. A key that is planned or undone takes the new content; one that has begun stays as it is. */
  readonly effects: ReadonlyArray<OutboundEffect>
  /**
   * Planned effects whose credit went away before anything was sent. Undone before `effects` are planned. If one of them has
   * begun meanwhile the commit is refused as `Overtaken`: the plan was made without knowing.
   */
  readonly undo: ReadonlyArray<EffectKey>
  /**
   * `FactLog.erasures` from before the facts were read. If somebody was erased since, the commit is refused as `Overtaken`: it may name
   * them. Absent: nobody asks.
   */
  readonly erasures?: number
}

/** A credit's last revision and what its revisions sum to. */
export interface Posted {
  readonly revision: number
  readonly credit: Credit
  readonly legs: ReadonlyArray<Leg>
}

/** A credit by what it is for and whose it is. */
export interface CreditedTo {
  readonly cause: string
  readonly beneficiary: Handle
  readonly unit: Unit
}

/** Which of somebody's credits. */
export type Which = "any" | "open" | "owing"

const openIn: ReadonlyArray<Maturity> = ["pending", "available", "expired"]

/** Whether something of a credit lies open or did until it expired, and whether it owes or pays a debt. */
export const unsettledIn = (legs: ReadonlyArray<Leg>): { readonly open: boolean; readonly owing: boolean } => ({
  open: legs.some(({ account }) => openIn.some((maturity) => account.endsWith(`#${maturity}`))),
  owing: legs.some(({ account }) => account.endsWith("#debt") || account.endsWith("#repaid")),
})

export interface Balance {
  readonly account: Account
  readonly unit: Unit
  readonly amountMinor: bigint
}

/** Another worker posted one of these revisions first, or began an effect that this commit undoes: evaluate again. */
export class Overtaken extends Schema.TaggedError<Overtaken>()("Overtaken", {
  credit: Schema.String,
  revision: Schema.Int,
}) {
  readonly isRetryable = true
}

/** The legs of a revision do not sum to zero; a programmer's error, refused before anything is stored. */
export class Unbalanced extends Schema.TaggedError<Unbalanced>()("Unbalanced", { credit: Schema.String }) {
  readonly isRetryable = false
}

export class LedgerError extends Schema.TaggedError<LedgerError>()("LedgerError", {
  reason: Schema.Union([StoreUnavailable, Overtaken, Unbalanced]),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class Ledger extends Context.Service<
  Ledger,
  {
    /** Every credit of a program with its posted state, by key. */
    readonly posted: (program: string) => Effect.Effect<ReadonlyMap<CreditKey, Posted>, LedgerError, CurrentTenant>
    /** The credits of a program whose cause is one of these, by key. */
    readonly postedFor: (options: {
      readonly program: string
      readonly causes: ReadonlyArray<string>
    }) => Effect.Effect<ReadonlyMap<CreditKey, Posted>, LedgerError, CurrentTenant>
    /** Causes of a program's credits that time alone changes at or before `asOf`, at most `limit`, the earliest first. */
    readonly due: (options: {
      readonly program: string
      readonly asOf: Instant
      readonly limit: number
    }) => Effect.Effect<ReadonlyArray<string>, LedgerError, CurrentTenant>
    /**
     * These beneficiaries' credits, in order of cause: `any` of them; those in which something lies `open` (pending, available) or did
     * until it expired, which a debt of an earlier time takes; those that are `owing`: they owe or pay a debt (debt, repaid).
     */
    readonly creditedTo: (options: {
      readonly program: string
      readonly beneficiaries: ReadonlyArray<Handle>
      readonly which: Which
    }) => Effect.Effect<ReadonlyArray<CreditedTo>, LedgerError, CurrentTenant>
    /** Stores the whole commit or fails with nothing stored. */
    readonly commit: (commit: Commit) => Effect.Effect<void, LedgerError, CurrentTenant>
    /** Non-zero balances per account and unit, in account order, of all programs. */
    readonly balances: Effect.Effect<ReadonlyArray<Balance>, LedgerError, CurrentTenant>
    /** Every revision of one credit, oldest first. */
    readonly history: (credit: CreditKey) => Effect.Effect<ReadonlyArray<Recorded>, LedgerError, CurrentTenant>
    /** Effects in a state, in key order from behind `after` on, at most `limit`; of these credits alone where they are named. */
    readonly effects: (options: {
      readonly states: ReadonlyArray<State>
      readonly credits?: ReadonlyArray<CreditKey>
      readonly after?: EffectKey
      readonly limit?: number
    }) => Effect.Effect<ReadonlyArray<EffectRow>, LedgerError, CurrentTenant>
    /**
     * Takes effects of one platform to be sent: they are `sending` under a new attempt until the lease runs out. First those
     * whose lease or pause is over, the longest waiting before the others, then planned ones in key order; no more than
     * `OutboxPlan` allows, also when several take at once. The facts of what was taken (commitments) are stored in the same transaction.
     */
    readonly take: (taking: Taking) => Effect.Effect<Taken, LedgerError, CurrentTenant>
    /**
     * Changes effects that are in one of the states `from` and whose attempt is the one named; the others, which somebody
     * else has moved or taken meanwhile, stay as they are. Answers the keys that were changed. Facts (withdrawals) and the
     * platform's outage are stored in the same transaction.
     */
    readonly move: (move: Move) => Effect.Effect<ReadonlySet<EffectKey>, LedgerError, CurrentTenant>
    /**
     * Runs `body` as one transaction while nobody else of the tenant runs one under a shared name: what it reads stays true
     * until the end, as far as everybody who changes it takes the same names. Names may come in any order and repeat, and
     * are few: one for each scope. Fact log and ledger calls inside join it. A commit or move that fails inside fails the
     * whole, so a body that catches the failure and goes on dies; work inside work is a part that can fail alone.
     *
     * A database rolls back everything written inside when `body` fails, and may run `body` again after a lost race: it must
     * do nothing else that cannot be repeated. In memory there is no roll-back: what was written stays.
     */
    readonly exclusively: <A, E, R>(
      names: ReadonlyArray<string>,
      body: Effect.Effect<A, E, R>,
    ) => Effect.Effect<A, E | LedgerError, R | CurrentTenant>
  }
>()("@advocacy-kit/core/ledger/Ledger") {}
