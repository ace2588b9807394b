/**
 * Hands rewards over on a platform.
 *
 * Promises of an implementation: what it creates carries a reference that is a function of the effect's key alone, so
 * `find` can tell whether an effect that was sent has taken place; `issue` never repeats a request whose answer was lost.
 * Both are asked about the effects of one platform at a time.
 */
import { Context, type Effect } from "effect"
import type { EffectKey, OutboundEffect } from "../ledger/OutboundEffect.ts"
import type { Ending, SendLimit } from "../ledger/OutboxPlan.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { SourceError } from "./FactSource.ts"

/** `unknown`: the request was sent and no answer came; `failed`: the platform said no, for good. */
export type Outcome = Ending

export class Fulfiller extends Context.Service<
  Fulfiller,
  {
    /** What may be sent, by platform. Effects for any other stay planned. */
    readonly platforms: ReadonlyMap<string, SendLimit>
    /** One outcome per effect. Fails only when nothing at all was sent. */
    readonly issue: (
      effects: ReadonlyArray<OutboundEffect>,
    ) => Effect.Effect<ReadonlyMap<EffectKey, Outcome>, SourceError, CurrentTenant>
    /** The references of the effects that exist on the platform; the others do not exist there. */
    readonly find: (
      effects: ReadonlyArray<OutboundEffect>,
    ) => Effect.Effect<ReadonlyMap<EffectKey, string>, SourceError, CurrentTenant>
  }
>()("@advocacy-kit/core/connector/Fulfiller") {}
