/**
 * What a workflow action's definition may hold, the same in a project file and over REST but for a few members.
 *
 * It is strict: a member it does not know is refused, and so is a label, a rule or a dependency that names a field which
 * the action does not have. How sure the rules are: member names and field types are verified on HubSpot's templates and
 * its official client; the cross-checks are ours, stricter than HubSpot may be.
 */
import { z } from "zod"

const inputTypes = [
  "bool",
  "date",
  "datetime",
  "enumeration",
  "json",
  "number",
  "object_coordinates",
  "phone_number",
  "string",
] as const

/** Outputs may be amounts of money too. */
const outputTypes = [...inputTypes, "currency_number"] as const

const fieldTypes = [
  "booleancheckbox",
  "calculation_equation",
  "checkbox",
  "date",
  "file",
  "html",
  "number",
  "phonenumber",
  "radio",
  "select",
  "text",
  "textarea",
] as const

/** HTTPS, as HubSpot demands; plain HTTP to this computer, because this is a sandbox. */
const target = z.string().refine(
  (text) => {
    if (!URL.canParse(text)) return false
    const { hostname, protocol } = new URL(text)
    return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname))
  },
  { error: "must be an https:// address (http:// on this computer only)" },
)

const fieldName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error: "must be letters, digits and _" })

const option = z.strictObject({
  value: z.string().min(1),
  label: z.string().min(1),
  description: z.string().optional(),
  displayOrder: z.number().optional(),
  doubleData: z.number().optional(),
  hidden: z.boolean().optional(),
  readOnly: z.boolean().optional(),
})

const typeMembers = {
  name: fieldName,
  fieldType: z.enum(fieldTypes).optional(),
  options: z.array(option).optional(),
  label: z.string().optional(),
  description: z.string().optional(),
  helpText: z.string().optional(),
  externalOptions: z.boolean().optional(),
  externalOptionsReferenceType: z.string().optional(),
  referencedObjectType: z.string().optional(),
  optionsUrl: target.optional(),
}

const inputField = z.strictObject({
  typeDefinition: z.strictObject({ ...typeMembers, type: z.enum(inputTypes) }),
  supportedValueTypes: z
    .array(z.enum(["STATIC_VALUE", "OBJECT_PROPERTY"]))
    .min(1)
    .optional(),
  isRequired: z.boolean().optional(),
  automationFieldType: z.string().optional(),
})

const outputField = z.strictObject({
  typeDefinition: z.strictObject({ ...typeMembers, type: z.enum(outputTypes) }),
})

const dependency = z.discriminatedUnion("dependencyType", [
  z.strictObject({
    dependencyType: z.literal("SINGLE_FIELD"),
    controllingFieldName: z.string(),
    dependentFieldNames: z.array(z.string()).min(1),
  }),
  z.strictObject({
    dependencyType: z.literal("CONDITIONAL_SINGLE_FIELD"),
    controllingFieldName: z.string(),
    controllingFieldValue: z.string(),
    dependentFieldNames: z.array(z.string()).min(1),
  }),
])

const scalar = z.union([z.string(), z.number(), z.boolean()])

const rule = z.strictObject({
  labelName: z.string().min(1),
  conditions: z.record(z.string(), z.union([scalar, z.array(scalar).min(1)])),
})

const texts = z.record(z.string(), z.string())

const labels = z.strictObject({
  actionName: z.string().min(1),
  actionDescription: z.string().optional(),
  actionCardContent: z.string().optional(),
  appDisplayName: z.string().optional(),
  inputFieldLabels: texts.optional(),
  inputFieldDescriptions: texts.optional(),
  inputFieldOptionLabels: z.record(z.string(), texts).optional(),
  outputFieldLabels: texts.optional(),
  executionRules: texts.optional(),
})

const languages = ["en", "fr", "de", "ja", "es", "pt-br", "nl"] as const

