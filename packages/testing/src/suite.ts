/**
 * Registers laws as tests. The only file here that knows the test runner.
 *
 * Promises: one test per law, all on one build of the layer, which is how a database is used; a layer that cannot be
 * built fails the whole suite and says why.
 */
import { layer as withLayer } from "@effect/vitest"
import type { Layer } from "effect"
import type { Law } from "./Law.ts"

/** `timeoutMs` is per law; 30 seconds unless told. */
export const suite = <R, E>(
  name: string,
  laws: ReadonlyArray<Law<R>>,
  layer: Layer.Layer<R, E>,
  options?: { readonly timeoutMs?: number },
): void => {
  const timeout = options?.timeoutMs ?? 30_000
  withLayer(layer, { excludeTestServices: true, timeout })(name, (it) => {
    for (const { check, law } of laws) it.effect(law, () => check, timeout)
  })
}
