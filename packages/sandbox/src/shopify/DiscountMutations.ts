/**
 * Creating, filling and ending code discounts. Adding codes answers at once and imports a moment later, each code with
 * its own result; a code that the shop has already is `TAKEN`, also when this very discount holds it.
 * Restricting a discount to products, collections, segments or markets is not implemented and says so.
 */

import * as Decimal from "./Decimal.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { notImplemented } from "./Refusal.ts"
import type { CodeProblem, CodeResult, StoredDiscount } from "./ShopEvent.ts"
import { codeKey } from "./ShopState.ts"

interface BasicInput {
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
      readonly discountAmount?: { readonly amount?: string | number | null; readonly appliesOnEachItem?: boolean | null } | null
      readonly discountOnQuantity?: unknown
    } | null
  } | null
}

interface Problem {
  readonly field: ReadonlyArray<string>
  readonly message: string
  readonly code: string
  readonly extraInfo: null
}

const problem = (code: string, message: string, ...field: ReadonlyArray<string>): Problem => ({ field, message, code, extraInfo: null })

const codeProblem = (code: string, taken: (key: string) => boolean): CodeProblem | null => {
  if (code.trim() === "") return { code: "BLANK", message: "Code can't be blank" }
  if (code.length > 255) return { code: "TOO_LONG", message: "Code is too long (maximum is 255 characters)" }
  if (/[\r\n]/.test(code)) return { code: "INVALID", message: "Code cannot contain newline characters." }
  return taken(codeKey(code)) ? { code: "TAKEN", message: "Code must be unique. Please try a different code." } : null
}

// -------------------------------------------------------------------------------------------------- create

const readValue = (input: BasicInput): StoredDiscount["value"] | Problem => {
  const value = input.customerGets?.value
  if (value?.discountOnQuantity !== undefined && value.discountOnQuantity !== null) throw notImplemented("discountOnQuantity")
  const amount = value?.discountAmount?.amount
  if (typeof value?.percentage === "number") {
    if (value.percentage <= 0 || value.percentage > 1) {
      return problem("VALUE_OUTSIDE_RANGE", "Value must be between 0.0 and 1.0", "basicCodeDiscount", "customerGets", "value", "percentage")
    }
    return { percent: Number((value.percentage * 100).toFixed(6)) }
  }
  if (amount === undefined || amount === null) return problem("BLANK", "Value can't be blank", "basicCodeDiscount", "customerGets", "value")
  if (!/^\d+(\.\d{1,6})?$/.test(String(amount)) || Decimal.parse(String(amount)) === 0n) {
    return problem("GREATER_THAN", "Amount must be greater than 0", "basicCodeDiscount", "customerGets", "value", "discountAmount", "amount")
  }
  return { amount: String(amount), eachItem: value?.discountAmount?.appliesOnEachItem ?? false }
}

const readMinimum = (input: BasicInput): StoredDiscount["minimum"] => {
  const subtotal = input.minimumRequirement?.subtotal?.greaterThanOrEqualToSubtotal
  const quantity = input.minimumRequirement?.quantity?.greaterThanOrEqualToQuantity
  if (subtotal !== undefined && subtotal !== null) return { subtotal: String(subtotal) }
  return quantity === undefined || quantity === null ? null : { quantity: String(quantity) }
}

const instantOf = (text: string | null | undefined): string | null => (text === null || text === undefined ? null : new Date(text).toISOString())

const isInstant = (text: string | null | undefined): boolean => text === null || text === undefined || !Number.isNaN(Date.parse(text))

