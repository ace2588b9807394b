/**
 * What a workflow action is to HubSpot: its name, what a marketer fills in, what later steps can use.
 *
 * A definition is plain data, from which the project files are made (`ActionFile`); it knows no address and does nothing.
 */

/** What HubSpot lets an action give and take of those types that we use. */
export type FieldType = "string" | "number" | "bool" | "enumeration"

export interface InputField {
  readonly name: string
  readonly type: FieldType
  readonly label: string
  readonly description: string
  readonly isRequired: boolean
  /** A property of the contact, or an earlier step's output, can stand here instead of a value. */
  readonly mayBeProperty: boolean
  /** HubSpot asks us for what may stand here, as it does of every enumeration. */
  readonly isAskedFor?: true
}

export interface OutputField {
  readonly name: string
  readonly type: Exclude<FieldType, "enumeration">
  readonly label: string
}

export interface ActionDefinition {
  /** For ever the same: workflows refer to it. */
  readonly uid: string
  readonly name: string
  readonly description: string
  /** On the workflow's card; `{{field}}` shows what was filled in. */
  readonly card: string
  readonly inputs: ReadonlyArray<InputField>
  readonly outputs: ReadonlyArray<OutputField>
  /** Changes nothing, so that HubSpot's agents may use it too. */
  readonly isReadOnly: boolean
}

/** Which program; HubSpot asks for the list. */
export const programInput: InputField = {
  name: "program",
  type: "enumeration",
  label: "Program",
  description: "The advocacy program",
  isRequired: true,
  mayBeProperty: false,
  isAskedFor: true,
}
