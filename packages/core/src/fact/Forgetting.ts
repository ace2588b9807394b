/**
 * How the stores in memory forget a person together: each takes part with what it holds.
 *
 * Promises nothing by itself; `FactLogMemory` calls every part within one erasure.
 */
import { Context, type Effect } from "effect"
import type { Handle } from "../id/Handle.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"

export interface Renaming {
  /** A handle's tombstone; undefined for handles of others. */
  readonly replace: (handle: string) => Handle | undefined
  /** Personal values of the erased person, as they were stored. */
  readonly values: ReadonlyArray<string>
}

/** How many of its things a store changed, by the names of `ErasureReport`. */
export interface Forgot {
  readonly revisions?: number
  readonly effects?: number
  readonly undone?: number
  readonly messages?: number
}

export type Part = (renaming: Renaming) => Effect.Effect<Forgot, never, CurrentTenant>

export class Forgetting extends Context.Service<Forgetting, { readonly takePart: (part: Part) => void }>()(
  "@advocacy-kit/core/fact/Forgetting",
) {}
