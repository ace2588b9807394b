/**
 * The referral mechanic: what counts as evidence, who is attributed, what qualifies, what both sides get.
 *
 * It is plain data; the constructors here make it. `Evaluation` reads it. Nothing in it is code, so it can be stored,
 * compared and hashed.
 */
import { z } from "zod"
import { plainDecimal, Reward } from "../reward/Reward.ts"

const decimal = z.string().regex(plainDecimal, 'must be a decimal amount in quotes, such as "40.00"')

export const Qualification = z.discriminatedUnion("rule", [
  /** The friend, or anybody in the friend's company, has not bought before, in any way that counts as a conversion here. */
  z.strictObject({ rule: z.literal("new-customer"), per: z.enum(["person", "company"]) }),
  z.strictObject({ rule: z.literal("minimum"), amount: decimal }),
  /** At least one of these products is kept. */
  z.strictObject({ rule: z.literal("products"), anyOf: z.array(z.string().min(1)).min(1) }),
  /** Sales channels that count. */
  z.strictObject({ rule: z.literal("channels"), anyOf: z.array(z.string().min(1)).min(1) }),
])
export type Qualification = z.infer<typeof Qualification>

export const Limit = z.strictObject({
  per: z.literal("advocate"),
  count: z.number().int().min(1),
  period: z.enum(["day", "week", "month", "quarter", "year", "ever"]),
})
export type Limit = z.infer<typeof Limit>

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
    model: z.enum(["last-touch", "first-touch"]),
    windowDays: z.number().int().min(1).max(730),
  }),
  qualifies: z.array(Qualification),
  holdDays: z.number().int().min(0).max(365),
  advocate: Reward.nullable(),
  friend: Reward.nullable(),
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
  qualifies: [...options.qualifies],
  holdDays: daysOf(options.hold),
  advocate: options.advocate,
  friend: options.friend,
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
}

export const Qualify = {
  all: (...rules: ReadonlyArray<Qualification>): ReadonlyArray<Qualification> => rules,
  newCustomer: { rule: "new-customer", per: "person" } as Qualification,
  newCompany: { rule: "new-customer", per: "company" } as Qualification,
  minimum: (amount: string): Qualification => ({ rule: "minimum", amount }),
  products: (...anyOf: ReadonlyArray<string>): Qualification => ({ rule: "products", anyOf: [...anyOf] }),
  channels: (...anyOf: ReadonlyArray<string>): Qualification => ({ rule: "channels", anyOf: [...anyOf] }),
}

export const Limits = {
  perAdvocate: (options: { readonly count: number; readonly per: Limit["period"] }): Limit => ({
    per: "advocate",
    count: options.count,
    period: options.per,
  }),
}
