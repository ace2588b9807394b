/**
 * What a connected platform allows, feature by feature: its plan, what was granted, what was approved.
 *
 * Promises: a feature that is off or works in part says why, and what to do about it; nothing is inferred from silence.
 */
export interface Capability {
  /** A short name for a person: `history of orders`. */
  readonly feature: string
  readonly standing: "on" | "partly" | "off"
  /** What works, or why not. */
  readonly reason: string
  /** null: there is nothing to do. */
  readonly remedy: string | null
  /** Names of the permissions that would switch it on. */
  readonly missing: ReadonlyArray<string>
}
