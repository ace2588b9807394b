/**
 * How much a rule may grant in a calendar period: to one advocate, to one company, or in all. Plain data.
 *
 * A limit counts credits, or, as a budget, the money that they cost. Periods are half-open, in the program's time zone.
 */
import { z } from "zod"
import { plainDecimal } from "../money/Money.ts"

const decimal = z.string().regex(plainDecimal, 'must be a decimal amount in quotes, such as "5000.00"')
const period = z.enum(["day", "week", "month", "quarter", "year", "ever"])

const shape = { per: z.enum(["advocate", "company", "program"]), period }

export const Limit = z.union([
  z.strictObject({ ...shape, count: z.number().int().min(1) }),
  z.strictObject({ ...shape, amount: decimal }),
])
export type Limit = z.infer<typeof Limit>

type Most = { readonly count: number } | { readonly amount: string }
type LimitOptions = Most & { readonly per: Limit["period"] }

const limit =
  (per: Limit["per"]) =>
  (options: LimitOptions): Limit =>
    "count" in options
      ? { per, period: options.per, count: options.count }
      : { per, period: options.per, amount: options.amount }

/** `Limits.perAdvocate({ count: 20, per: "year" })`, `Limits.budget({ amount: "5000.00", per: "month" })`. */
export const Limits = {
  perAdvocate: limit("advocate"),
  perCompany: limit("company"),
  budget: limit("program"),
}
