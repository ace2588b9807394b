/**
 * Reading and judging the input of a basic code discount: what is wrong with it, in the API's user errors, and the parts
 * of a discount when nothing is. Restricting a discount to products, collections, segments or markets is not implemented
 * and says so.
 */

import * as Decimal from "./Decimal.ts"
import type { Execution } from "./Execution.ts"
import { notImplemented } from "./Refusal.ts"
import type { CodeProblem, StoredDiscount } from "./ShopEvent.ts"
import { codeKey } from "./ShopState.ts"

export interface BasicInput {
  readonly title?: string | null
  readonly code?: string | null
  readonly startsAt?: string | null
  readonly endsAt?: string | null
  readonly usageLimit?: number | null
  readonly appliesOncePerCustomer?: boolean | null
  readonly tags?: ReadonlyArray<string> | null
  readonly context?: { readonly all?: string | null } | null
  readonly customerSelection?: { readonly all?: boolean | null } | null
  readonly combinesWith?: Partial<StoredDiscount["combinesWith"]> | null
  readonly minimumRequirement?: {
    readonly subtotal?: { readonly greaterThanOrEqualToSubtotal?: string | number | null } | null
    readonly quantity?: { readonly greaterThanOrEqualToQuantity?: string | number | null } | null
  } | null
  readonly customerGets?: {
    readonly items?: { readonly all?: boolean | null } | null
    readonly value?: {
      readonly percentage?: number | null
      readonly discountAmount?: {
        readonly amount?: string | number | null
        readonly appliesOnEachItem?: boolean | null
      } | null
      readonly discountOnQuantity?: unknown
    } | null
  } | null
}

export interface Problem {
  readonly field: ReadonlyArray<string>
  readonly message: string
  readonly code: string
  readonly extraInfo: null
}

export const problem = (code: string, message: string, ...field: ReadonlyArray<string>): Problem => ({
  field,
  message,
  code,
  extraInfo: null,
})

export const codeProblem = (code: string, taken: (key: string) => boolean): CodeProblem | null => {
  if (code.trim() === "") return { code: "BLANK", message: "Code can't be blank" }
  if (code.length > 255) return { code: "TOO_LONG", message: "Code is too long (maximum is 255 characters)" }
  if (/[\r\n]/.test(code)) return { code: "INVALID", message: "Code cannot contain newline characters." }
  return taken(codeKey(code)) ? { code: "TAKEN", message: "Code must be unique. Please try a different code." } : null
}

export const readValue = (input: BasicInput): StoredDiscount["value"] | Problem => {
  const value = input.customerGets?.value
  if (value?.discountOnQuantity !== undefined && value.discountOnQuantity !== null)
    throw notImplemented("discountOnQuantity")
  const amount = value?.discountAmount?.amount
  if (typeof value?.percentage === "number") {
    if (value.percentage <= 0 || value.percentage > 1) {
      return problem(
        "VALUE_OUTSIDE_RANGE",
        "Value must be between 0.0 and 1.0",
        "basicCodeDiscount",
        "customerGets",
        "value",
        "percentage",
      )
    }
    return { percent: Number((value.percentage * 100).toFixed(6)) }
  }
  if (amount === undefined || amount === null)
    return problem("BLANK", "Value can't be blank", "basicCodeDiscount", "customerGets", "value")
  if (!/^\d+(\.\d{1,6})?$/.test(String(amount)) || Decimal.parse(String(amount)) === 0n) {
    return problem(
      "GREATER_THAN",
      "Amount must be greater than 0",
      "basicCodeDiscount",
      "customerGets",
      "value",
      "discountAmount",
      "amount",
    )
  }
  return { amount: String(amount), eachItem: value?.discountAmount?.appliesOnEachItem ?? false }
}

export const readMinimum = (input: BasicInput): StoredDiscount["minimum"] => {
  const subtotal = input.minimumRequirement?.subtotal?.greaterThanOrEqualToSubtotal
  const quantity = input.minimumRequirement?.quantity?.greaterThanOrEqualToQuantity
  if (subtotal !== undefined && subtotal !== null) return { subtotal: String(subtotal) }
  return quantity === undefined || quantity === null ? null : { quantity: String(quantity) }
}

export const instantOf = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : new Date(text).toISOString()

const isInstant = (text: string | null | undefined): boolean =>
  text === null || text === undefined || !Number.isNaN(Date.parse(text))

export const basicProblems = (input: BasicInput, execution: Execution): ReadonlyArray<Problem> => {
  const problems: Array<Problem> = []
  const root = "basicCodeDiscount"
  if ((input.title ?? "").trim() === "") problems.push(problem("BLANK", "Title can't be blank", root, "title"))
  const code = codeProblem(input.code ?? "", (key) => execution.state.codes.has(key))
  if (code !== null) problems.push(problem(code.code, code.message, root, "code"))
  if (input.startsAt === null || input.startsAt === undefined)
    problems.push(problem("BLANK", "Starts at can't be blank", root, "startsAt"))
  if (!isInstant(input.startsAt))
    problems.push(problem("INVALID", "Starts at is not a date and time", root, "startsAt"))
  if (!isInstant(input.endsAt)) problems.push(problem("INVALID", "Ends at is not a date and time", root, "endsAt"))
  else if (
    isInstant(input.startsAt) &&
    input.startsAt &&
    input.endsAt &&
    Date.parse(input.endsAt) <= Date.parse(input.startsAt)
  ) {
    problems.push(problem("END_DATE_BEFORE_START_DATE", "Ends at needs to be after starts_at", root, "endsAt"))
  }
  if (input.usageLimit !== null && input.usageLimit !== undefined && input.usageLimit < 1) {
    problems.push(problem("GREATER_THAN", "Usage limit must be greater than 0", root, "usageLimit"))
  }
  if (input.minimumRequirement?.subtotal && input.minimumRequirement.quantity) {
    problems.push(
      problem(
        "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT",
        "Minimum subtotal and quantity cannot both be present",
        root,
        "minimumRequirement",
      ),
    )
  }
  return problems
}

export const refuseUnknown = (input: BasicInput): void => {
  if (input.context && input.context.all !== "ALL") throw notImplemented("A discount context other than `all`")
  if (input.customerSelection && input.customerSelection.all !== true)
    throw notImplemented("A customer selection other than `all`")
  const items = input.customerGets?.items
  if (items && items.all !== true) throw notImplemented("A discount on chosen products or collections")
}
