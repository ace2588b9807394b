/**
 * The fact log in memory with one fault laid over it, for the stores that prove the laws.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as FactLogMemory from "@advocacy-kit/core/fact/FactLogMemory"
import { Effect, Layer } from "effect"
import type * as Broken from "../Broken.ts"

export type Log = FactLog["Service"]

/** The memory layer with members replaced. */
export const over = (fault: (inner: Log) => Partial<Log>): Layer.Layer<FactLog> =>
  Layer.effect(
    FactLog,
    Effect.map(FactLog, (inner) => ({ ...inner, ...fault(inner) })),
  ).pipe(Layer.provide(FactLogMemory.layerMemory))

export const breaking = (layer: Layer.Layer<FactLog>, breaks: string): Broken.Store<FactLog> => ({ breaks, layer })
