/**
 * What an app tells Shopify Flow: each call starts the workflows that listen for the trigger.
 *
 * [D flowTriggerReceive] A payload has at most 50 KB. [D] There is nothing to look an earlier call up by, and the same call twice
 * starts the workflows twice. [U] A handle that the app does not declare, and a payload that is too large, are user errors in these words.
 * The deprecated `body` is not implemented.
 */

import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import { notImplemented } from "./Refusal.ts"

const payloadBytes = 50_000

const receive = (
  _: unknown,
  args: { readonly handle?: string | null; readonly payload?: unknown; readonly body?: string | null },
  { commit, flowTriggers, state }: Execution,
) => {
  if (args.body !== null && args.body !== undefined) throw notImplemented("flowTriggerReceive with body")
  const handle = args.handle ?? ""
  const refused = (message: string, field: string) => ({ userErrors: [{ field: [field], message }] })
  if (handle === "" || flowTriggers?.includes(handle) === false) return refused("Invalid handle.", "handle")
  if (Buffer.byteLength(JSON.stringify(args.payload ?? null)) > payloadBytes)
    return refused("Payload size exceeds the limit of 50 KB.", "payload")
  commit({
    type: "flow.triggered",
    trigger: { id: state.nextId(), handle, payload: args.payload ?? null, at: state.now },
  })
  return { userErrors: [] }
}

export const flowTables: ReadonlyArray<TypeFields> = [fields<unknown>("Mutation", { flowTriggerReceive: receive })]
