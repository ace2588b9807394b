/**
 * Every store in memory: facts, inbox, installations and ledger of any number of tenants.
 *
 * Promises what the ports promise within one process, and nothing after it ends.
 */
import { Layer } from "effect"
import * as InboxMemory from "../connector/InboxMemory.ts"
import type { Inbox } from "../connector/Inbox.ts"
import type { Installations } from "../connector/Installations.ts"
import * as InstallationsMemory from "../connector/InstallationsMemory.ts"
import type { Erasure } from "../fact/Erasure.ts"
import type { FactLog } from "../fact/FactLog.ts"
import * as FactLogMemory from "../fact/FactLogMemory.ts"
import type { Ledger } from "../ledger/Ledger.ts"
import * as LedgerMemory from "../ledger/LedgerMemory.ts"
import type { Tallies } from "../ledger/Tallies.ts"
import * as TalliesMemory from "../ledger/TalliesMemory.ts"

export const layerMemory: Layer.Layer<FactLog | Inbox | Installations | Ledger | Tallies | Erasure> = Layer.mergeAll(
  LedgerMemory.layerMemory,
  InboxMemory.layerMemory,
  InstallationsMemory.layerMemory,
  TalliesMemory.layerMemory,
).pipe(Layer.provideMerge(FactLogMemory.layerMemory))
