/**
 * Registers laws as tests. The only file here that knows the test runner.
 *
 * Promises: one test per law, all on one build of the layer, which is how a database is used; a layer that cannot be
 * built fails the whole suite and says why.
 */
import { layer as withLayer } from "@effect/vitest"
import type { Layer } from "effect"
import type { TestOptions } from "vitest"
import type { Law } from "./Law.ts"

const patient: TestOptions = { timeout: 30_000 }

/** `options` are those of each test; 30 seconds for a law unless told. */
export const suite = <R, E>(
  name: string,
  laws: ReadonlyArray<Law<R>>,
  layer: Layer.Layer<R, E>,
  options: TestOptions = patient,
): void => {
  withLayer(layer, { excludeTestServices: true, timeout: 60_000 })(name, (it) => {
    for (const { check, law } of laws) it.effect(law, () => check, options)
  })
}
