/**
 * Hands rewards over on a platform.
 *
 * Promises of an implementation: what it creates carries a mark that is a function of the effect alone, whose content is fixed
 * once it has begun, so `find` can tell whether an effect that was sent has taken place; where the platform has room for no mark it
 * says so instead of guessing. `issue` never repeats a request whose answer was lost.
 * What is to be taken back (`TakeBack`) is an effect like any other: taking back is done whole or refused, with what is left in the reason.
 * Both are asked about the effects of one platform at a time.
 */
import { Context, type Effect } from "effect"
import type { EffectKey, OutboundEffect } from "../ledger/OutboundEffect.ts"
import type { Ending, SendLimit } from "../ledger/OutboxPlan.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { SourceError } from "./FactSource.ts"

/** `unknown`: the request was sent and no answer came; `failed`: the platform said no, for good. */
export type Outcome = Ending

/** What a look-up says of an effect: its reference there; or that nobody can tell, and why, so that a human decides. */
export type Found = { readonly reference: string } | { readonly unclear: string }

export class Fulfiller extends Context.Service<
  Fulfiller,
  {
    /** What may be sent, by platform. Effects for any other stay planned. */
    readonly platforms: ReadonlyMap<string, SendLimit>
    /** One outcome per effect. Fails only when nothing at all was sent. */
    readonly issue: (
      effects: ReadonlyArray<OutboundEffect>,
    ) => Effect.Effect<ReadonlyMap<EffectKey, Outcome>, SourceError, CurrentTenant>
    /** Those of the effects that exist on the platform, or of which that is unclear; the others do not exist there. */
    readonly find: (
      effects: ReadonlyArray<OutboundEffect>,
    ) => Effect.Effect<ReadonlyMap<EffectKey, Found>, SourceError, CurrentTenant>
  }
>()("@advocacy-kit/core/connector/Fulfiller") {}
