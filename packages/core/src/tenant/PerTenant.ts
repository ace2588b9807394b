/**
 * State that an in-memory store keeps apart for each tenant.
 *
 * Promises: one state per tenant, made when it is first asked for; whoever asks gets that of `CurrentTenant` and has no
 * way to another. Nothing outlives the process.
 */
import { Effect } from "effect"
import { CurrentTenant, type TenantId } from "./Tenant.ts"

/** The current tenant's own `State`. */
export const make = <State>(initial: () => State): Effect.Effect<State, never, CurrentTenant> => {
  const states = new Map<TenantId, State>()
  return Effect.map(CurrentTenant, ({ id }) => {
    const known = states.get(id)
    if (known !== undefined) return known
    const made = initial()
    states.set(id, made)
    return made
  })
}
