/**
 * Trouble on order for requests to actions. Orders are taken one after the other, first ordered first taken, and live in
 * memory only.
 */
import { z } from "zod"

export const shape = z.strictObject({
  /** DUPLICATE: posted twice, the first answer counts. TIMEOUT and DROP: executed, but the answer is lost. UNREACHABLE: not executed. DELAY: posted later. UNREADABLE: a 200 whose body is not JSON. */
  kind: z.enum(["DUPLICATE", "TIMEOUT", "DROP", "UNREACHABLE", "DELAY", "UNREADABLE"]),
  count: z.int().min(1).default(1),
  /** The uid or id of the action it is for; any by default. */
  action: z.string().optional(),
  /** Of the virtual clock, for DELAY. */
  delayMillis: z.int().min(1).default(60_000),
})

export type FaultOrder = z.output<typeof shape>

export class WorkflowFaults {
  #orders: Array<FaultOrder> = []

  order(one: FaultOrder): void {
    this.#orders.push(one)
  }

  take(names: ReadonlyArray<string | null>): FaultOrder | null {
    const found = this.#orders.find(({ action }) => action === undefined || names.includes(action))
    if (found === undefined) return null
    this.#orders = this.#orders.flatMap((one) => {
      if (one !== found) return [one]
      return one.count > 1 ? [{ ...one, count: one.count - 1 }] : []
    })
    return found
  }

  get pending(): ReadonlyArray<FaultOrder> {
    return this.#orders
  }
}