const basicProblems = (input: BasicInput, execution: Execution): ReadonlyArray<Problem> => {
  const problems: Array<Problem> = []
  const root = "basicCodeDiscount"
  if ((input.title ?? "").trim() === "") problems.push(problem("BLANK", "Title can't be blank", root, "title"))
  const code = codeProblem(input.code ?? "", (key) => execution.state.codes.has(key))
  if (code !== null) problems.push(problem(code.code, code.message, root, "code"))
  if (input.startsAt === null || input.startsAt === undefined) problems.push(problem("BLANK", "Starts at can't be blank", root, "startsAt"))
  if (!isInstant(input.startsAt)) problems.push(problem("INVALID", "Starts at is not a date and time", root, "startsAt"))
  if (!isInstant(input.endsAt)) problems.push(problem("INVALID", "Ends at is not a date and time", root, "endsAt"))
  else if (isInstant(input.startsAt) && input.startsAt && input.endsAt && Date.parse(input.endsAt) <= Date.parse(input.startsAt)) {
    problems.push(problem("END_DATE_BEFORE_START_DATE", "Ends at needs to be after starts_at", root, "endsAt"))
  }
  if (input.usageLimit !== null && input.usageLimit !== undefined && input.usageLimit < 1) {
    problems.push(problem("GREATER_THAN", "Usage limit must be greater than 0", root, "usageLimit"))
  }
  if (input.minimumRequirement?.subtotal && input.minimumRequirement.quantity) {
    problems.push(problem("MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT", "Minimum subtotal and quantity cannot both be present", root, "minimumRequirement"))
  }
  return problems
}

const refuseUnknown = (input: BasicInput): void => {
  if (input.context && input.context.all !== "ALL") throw notImplemented("A discount context other than `all`")
  if (input.customerSelection && input.customerSelection.all !== true) throw notImplemented("A customer selection other than `all`")
  const items = input.customerGets?.items
  if (items && items.all !== true) throw notImplemented("A discount on chosen products or collections")
}

const basicCreate = (_: unknown, args: { readonly basicCodeDiscount: BasicInput }, execution: Execution) => {
  const input = args.basicCodeDiscount
  refuseUnknown(input)
  const value = readValue(input)
  const userErrors = [...basicProblems(input, execution), ...("message" in value ? [value] : [])]
  if ("message" in value || userErrors.length > 0) return { codeDiscountNode: null, userErrors }
  const { state } = execution
  const discount: StoredDiscount = {
    __typename: "DiscountCodeNode",
    id: state.nextId(),
    title: input.title ?? "",
    value,
    startsAt: instantOf(input.startsAt) ?? state.now,
    endsAt: instantOf(input.endsAt),
    usageLimit: input.usageLimit ?? null,
    oncePerCustomer: input.appliesOncePerCustomer ?? false,
    minimum: readMinimum(input),
    combinesWith: {
      orderDiscounts: input.combinesWith?.orderDiscounts ?? false,
      productDiscounts: input.combinesWith?.productDiscounts ?? false,
      shippingDiscounts: input.combinesWith?.shippingDiscounts ?? false,
    },
    tags: input.tags ?? [],
    createdAt: state.now,
    updatedAt: state.now,
    fromClient: true,
  }
  execution.commit({ type: "discount.created", discount, code: { id: state.nextId(), code: input.code ?? "" } })
  return { codeDiscountNode: discount, userErrors: [] }
}

// --------------------------------------------------------------------------------------------------- codes

const missing = (field: string): Problem => problem("INVALID", "Discount does not exist.", field)

/** Runs the import of one creation; also called for creations that a restart interrupted. */
export const importCodes = (creationId: string, execution: Pick<Execution, "state" | "commit">): void => {
  const { state } = execution
  const creation = state.creations.get(creationId)
  if (creation === undefined || creation.results !== null) return
  const seen = new Set<string>()
  const results = creation.codes.map((code): CodeResult => {
    const refusal = codeProblem(code, (key) => state.codes.has(key) || seen.has(key))
    if (refusal !== null) return { code, id: null, problem: refusal }
    seen.add(codeKey(code))
    return { code, id: state.nextId(), problem: null }
  })
  execution.commit({ type: "codes.imported", creationId, results, at: state.now })
}