/** The members that both carriers share. */
export const members = {
  actionUrl: target,
  inputFields: z.array(inputField),
  outputFields: z.array(outputField).optional(),
  inputFieldDependencies: z.array(dependency).optional(),
  objectRequestOptions: z.strictObject({ properties: z.array(z.string().min(1)) }).optional(),
  executionRules: z.array(rule).optional(),
  labels: z
    .partialRecord(z.enum(languages), labels)
    .refine((all) => all.en !== undefined, { error: "the labels in English (en) are required" }),
  objectTypes: z
    .array(z.string().regex(/^(?:[A-Z][A-Z_]*|\d+-\d+|p_\w+)$/, { error: "must be an object type such as CONTACT" }))
    .min(1),
}

export const shared = z.strictObject(members)
export type SharedMembers = z.infer<typeof shared>
export type InputField = z.infer<typeof inputField>
export type OutputField = z.infer<typeof outputField>
export type ExecutionRule = z.infer<typeof rule>

export interface Inconsistency {
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

const repeated = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.filter((name, index) => names.indexOf(name) !== index)

/** What each member alone cannot tell: names that lead nowhere. */
export const inconsistencies = (action: SharedMembers): ReadonlyArray<Inconsistency> => {
  const found: Array<Inconsistency> = []
  const refuse = (path: ReadonlyArray<string | number>, message: string) => void found.push({ path, message })
  const inputs = new Set(action.inputFields.map(({ typeDefinition }) => typeDefinition.name))
  const outputs = new Set((action.outputFields ?? []).map(({ typeDefinition }) => typeDefinition.name))
  for (const name of repeated(action.inputFields.map(({ typeDefinition }) => typeDefinition.name)))
    refuse(["inputFields"], `${name} is defined twice`)
  for (const name of repeated((action.outputFields ?? []).map(({ typeDefinition }) => typeDefinition.name)))
    refuse(["outputFields"], `${name} is defined twice`)
  for (const [index, { typeDefinition }] of action.inputFields.entries()) {
    const closed = typeDefinition.type === "enumeration" && typeDefinition.referencedObjectType === undefined
    if (closed && typeDefinition.optionsUrl === undefined && (typeDefinition.options ?? []).length === 0)
      refuse(["inputFields", index, "typeDefinition", "options"], "an enumeration needs options or an optionsUrl")
    if (typeDefinition.optionsUrl !== undefined && typeDefinition.type !== "enumeration")
      refuse(["inputFields", index, "typeDefinition", "optionsUrl"], "only an enumeration fetches its options")
  }
  for (const [index, one] of (action.inputFieldDependencies ?? []).entries())
    for (const name of [one.controllingFieldName, ...one.dependentFieldNames])
      if (!inputs.has(name)) refuse(["inputFieldDependencies", index], `no input field is called ${name}`)
  for (const [index, one] of (action.executionRules ?? []).entries()) {
    for (const name of Object.keys(one.conditions))
      if (!outputs.has(name) && name !== "hs_execution_state")
        refuse(["executionRules", index, "conditions", name], "no output field has this name")
    if (action.labels.en?.executionRules?.[one.labelName] === undefined)
      refuse(["executionRules", index, "labelName"], `labels.en.executionRules has no ${one.labelName}`)
  }
  for (const [language, own] of Object.entries(action.labels)) {
    const known = (member: "inputFieldLabels" | "inputFieldDescriptions" | "outputFieldLabels", names: Set<string>) => {
      for (const name of Object.keys(own?.[member] ?? {}))
        if (!names.has(name)) refuse(["labels", language, member, name], "no such field")
    }
    known("inputFieldLabels", inputs)
    known("inputFieldDescriptions", inputs)
    known("outputFieldLabels", outputs)
    for (const [, token] of (own?.actionCardContent ?? "").matchAll(/\{\{\s*([\w.]+)\s*\}\}/g))
      if (token !== undefined && !inputs.has(token))
        refuse(["labels", language, "actionCardContent"], `{{${token}}} is no input field`)
  }
  for (const name of inputs)
    if (action.labels.en?.inputFieldLabels?.[name] === undefined)
      refuse(["labels", "en", "inputFieldLabels"], `the input field ${name} has no label`)
  return found
}
