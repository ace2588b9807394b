/**
 * What the user of a workflow is told of an action: the label of the first rule whose conditions all hold, with the
 * outputs put in (documented). A condition holds when the output equals its value or is one of its values.
 */
import type { ActionBody } from "./ActionDefinition.ts"

export interface ExecutionMessage {
  readonly message: string | null
  readonly problems: ReadonlyArray<string>
}

export const messageOf = (body: ActionBody, outputs: Readonly<Record<string, string>>): ExecutionMessage => {
  const rule = (body.executionRules ?? []).find(({ conditions }) =>
    Object.entries(conditions).every(([name, wanted]) => {
      const values = Array.isArray(wanted) ? wanted : [wanted]
      return values.some((value) => String(value) === outputs[name])
    }),
  )
  if (rule === undefined) return { message: null, problems: [] }
  const label = body.labels.en?.executionRules?.[rule.labelName] ?? ""
  const problems: Array<string> = []
  const message = label.replace(/\{\{\s*(\w+)\s*\}\}/g, (token, name: string) => {
    const value = outputs[name]
    if (value === undefined) problems.push(`The rule "${rule.labelName}" names ${token}, which the action did not give`)
    return value ?? ""
  })
  return { message, problems }
}
