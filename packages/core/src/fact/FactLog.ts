/**
 * The append-only log of facts, and the vault of the personal values that their handles stand for.
 *
 * Promises: a batch is stored whole or not at all, together with the checkpoint that it brings; the same version of
 * the same statement is stored once; nothing is ever changed or removed, but by `Erasure`: what occurred by then and comes
 * later is stored with tombstones, and no personal value with it. It does not decide anything.
 */
import { Context, type Effect, Schema, type Stream } from "effect"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { Fact, FactKey, FactTag } from "./Fact.ts"

/** The value behind a hashed handle, or a display name for a platform's record. */
export interface PersonalValue {
  readonly handle: Handle
  readonly value: string
}

export interface FactBatch {
  readonly facts: ReadonlyArray<Fact>
  /** The last value given for a handle counts. */
  readonly personal: ReadonlyArray<PersonalValue>
  /** Where the job that brings these facts has got to; stored in the same transaction. */
  readonly checkpoint?: Checkpoint
}

/** A job's position in its source. `cursor` is the source's own JSON. */
export interface Checkpoint {
  readonly job: string
  readonly cursor: unknown
}

export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  operation: Schema.String,
  cause: Schema.Defect(),
}) {
  readonly isRetryable = true
}

/** A value that the store cannot hold, such as a NUL byte or half a surrogate pair; nothing of the batch was stored. */
export class Unstorable extends Schema.TaggedError<Unstorable>()("Unstorable", {
  key: Schema.String,
  remedy: Schema.String,
}) {
  readonly isRetryable = false
}

export class FactLogError extends Schema.TaggedError<FactLogError>()("FactLogError", {
  reason: Schema.Union([StoreUnavailable, Unstorable]),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export interface Appended {
  readonly recorded: number
  readonly duplicates: number
}

/** A fact whose newest version has changed since changes were last settled. One for each key. */
export interface Change {
  readonly key: FactKey
  readonly tag: FactTag
  /** The names of every version that was the newest meanwhile, the first to be replaced included. */
  readonly names: ReadonlyArray<string>
  /** When it has to be looked at: when it occurred, the earliest of these versions. */
  readonly at: Instant
  /** Grows when the fact changes again. */
  readonly position: bigint
}

/**
 * How far a log had got. Grows; marks of different logs cannot be compared. What is recorded in the very moment of a mark may or may not
 * count to it.
 */
export type Mark = number

/** Facts to be looked at again, although they have not changed. */
export interface Recheck {
  readonly key: FactKey
  /** When. */
  readonly at: Instant
}

export class FactLog extends Context.Service<
  FactLog,
  {
    /** `recorded` counts new statements, `duplicates` those that were there already. */
    readonly append: (batch: FactBatch) => Effect.Effect<Appended, FactLogError, CurrentTenant>
    /** The newest version of every key, where it says that it occurred at or before `asOf`, of the given kinds or of all, in key order. */
    readonly newest: (options: {
      readonly asOf: Instant
      readonly tags?: ReadonlyArray<FactTag>
    }) => Stream.Stream<Fact, FactLogError, CurrentTenant>
    /** How far the log has got. */
    readonly mark: Effect.Effect<Mark, FactLogError, CurrentTenant>
    /**
     * What `newest` gave when the log had got to a mark: the newest of the versions recorded by then. Whom an erasure has taken out of
     * a version since is out of it here too.
     */
    readonly recorded: (options: {
      readonly asOf: Instant
      readonly by: Mark
    }) => Stream.Stream<Fact, FactLogError, CurrentTenant>
    /** The newest version of these keys, where it occurred at or before `asOf`; in key order. */
    readonly byKey: (options: {
      readonly keys: ReadonlyArray<FactKey>
      readonly asOf: Instant
    }) => Effect.Effect<ReadonlyArray<Fact>, FactLogError, CurrentTenant>
    /** The newest versions that mention any of these names (`Mention.namesOf`) and occurred from `from` to `asOf`; in key order. */
    readonly mentioning: (options: {
      readonly names: ReadonlyArray<string>
      readonly asOf: Instant
      readonly from?: Instant
      readonly tags?: ReadonlyArray<FactTag>
    }) => Effect.Effect<ReadonlyArray<Fact>, FactLogError, CurrentTenant>
    /**
     * The people that these handles stand for by the newest facts (`Mention.joinsOf`) at `asOf`: each with every handle that is one
     * with any of these; merges that were taken back join nobody. Handles in byte order, people in that of their first.
     */
    readonly joined: (options: {
      readonly handles: ReadonlyArray<Handle>
      readonly asOf: Instant
    }) => Effect.Effect<ReadonlyArray<ReadonlyArray<Handle>>, FactLogError, CurrentTenant>
    /**
     * Changes that may matter to a decision (`Mention.isDecisive`) and are due at `asOf`, the earliest first, at most `limit`. Inside
     * a transaction nobody else is given them until it ends.
     */
    readonly changes: (options: {
      readonly asOf: Instant
      readonly limit: number
    }) => Effect.Effect<ReadonlyArray<Change>, FactLogError, CurrentTenant>
    /** Forgets changes as they were read; one that came meanwhile for the same fact stays. */
    readonly settle: (changes: ReadonlyArray<Change>) => Effect.Effect<void, FactLogError, CurrentTenant>
    /** Puts facts among the changes; one that is there already stays, at the earlier time. Keys without a fact are left out. */
    readonly recheck: (facts: ReadonlyArray<Recheck>) => Effect.Effect<void, FactLogError, CurrentTenant>
    /** Those of these keys that are among the changes due at `asOf`. */
    readonly changing: (options: {
      readonly keys: ReadonlyArray<FactKey>
      readonly asOf: Instant
    }) => Effect.Effect<ReadonlySet<FactKey>, FactLogError, CurrentTenant>
    /** The cursor last stored for a job; undefined before the first. */
    readonly checkpoint: (job: string) => Effect.Effect<unknown, FactLogError, CurrentTenant>
    /** Personal values by handle; a handle without a value is absent. */
    readonly personal: (
      handles: ReadonlyArray<Handle>,
    ) => Effect.Effect<ReadonlyMap<Handle, string>, FactLogError, CurrentTenant>
    /** How often people were erased: what was decided before the latest of them must not be posted. Grows. */
    readonly erasures: Effect.Effect<number, FactLogError, CurrentTenant>
  }
>()("@advocacy-kit/core/fact/FactLog") {}
