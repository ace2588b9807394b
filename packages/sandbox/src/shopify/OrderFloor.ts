/**
 * How far back an app sees orders: 60 days from the shop's present, unless it has `read_all_orders`. Older ones are not
 * refused but absent: from lists, counts, a customer's orders, and look-ups by id, in bulk operations too.
 */

import { holds } from "./AccessScopes.ts"
import type { Execution } from "./Execution.ts"
import type { OrderRow } from "./ShopState.ts"

const floorMillis = 60 * 86_400_000

type Asking = Pick<Execution, "scopes" | "state">

export const hasFloor = (execution: Asking): boolean => !holds(execution, "read_all_orders")

/** A test of one order; nothing before the floor passes. */
export const isVisible = (execution: Asking): ((row: OrderRow) => boolean) => {
  if (!hasFloor(execution)) return () => true
  const floor = new Date(Date.parse(execution.state.now) - floorMillis).toISOString()
  return (row) => row.createdAt >= floor
}
