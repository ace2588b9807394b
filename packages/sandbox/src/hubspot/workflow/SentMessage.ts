/**
 * An e-mail of a workflow: rendered and kept instead of sent. HubSpot's tokens for the contact (and the deal) are
 * replaced; `{{ output.STEP.NAME }}` is the sandbox's own. A token without a value becomes nothing, which is told.
 *
 * A contact who opted out of all e-mail gets none (documented); neither does one without an address.
 */
import { resolve as resolveSource } from "./ValueSource.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { ObjectName } from "../ObjectTypes.ts"
import type { StoredRecord } from "../StoredRecord.ts"
import type { StepOutputs } from "./ValueSource.ts"

export interface SentMessage {
  readonly id: string
  readonly workflowId: string
  readonly runId: string
  readonly step: string
  readonly contactId: string
  readonly to: string
  readonly subject: string
  readonly body: string
  readonly sentAt: string
  readonly status: "SENT" | "REFUSED"
  readonly reason: "OPTED_OUT" | "NO_ADDRESS" | null
}

/** Who gets the mail of an enrolled record: itself, or the first contact of a deal. */
export const recipient = (state: HubSpotState, name: ObjectName, record: StoredRecord): StoredRecord | undefined => {
  if (name === "contacts") return record
  const [first] = state.associations.neighbours({ name, id: record.id }, "contacts")
  return first === undefined ? undefined : state.resolve("contacts", first)
}

export interface Rendered {
  readonly text: string
  readonly problems: ReadonlyArray<string>
}

export const render = (
  template: string,
  state: HubSpotState,
  records: Readonly<Partial<Record<"contact" | "deal", StoredRecord>>>,
  outputs: StepOutputs,
): Rendered => {
  const problems: Array<string> = []
  const text = template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (token, path: string) => {
    const [head, ...rest] = path.split(".")
    let value: string | null = null
    const record = head === "contact" || head === "deal" ? records[head] : undefined
    if (record !== undefined && rest.length === 1) {
      const name = head === "deal" ? "deals" : "contacts"
      value = resolveSource({ type: "OBJECT_PROPERTY", propertyName: rest[0] ?? "" }, state, name, record, outputs)
    } else if (head === "output" && rest.length === 2) value = outputs[rest[0] ?? ""]?.[rest[1] ?? ""] ?? null
    else problems.push(`${token} is no token that the sandbox knows`)
    if (value === null) problems.push(`${token} had no value and was left empty`)
    return value ?? ""
  })
  return { text, problems }
}
