/**
 * The tiers mechanic: standing that is reached by counting referrals, points or spend. Plain data.
 *
 * A tier is reached in a calendar period and kept to the end of it, and of as many further periods as `keeps` says. Once it
 * was announced to the person it ends only then, whatever becomes of what it was reached by.
 */
import { z } from "zod"
import { plainDecimal } from "../money/Money.ts"

export const Tier = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,40}$/, "must be lower-case letters, digits and hyphens, such as gold"),
  /** A count of referrals or points, or an amount of the program's currency, in quotes. */
  atLeast: z.string().regex(plainDecimal, 'must be a number in quotes, such as "5" or "500.00"'),
  /** What it gives, in words; switching it on in other systems is the connectors' work. */
  perks: z.array(z.string().min(1)),
})
export type Tier = z.infer<typeof Tier>

export const TiersMechanic = z.strictObject({
  kind: z.literal("tiers"),
  /** Names the rule in credit keys. */
  rule: z.string().regex(/^[a-z0-9-]{1,40}$/, "must be lower-case letters, digits and hyphens"),
  counts: z.enum(["referrals", "points", "spend"]),
  period: z.enum(["month", "quarter", "year", "ever"]),
  /** Further periods that a tier is kept for. */
  keeps: z.number().int().min(0).max(12),
  /** From the lowest to the highest. */
  tiers: z.array(Tier).min(1),
})
export type TiersMechanic = z.infer<typeof TiersMechanic>

export interface TiersOptions {
  readonly rule?: string
  readonly counts: TiersMechanic["counts"]
  readonly period: TiersMechanic["period"]
  readonly keeps?: number
  readonly tiers: ReadonlyArray<{
    readonly name: string
    readonly atLeast: string
    readonly perks?: ReadonlyArray<string>
  }>
}

/** `Tiers.make({ counts: "referrals", period: "year", tiers: [{ name: "silver", atLeast: "3" }] })`. */
export const make = (options: TiersOptions): TiersMechanic => ({
  kind: "tiers",
  rule: options.rule ?? "tiers",
  counts: options.counts,
  period: options.period,
  keeps: options.keeps ?? 1,
  tiers: options.tiers.map(({ atLeast, name, perks }) => ({ name, atLeast, perks: [...(perks ?? [])] })),
})