const bulkAdd = (_: unknown, args: { readonly discountId: string; readonly codes: ReadonlyArray<{ readonly code: string }> }, execution: Execution) => {
  const { state } = execution
  const discountId = GlobalId.numberOf("DiscountCodeNode", args.discountId)
  if (discountId === undefined || !state.discounts.has(discountId)) return { bulkCreation: null, userErrors: [missing("discountId")] }
  if (args.codes.length === 0) return { bulkCreation: null, userErrors: [problem("BLANK", "Codes can't be blank", "codes")] }
  const id = state.nextId()
  const codes = args.codes.map(({ code }) => code)
  execution.commit({
    type: "codes.requested",
    creation: { __typename: "DiscountRedeemCodeBulkCreation", id, discountId, createdAt: state.now, codes, results: null },
  })
  execution.schedule(execution.codeImportMs, () => importCodes(id, execution))
  return { bulkCreation: state.creations.get(id), userErrors: [] }
}

const finishedJob = (execution: Execution) => ({ __typename: "Job", id: `gid://shopify/Job/${execution.state.nextId()}`, done: true })

const bulkDelete = (
  _: unknown,
  args: { readonly discountId: string; readonly ids?: ReadonlyArray<string> | null; readonly search?: string | null; readonly savedSearchId?: string | null },
  execution: Execution,
) => {
  if (args.search || args.savedSearchId) throw notImplemented("discountCodeRedeemCodeBulkDelete by search")
  const discountId = GlobalId.numberOf("DiscountCodeNode", args.discountId)
  const own = discountId === undefined ? undefined : execution.state.codesOfDiscount.get(discountId)
  if (own === undefined) return { job: null, userErrors: [missing("discountId")] }
  if (!args.ids || args.ids.length === 0) {
    return { job: null, userErrors: [problem("MISSING_ARGUMENT", "Missing expected argument key: 'ids', 'search' or 'saved_search_id'.", "ids")] }
  }
  const codeIds = args.ids.flatMap((id) => GlobalId.numberOf("DiscountRedeemCode", id) ?? []).filter((id) => own.has(id))
  const job = finishedJob(execution)
  execution.commit({ type: "codes.deleted", codeIds })
  return { job, userErrors: [] }
}

// ------------------------------------------------------------------------------------------------- activity

const setActivity = (active: boolean) => (_: unknown, args: { readonly id: string }, execution: Execution) => {
  const id = GlobalId.numberOf("DiscountCodeNode", args.id)
  if (id === undefined || !execution.state.discounts.has(id)) return { codeDiscountNode: null, userErrors: [missing("id")] }
  const at = execution.state.now
  execution.commit({ type: "discount.activity", discountIds: [id], endsAt: active ? null : at, at })
  return { codeDiscountNode: execution.state.discounts.get(id), userErrors: [] }
}

const bulkDeactivate = (_: unknown, args: { readonly ids?: ReadonlyArray<string> | null; readonly search?: string | null; readonly savedSearchId?: string | null }, execution: Execution) => {
  if (args.search || args.savedSearchId) throw notImplemented("discountCodeBulkDeactivate by search")
  if (!args.ids || args.ids.length === 0) {
    return { job: null, userErrors: [problem("MISSING_ARGUMENT", "Missing expected argument key: 'ids', 'search' or 'saved_search_id'.", "ids")] }
  }
  const discountIds = args.ids.flatMap((id) => GlobalId.numberOf("DiscountCodeNode", id) ?? [])
  const job = finishedJob(execution)
  const at = execution.state.now
  execution.commit({ type: "discount.activity", discountIds, endsAt: at, at })
  return { job, userErrors: [] }
}

export const discountMutationTables: ReadonlyArray<TypeFields> = [
  fields<unknown>("Mutation", {
    discountCodeBasicCreate: basicCreate,
    discountRedeemCodeBulkAdd: bulkAdd,
    discountCodeRedeemCodeBulkDelete: bulkDelete,
    discountCodeDeactivate: setActivity(false),
    discountCodeActivate: setActivity(true),
    discountCodeBulkDeactivate: bulkDeactivate,
  }),
]
