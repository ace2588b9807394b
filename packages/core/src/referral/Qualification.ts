/**
 * What a conversion must be, beside having been brought, to earn anything. Plain data.
 *
 * Conditions on people are read as at the conversion; conditions on amounts and products use what is left of it now.
 */
import { z } from "zod"
import { plainDecimal } from "../money/Money.ts"

const decimal = z.string().regex(plainDecimal, 'must be a decimal amount in quotes, such as "40.00"')

/** Conditions on what was bought. */
export const PurchaseQualification = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("minimum"), amount: decimal }),
  /** At least one of these products is kept. */
  z.strictObject({ rule: z.literal("products"), anyOf: z.array(z.string().min(1)).min(1) }),
  /** Sales channels that count. */
  z.strictObject({ rule: z.literal("channels"), anyOf: z.array(z.string().min(1)).min(1) }),
])
export type PurchaseQualification = z.infer<typeof PurchaseQualification>

export const Qualification = z.discriminatedUnion("rule", [
  /** The friend, or anybody in the friend's company, has not bought before, in any way that counts as a conversion here. */
  z.strictObject({ rule: z.literal("new-customer"), per: z.enum(["person", "company"]) }),
  /** Advocate and friend belong to no company together. */
  z.strictObject({ rule: z.literal("other-company") }),
  /** The advocate was enrolled in the program when the friend bought. */
  z.strictObject({ rule: z.literal("enrolled") }),
  ...PurchaseQualification.options,
])
export type Qualification = z.infer<typeof Qualification>

export const Qualify = {
  all: (...rules: ReadonlyArray<Qualification>): ReadonlyArray<Qualification> => rules,
  newCustomer: { rule: "new-customer", per: "person" } as Qualification,
  newCompany: { rule: "new-customer", per: "company" } as Qualification,
  otherCompany: { rule: "other-company" } as Qualification,
  enrolled: { rule: "enrolled" } as Qualification,
  minimum: (amount: string): PurchaseQualification => ({ rule: "minimum", amount }),
  products: (...anyOf: ReadonlyArray<string>): PurchaseQualification => ({ rule: "products", anyOf: [...anyOf] }),
  channels: (...anyOf: ReadonlyArray<string>): PurchaseQualification => ({ rule: "channels", anyOf: [...anyOf] }),
}

/** Whether a rule looks at what was bought rather than at who bought. */
export const isPurchaseRule = (rule: Qualification): rule is PurchaseQualification =>
  rule.rule === "minimum" || rule.rule === "products" || rule.rule === "channels"
