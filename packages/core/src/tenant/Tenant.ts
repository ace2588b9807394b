/**
 * Whose data this is: one brand and its connections.
 *
 * Every store operation reads `CurrentTenant`; there is no default, so forgetting it does not compile.
 */
import { Context, Schema } from "effect"
import type { HandleKey } from "../id/Handle.ts"

export const TenantId = Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9-]{0,62}$/)).pipe(
  Schema.brand("TenantId"),
)
export type TenantId = typeof TenantId.Type

/** Lower-case letters, digits and hyphens; throws otherwise. */
export const TenantIdOf = Schema.decodeUnknownSync(TenantId)

export class CurrentTenant extends Context.Service<
  CurrentTenant,
  {
    readonly id: TenantId
    /** Hashes this tenant's personal values; losing it means that no new value matches an old one. */
    readonly handleKey: HandleKey
  }
>()("@advocacy-kit/core/tenant/CurrentTenant") {}
