/**
 * The referral mechanic: what counts as evidence, who is attributed, what qualifies, what both sides get.
 *
 * It is plain data; the constructors here make it. `Evaluation` reads it. Nothing in it is code, so it can be stored,
 * compared and hashed.
 */
import { z } from "zod"
import { Limit } from "../referral/Limit.ts"
import { Qualification } from "../referral/Qualification.ts"
import { Reward } from "../reward/Reward.ts"

export { Limit, Limits } from "../referral/Limit.ts"
export { Qualification, Qualify } from "../referral/Qualification.ts"

/** Later purchases of a friend who was credited once earn the same advocate again. */
const Recurring = z.strictObject({
  withinDays: z.number().int().min(1).max(3_650),
  /** At most so many; null: as many as there are. */
  count: z.number().int().min(1).nullable(),
  reward: Reward,
})

export const ReferralMechanic = z.strictObject({
  kind: z.literal("referral"),
  /** Names the rule in credit keys; two referral mechanics in a program need different names. */
  rule: z.string().regex(/^[a-z0-9-]{1,40}$/, "must be lower-case letters, digits and hyphens"),
  conversions: z.array(z.enum(["order", "deal"])).min(1),
  /** In order of rank: at the same moment the first kind wins. */
  evidence: z.array(z.enum(["code", "cart-attribute", "link-click", "invitation"])).min(1),
  /** Cart attributes that hold a referral code. */
  attributeKeys: z.array(z.string().min(1)),
  attribution: z.strictObject({
    /** `shared`: everybody whose touch lies in the window gets an equal share. */
    model: z.enum(["last-touch", "first-touch", "shared"]),
    windowDays: z.number().int().min(1).max(730),
  }),
  /** Whose terms count: those in force when the friend bought, or when the deciding touch happened. */
  terms: z.enum(["atConversion", "asShared"]).default("atConversion"),
  qualifies: z.array(Qualification),
  holdDays: z.number().int().min(0).max(365),
  advocate: Reward.nullable(),
  friend: Reward.nullable(),
  recurring: Recurring.nullable().default(null),
  limits: z.array(Limit),
  /** What holds a credit for a human. `leakedPer24Hours`: distinct new buyers of one code. */
  review: z.strictObject({
    shared: z.array(z.enum(["device", "address", "phone", "payment"])),
    leakedPer24Hours: z.number().int().min(2).nullable(),
  }),
})
export type ReferralMechanic = z.infer<typeof ReferralMechanic>

export interface ReferralOptions {
  readonly rule?: string
  readonly conversions?: ReferralMechanic["conversions"]
  readonly evidence: ReferralMechanic["evidence"]
  readonly attributeKeys?: ReadonlyArray<string>
  readonly attribution: ReferralMechanic["attribution"]
  readonly qualifies: ReadonlyArray<Qualification>
  /** `"14 days"`; until then a credit is pending. */
  readonly hold: DaysText
  readonly advocate: Reward | null
  readonly friend: Reward | null
  readonly recurring?: ReferralMechanic["recurring"]
  readonly terms?: ReferralMechanic["terms"]
  readonly limits?: ReadonlyArray<Limit>
  readonly review?: ReferralMechanic["review"]
}

export type DaysText = `${number} day` | `${number} days`

/** `"30 days"` → 30. */
export const daysOf = (text: DaysText): number => Number.parseInt(text, 10)

export const make = (options: ReferralOptions): ReferralMechanic => ({
  kind: "referral",
  rule: options.rule ?? "referral",
  conversions: options.conversions ?? ["order"],
  evidence: options.evidence,
  attributeKeys: [...(options.attributeKeys ?? ["ref"])],
  attribution: options.attribution,
  terms: options.terms ?? "atConversion",
  qualifies: [...options.qualifies],
  holdDays: daysOf(options.hold),
  advocate: options.advocate,
  friend: options.friend,
  recurring: options.recurring ?? null,
  limits: [...(options.limits ?? [])],
  review: options.review ?? { shared: ["device", "address"], leakedPer24Hours: 10 },
})

/** The kinds of evidence, by name. */
export const Evidence = {
  code: "code",
  cartAttribute: "cart-attribute",
  click: "link-click",
  invitation: "invitation",
} as const

export const Attribution = {
  lastTouch: (options: { readonly window: DaysText }) => ({
    model: "last-touch" as const,
    windowDays: daysOf(options.window),
  }),
  firstTouch: (options: { readonly window: DaysText }) => ({
    model: "first-touch" as const,
    windowDays: daysOf(options.window),
  }),
  shared: (options: { readonly window: DaysText }) => ({
    model: "shared" as const,
    windowDays: daysOf(options.window),
  }),
}
