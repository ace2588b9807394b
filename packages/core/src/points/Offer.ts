/**
 * What points can be turned into: so many points for an amount of the program's money, or for a perk that another system gives.
 *
 * Plain data of a points mechanic. Redeeming is a command of the person (`flow/Redeeming.ts`); an offer only says its price.
 */
import { z } from "zod"
import { plainDecimal } from "../money/Money.ts"

export const Offer = z.strictObject({
  /** Names the offer in commands and facts; two offers of a program need different names. */
  name: z.string().regex(/^[a-z0-9-]{1,40}$/, "must be lower-case letters, digits and hyphens, such as 5-off"),
  points: z.number().int().min(1).max(1_000_000_000),
  /** An amount of the program's currency, handed over like any reward; null for a perk. */
  gives: z
    .strictObject({ amount: z.string().regex(plainDecimal, 'must be a decimal amount in quotes, such as "5.00"') })
    .nullable(),
})
export type Offer = z.infer<typeof Offer>

/** Offers are written as they are stored: `{ name: "5-off", points: 500, gives: { amount: "5.00" } }`. */
export const copyOf = ({ gives, name, points }: Offer): Offer => ({
  name,
  points,
  gives: gives === null ? null : { amount: gives.amount },
})
