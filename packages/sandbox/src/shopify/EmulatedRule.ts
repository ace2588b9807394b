/**
 * One rule of the real Shopify that the sandbox imitates: what it is, where it comes from, and how sure it is.
 */

/** Verified on an artifact or by running it; documented; reported by others; unverified. */
export type Certainty = "V" | "D" | "R" | "U"

export interface EmulatedRule {
  readonly rule: string
  readonly source: string
  readonly sure: Certainty
}

export interface RuleArea {
  readonly title: string
  readonly rules: ReadonlyArray<EmulatedRule>
}

export const rule = (sure: Certainty, text: string, source: string): EmulatedRule => ({ rule: text, source, sure })
