/**
 * Erasure over PostgreSQL.
 *
 * Promises: what `Erasure` promises, in one transaction that keeps appending and posting of the tenant waiting while it runs.
 */
import { Erasure } from "@advocacy-kit/core/fact/Erasure"
import { FactLogError } from "@advocacy-kit/core/fact/FactLog"
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import * as FactEntry from "./FactEntry.ts"
import { rowsOf } from "./FactRows.ts"
import { forget } from "./Forgetting.ts"
import * as TenantTransaction from "./TenantTransaction.ts"
import { AdvocacyKeys, vaultOf } from "./Vault.ts"

export const layer: Layer.Layer<Erasure, never, SqlClient.SqlClient | AdvocacyKeys> = Layer.effect(
  Erasure,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const vault = vaultOf((yield* AdvocacyKeys).vault)
    const transaction = TenantTransaction.make(sql)
    return Erasure.of({
      erase: Effect.fn("Erasure.erase")(
        function* (request) {
          const tenant = yield* CurrentTenant
          const fact = Tombstone.erasure({ ...request, key: tenant.handleKey })
          const erasure = yield* rowsOf([fact])
          const erasing = Effect.gen(function* () {
            const { comebacks, ...report } = yield* forget(sql, vault, tenant, {
              handles: request.handles,
              keys: [],
              at: request.at,
            })
            const rows = [...erasure, ...(yield* rowsOf(comebacks))]
            yield* TenantTransaction.lock(sql, tenant.id, FactEntry.turnsOf(rows))
            yield* FactEntry.add(sql, tenant.id, rows)
            return { tombstone: fact.person, ...report }
          })
          return yield* transaction.write("erase a person", erasing)
        },
        Effect.mapError((reason) => new FactLogError({ reason })),
      ),
    })
  }),
)
