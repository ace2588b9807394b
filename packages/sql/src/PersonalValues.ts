/**
 * Personal values by handle, sealed. See `Vault`.
 */
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { bytes, chunks, texts } from "./ColumnArray.ts"
import type { Vault } from "./Vault.ts"

const rowsPerStatement = 5_000

/** Sealed values that were not sealed with this key are absent here, and are found at the start (`SqlStores`). */
export const openPersonal = (
  sql: SqlClient.SqlClient,
  vault: Vault,
  tenant: TenantId,
  handles: ReadonlyArray<Handle>,
) =>
  Effect.gen(function* () {
    const found = new Map<Handle, string>()
    for (const some of chunks(handles, rowsPerStatement)) {
      const rows = yield* sql<{ readonly handle: Handle; readonly sealed: Uint8Array }>`
        SELECT handle, sealed FROM advocacy.personal WHERE tenant = ${tenant} AND handle = ANY(${texts(some)})`
      for (const { handle, sealed } of rows) {
        const value = vault.open(tenant, handle, sealed)
        if (value !== undefined) found.set(handle, value)
      }
    }
    return found
  })

/** The last value of a handle counts. What is there already is not written again: every write leaves a dead row. */
export const keepPersonal = (
  sql: SqlClient.SqlClient,
  vault: Vault,
  tenant: TenantId,
  personal: ReadonlyArray<PersonalValue>,
) =>
  Effect.gen(function* () {
    const wanted = new Map(personal.map(({ handle, value }) => [handle, value]))
    const known = yield* openPersonal(sql, vault, tenant, [...wanted.keys()])
    const fresh = [...wanted]
      .filter(([handle, value]) => known.get(handle) !== value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    for (const some of chunks(fresh, rowsPerStatement)) {
      const sealed = some.map(([handle, value]) => vault.seal(tenant, handle, value))
      yield* sql`
        INSERT INTO advocacy.personal (tenant, handle, sealed)
        SELECT ${tenant}, handle, sealed
        FROM unnest(${texts(some.map(([handle]) => handle))}, ${bytes(sealed)}) AS row (handle, sealed)
        ON CONFLICT (tenant, handle) DO UPDATE SET sealed = excluded.sealed`
    }
  })
