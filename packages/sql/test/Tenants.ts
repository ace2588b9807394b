/** The tenants and the key of the tests. */
import { TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Redacted } from "effect"

export const vaultKey = Redacted.make(new Uint8Array(32).fill(7))

export const tenantNamed = (id: string) => ({ id: TenantIdOf(id), handleKey: new Uint8Array(16).fill(1) })
