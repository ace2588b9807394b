/**
 * Creating, filling and ending code discounts. Adding codes answers at once and imports a moment later, each code with
 * its own result; a code that the shop has already is `TAKEN`, also when this very discount holds it.
 */

import {
  basicProblems,
  codeProblem,
  instantOf,
  problem,
  readMinimum,
  readValue,
  refuseUnknown,
} from "./DiscountInput.ts"
import type { BasicInput, Problem } from "./DiscountInput.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { notImplemented } from "./Refusal.ts"
import type { CodeResult, StoredDiscount } from "./ShopEvent.ts"
import { codeKey } from "./ShopState.ts"

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

const bulkAdd = (
  _: unknown,
  args: { readonly discountId: string; readonly codes: ReadonlyArray<{ readonly code: string }> },
  execution: Execution,
) => {
  const { state } = execution
  const discountId = GlobalId.numberOf("DiscountCodeNode", args.discountId)
  if (discountId === undefined || !state.discounts.has(discountId))
    return { bulkCreation: null, userErrors: [missing("discountId")] }
  if (args.codes.length === 0)
    return { bulkCreation: null, userErrors: [problem("BLANK", "Codes can't be blank", "codes")] }
  const id = state.nextId()
  const codes = args.codes.map(({ code }) => code)
  execution.commit({
    type: "codes.requested",
    creation: {
      __typename: "DiscountRedeemCodeBulkCreation",
      id,
      discountId,
      createdAt: state.now,
      codes,
      results: null,
    },
  })
  execution.schedule(execution.codeImportMs, () => importCodes(id, execution))
  return { bulkCreation: state.creations.get(id), userErrors: [] }
}

const finishedJob = (execution: Execution) => ({
  __typename: "Job",
  id: `gid://shopify/Job/${execution.state.nextId()}`,
  done: true,
})

const bulkDelete = (
  _: unknown,
  args: {
    readonly discountId: string
    readonly ids?: ReadonlyArray<string> | null
    readonly search?: string | null
    readonly savedSearchId?: string | null
  },
  execution: Execution,
) => {
  if (args.search || args.savedSearchId) throw notImplemented("discountCodeRedeemCodeBulkDelete by search")
  const discountId = GlobalId.numberOf("DiscountCodeNode", args.discountId)
  const own = discountId === undefined ? undefined : execution.state.codesOfDiscount.get(discountId)
  if (own === undefined) return { job: null, userErrors: [missing("discountId")] }
  if (!args.ids || args.ids.length === 0) {
    return {
      job: null,
      userErrors: [
        problem("MISSING_ARGUMENT", "Missing expected argument key: 'ids', 'search' or 'saved_search_id'.", "ids"),
      ],
    }
  }
  const codeIds = args.ids
    .flatMap((id) => GlobalId.numberOf("DiscountRedeemCode", id) ?? [])
    .filter((id) => own.has(id))
  const job = finishedJob(execution)
  execution.commit({ type: "codes.deleted", codeIds })
  return { job, userErrors: [] }
}

// ------------------------------------------------------------------------------------------------- activity

const setActivity = (active: boolean) => (_: unknown, args: { readonly id: string }, execution: Execution) => {
  const id = GlobalId.numberOf("DiscountCodeNode", args.id)
  if (id === undefined || !execution.state.discounts.has(id))
    return { codeDiscountNode: null, userErrors: [missing("id")] }
  const at = execution.state.now
  execution.commit({ type: "discount.activity", discountIds: [id], endsAt: active ? null : at, at })
  return { codeDiscountNode: execution.state.discounts.get(id), userErrors: [] }
}

const bulkDeactivate = (
  _: unknown,
  args: {
    readonly ids?: ReadonlyArray<string> | null
    readonly search?: string | null
    readonly savedSearchId?: string | null
  },
  execution: Execution,
) => {
  if (args.search || args.savedSearchId) throw notImplemented("discountCodeBulkDeactivate by search")
  if (!args.ids || args.ids.length === 0) {
    return {
      job: null,
      userErrors: [
        problem("MISSING_ARGUMENT", "Missing expected argument key: 'ids', 'search' or 'saved_search_id'.", "ids"),
      ],
    }
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
