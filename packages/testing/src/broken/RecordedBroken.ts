/**
 * Stores that each forget what was known when, in one way: the proof that `RecordedLaws` can fail.
 *
 * They are for tests of laws, never for use.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as FactLogMemory from "@advocacy-kit/core/fact/FactLogMemory"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import * as LedgerMemory from "@advocacy-kit/core/ledger/LedgerMemory"
import { Effect, Layer } from "effect"
import type * as Broken from "../Broken.ts"
import { over } from "./LedgerBroken.ts"

type Stores = Ledger | FactLog

/** Gives what is known now, whatever is asked for. */
const knowsTheLatter: Layer.Layer<Stores> = LedgerMemory.layerMemory.pipe(
  Layer.provideMerge(
    Layer.effect(
      FactLog,
      Effect.map(FactLog, (inner) => ({ ...inner, recorded: ({ asOf }) => inner.newest({ asOf }) })),
    ).pipe(Layer.provide(FactLogMemory.layerMemory)),
  ),
)

/** Takes the mark of the last revision for that of all. */
const marksAllAlike: Layer.Layer<Stores> = over((inner) => ({
  history: (key) =>
    Effect.map(inner.history(key), (history) => history.map((one) => ({ ...one, mark: history.at(-1)?.mark ?? 0 }))),
}))

export const stores: ReadonlyArray<Broken.Store<Stores>> = [
  { breaks: "what was recorded by a mark is read as it was then", layer: knowsTheLatter },
  { breaks: "history says how far the log had got at each revision", layer: marksAllAlike },
]
