/**
 * The points mechanic: members collect points by what they buy. Plain data, with its constructor and its arithmetic.
 *
 * Points are whole; they are rounded down once, from the net amount, so that partial refunds end where the rule of the net
 * ends. A tier may multiply them. Points that nobody took expire.
 */
import { z } from "zod"
import { exponentOf, type Currency } from "../money/Currency.ts"
import { Limit } from "../referral/Limit.ts"
import { PurchaseQualification } from "../referral/Qualification.ts"
import { copyOf, Offer } from "./Offer.ts"

export const PointsMechanic = z.strictObject({
  kind: z.literal("points"),
  /** Names the rule in credit keys. */
  rule: z.string().regex(/^[a-z0-9-]{1,40}$/, "must be lower-case letters, digits and hyphens"),
  conversions: z.array(z.enum(["order", "deal"])).min(1),
  /** Who collects: everybody who buys, or those who were enrolled when they bought. */
  members: z.enum(["everybody", "enrolled"]),
  /** Points for each whole unit of the program's currency. */
  perUnit: z.number().int().min(1).max(1_000_000),
  qualifies: z.array(PurchaseQualification),
  holdDays: z.number().int().min(0).max(365),
  /** Days after maturing; null: never. */
  expiresAfterDays: z.number().int().min(1).max(3_650).nullable(),
  /** Percent of the points by tier held at the purchase; 100 where none is named. */
  tierPercent: z.record(z.string(), z.number().int().min(100).max(1_000)),
  limits: z.array(Limit),
  /** What members can turn points into. */
  redeem: z.array(Offer).default([]),
})
export type PointsMechanic = z.infer<typeof PointsMechanic>

export interface PointsOptions {
  readonly rule?: string
  readonly conversions?: PointsMechanic["conversions"]
  readonly members?: PointsMechanic["members"]
  readonly perUnit: number
  readonly qualifies?: ReadonlyArray<PurchaseQualification>
  readonly holdDays?: number
  readonly expiresAfterDays?: number
  readonly tierPercent?: Readonly<Record<string, number>>
  readonly limits?: ReadonlyArray<Limit>
  readonly redeem?: ReadonlyArray<Offer>
}

/** `Points.make({ perUnit: 1, expiresAfterDays: 365, redeem: [{ name: "5-off", points: 500, gives: { amount: "5.00" } }] })`. */
export const make = (options: PointsOptions): PointsMechanic => ({
  kind: "points",
  rule: options.rule ?? "points",
  conversions: options.conversions ?? ["order"],
  members: options.members ?? "everybody",
  perUnit: options.perUnit,
  qualifies: [...(options.qualifies ?? [])],
  holdDays: options.holdDays ?? 14,
  expiresAfterDays: options.expiresAfterDays ?? null,
  tierPercent: { ...options.tierPercent },
  limits: [...(options.limits ?? [])],
  redeem: (options.redeem ?? []).map(copyOf),
})

/** `net × perUnit × percent / 100`, rounded down to whole points; 0 when nothing is left. */
export const earned = (
  mechanic: Pick<PointsMechanic, "perUnit">,
  netMinor: bigint,
  currency: Currency,
  percent: number,
): bigint =>
  netMinor <= 0n
    ? 0n
    : (netMinor * BigInt(mechanic.perUnit) * BigInt(percent)) / (100n * 10n ** BigInt(exponentOf(currency)))
