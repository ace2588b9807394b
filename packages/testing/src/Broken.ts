/**
 * A store that keeps every law but one.
 *
 * A law that no broken store breaks proves nothing; `unproved` names those.
 */
import type { Layer } from "effect"
import type { Law } from "./Law.ts"

export interface Store<R> {
  /** The one law that it breaks. */
  readonly breaks: string
  readonly layer: Layer.Layer<R>
}

/** The laws that none of `stores` breaks. */
export const unproved = <R>(laws: ReadonlyArray<Law<R>>, stores: ReadonlyArray<Store<R>>): ReadonlyArray<string> =>
  laws.map(({ law }) => law).filter((law) => !stores.some(({ breaks }) => breaks === law))
