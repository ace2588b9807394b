/**
 * Erases a person: handles, personal values, and every place where they are named.
 *
 * Promises: one transaction. Afterwards no store of the tenant holds a handle or a personal value of theirs: facts that occurred by `at`,
 * decisions, ledger accounts and effects carry tombstones, planned effects are undone, waiting messages keep ids alone. Sums per account
 * are conserved, under the account's new name. Facts that occurred by `at` and arrive later are stored with tombstones too, with everybody
 * whom they join to the erased person. It decides nothing about value: the next crediting forfeits what is open.
 *
 * It is the one exception from "facts and postings are never changed": the law asks for it, and a tombstone keeps every sum.
 */
import { Context, type Effect } from "effect"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { FactLogError } from "./FactLog.ts"

export interface ErasureRequest {
  /** One handle is enough where facts join the others to it; a handle that nobody knows yet may be named too. */
  readonly handles: ReadonlyArray<Handle>
  /** What occurred up to here is erased; whoever is named later is a new person. */
  readonly at: Instant
  /** Who asked for it, such as an operator's name; kept. */
  readonly by: string
  /** Kept: it must not name the person. */
  readonly reason: string
}

/** How much was changed. */
export interface ErasureReport {
  /** Stands for the person from now on. */
  readonly tombstone: Handle
  readonly handles: number
  readonly statements: number
  readonly values: number
  readonly revisions: number
  readonly effects: number
  /** Planned effects that will not take place. */
  readonly undone: number
  readonly messages: number
}

export class Erasure extends Context.Service<
  Erasure,
  {
    readonly erase: (request: ErasureRequest) => Effect.Effect<ErasureReport, FactLogError, CurrentTenant>
  }
>()("@advocacy-kit/core/fact/Erasure") {}
