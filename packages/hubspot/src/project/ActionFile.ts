/**
 * A workflow action's definition as the file that HubSpot's projects hold of it (`*-hsmeta.json`).
 *
 * Members and spellings as in HubSpot's own templates of projects (2025.2 to 2026.09).
 */
import { commonOutputs, errorCodes } from "../action/ActionOutcome.ts"
import type { ActionDefinition, InputField, OutputField } from "../action/ActionDefinition.ts"

const fieldTypes = { string: "text", number: "number", bool: "booleancheckbox", enumeration: "select" } as const

const input = ({ isAskedFor, isRequired, mayBeProperty, name, type }: InputField, actionsUrl: string) => ({
  typeDefinition: {
    name,
    type,
    fieldType: fieldTypes[type],
    ...(isAskedFor === true ? { optionsUrl: `${actionsUrl}/options/${name}` } : {}),
  },
  supportedValueTypes: mayBeProperty ? ["STATIC_VALUE", "OBJECT_PROPERTY"] : ["STATIC_VALUE"],
  isRequired,
})

const output = ({ name, type }: OutputField) => ({ typeDefinition: { name, type, fieldType: fieldTypes[type] } })

const named = <A extends { readonly name: string }>(fields: ReadonlyArray<A>, of: (field: A) => string) =>
  Object.fromEntries(fields.map((field) => [field.name, of(field)]))

/** Our own addresses are `${actionsUrl}/…`. */
export const actionFile = (definition: ActionDefinition, actionsUrl: string) => {
  const outputs = [...definition.outputs, ...commonOutputs]
  return {
    uid: definition.uid,
    type: "workflow-action",
    config: {
      actionUrl: `${actionsUrl}/${definition.uid}`,
      isPublished: true,
      supportedClients: [{ client: "WORKFLOWS" }, ...(definition.isReadOnly ? [{ client: "AGENTS" }] : [])],
      inputFields: definition.inputs.map((field) => input(field, actionsUrl)),
      outputFields: outputs.map(output),
      inputFieldDependencies: [],
      objectRequestOptions: { properties: [] },
      executionRules: Object.keys(errorCodes).map((code) => ({ labelName: code, conditions: { errorCode: [code] } })),
      labels: {
        en: {
          actionName: definition.name,
          actionDescription: definition.description,
          actionCardContent: definition.card,
          inputFieldLabels: named(definition.inputs, ({ label }) => label),
          inputFieldDescriptions: named(definition.inputs, ({ description }) => description),
          outputFieldLabels: named(outputs, ({ label }) => label),
          executionRules: Object.fromEntries(
            Object.entries(errorCodes).map(([code, words]) => [code, `${words}: {{errorMessage}}`]),
          ),
        },
      },
      objectTypes: ["CONTACT"],
    },
  }
}
