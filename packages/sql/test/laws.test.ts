/**
 * The laws of every store, on both engines: PGlite in memory and a PostgreSQL server, one database for each.
 */
import {
  ErasureLaws,
  ExclusiveLaws,
  FactLogLaws,
  InboxLaws,
  InstallationsLaws,
  LedgerLaws,
  LedgerReadLaws,
  OutboxLaws,
  TallyLaws,
  RecordedLaws,
} from "@advocacy-kit/testing"
import { suite } from "@advocacy-kit/testing/suite"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Layer, Redacted } from "effect"
import { withServerDatabase } from "./Engines.ts"
import { vaultKey } from "./Tenants.ts"
import { inMemory } from "./InMemory.ts"

const laws = [
  ...FactLogLaws.laws,
  ...LedgerLaws.laws,
  ...LedgerReadLaws.laws,
  ...TallyLaws.laws,
  ...ExclusiveLaws.laws,
  ...RecordedLaws.laws,
  ...OutboxLaws.laws,
  ...InboxLaws.laws,
  ...InstallationsLaws.laws,
  ...ErasureLaws.laws,
]

/** A database of its own on the test server, dropped at the end. */
const server = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(Effect.promise(withServerDatabase), ({ drop }) => Effect.promise(drop)),
    ({ url }) => SqlStores.layerServer({ url: Redacted.make(url), vaultKey }),
  ),
)

suite("stores on PGlite", laws, SqlStores.layerEmbedded({ ...inMemory(), vaultKey }))
suite("stores on PostgreSQL", laws, server)
