import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import * as ExclusiveLaws from "../src/laws/ExclusiveLaws.ts"
import * as ErasureLaws from "../src/laws/ErasureLaws.ts"
import * as FactLogLaws from "../src/laws/FactLogLaws.ts"
import * as InboxLaws from "../src/laws/InboxLaws.ts"
import * as InstallationsLaws from "../src/laws/InstallationsLaws.ts"
import * as LedgerLaws from "../src/laws/LedgerLaws.ts"
import * as LedgerReadLaws from "../src/laws/LedgerReadLaws.ts"
import * as RecordedLaws from "../src/laws/RecordedLaws.ts"
import * as OutboxLaws from "../src/laws/OutboxLaws.ts"
import * as TallyLaws from "../src/laws/TallyLaws.ts"
import { suite } from "../src/suite.ts"

suite("fact log in memory", FactLogLaws.laws, MemoryStores.layerMemory)
suite("ledger in memory", LedgerLaws.laws, MemoryStores.layerMemory)
suite("ledger read in part, in memory", LedgerReadLaws.laws, MemoryStores.layerMemory)
suite("tallies in memory", TallyLaws.laws, MemoryStores.layerMemory)
suite("exclusive work in memory", ExclusiveLaws.laws, MemoryStores.layerMemory)
suite("what was known when, in memory", RecordedLaws.laws, MemoryStores.layerMemory)
suite("outbox in memory", OutboxLaws.laws, MemoryStores.layerMemory)
suite("inbox in memory", InboxLaws.laws, MemoryStores.layerMemory)
suite("installations in memory", InstallationsLaws.laws, MemoryStores.layerMemory)
suite("erasure in memory", ErasureLaws.laws, MemoryStores.layerMemory)
