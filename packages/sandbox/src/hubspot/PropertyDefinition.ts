/**
 * What a portal knows of one property: its type, its options, who may write it.
 *
 * `toWire` prints it as the properties API does. Definitions that HubSpot or the brand brought along are
 * made by `standard`; those of clients come through the property routes.
 */

export type PropertyType = "string" | "number" | "date" | "datetime" | "enumeration" | "bool" | "phone_number"

export const propertyTypes: ReadonlyArray<PropertyType> = [
  "string",
  "number",
  "date",
  "datetime",
  "enumeration",
  "bool",
  "phone_number",
]

/** Which field types may show which property type. */
export const fieldTypes: Readonly<Record<PropertyType, ReadonlyArray<string>>> = {
  string: ["text", "textarea", "html", "phonenumber", "file", "calculation_equation"],
  number: ["number", "calculation_equation"],
  date: ["date"],
  datetime: ["date", "calculation_equation"],
  enumeration: ["select", "radio", "checkbox", "booleancheckbox"],
  bool: ["booleancheckbox", "calculation_equation"],
  phone_number: ["phonenumber"],
}

export interface PropertyOption {
  readonly label: string
  readonly value: string
  readonly description: string
  readonly displayOrder: number
  readonly hidden: boolean
}

export interface PropertyDefinition {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly groupName: string
  readonly type: PropertyType
  readonly fieldType: string
  readonly options: ReadonlyArray<PropertyOption>
  readonly displayOrder: number
  readonly hasUniqueValue: boolean
  readonly hidden: boolean
  readonly formField: boolean
  readonly readOnlyValue: boolean
  readonly hubspotDefined: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

export interface PropertyGroup {
  readonly name: string
  readonly label: string
  readonly displayOrder: number
}

export const toWire = (definition: PropertyDefinition) => {
  const { readOnlyValue, ...rest } = definition
  return {
    ...rest,
    calculated: false,
    externalOptions: false,
    archived: false,
    dataSensitivity: "non_sensitive",
    modificationMetadata: {
      archivable: !definition.hubspotDefined,
      readOnlyDefinition: definition.hubspotDefined,
      readOnlyOptions: definition.hubspotDefined,
      readOnlyValue,
    },
  }
}

export const groupToWire = (group: PropertyGroup) => ({ ...group, archived: false })

export interface Standard {
  readonly type?: PropertyType
  readonly fieldType?: string
  readonly options?: ReadonlyArray<string>
  readonly unique?: true
  readonly readOnly?: true
  /** The brand's own, not HubSpot's. */
  readonly custom?: true
}

export const standard = (name: string, groupName: string, shape: Standard): PropertyDefinition => {
  const type = shape.type ?? "string"
  return {
    name,
    label: name.replace(/^hs_/, "").replaceAll("_", " "),
    description: "",
    groupName,
    type,
    fieldType: shape.fieldType ?? (fieldTypes[type][0] as string),
    options: (shape.options ?? []).map((value, displayOrder) => ({
      label: value,
      value,
      description: "",
      displayOrder,
      hidden: false,
    })),
    displayOrder: -1,
    hasUniqueValue: shape.unique === true,
    hidden: false,
    formField: false,
    readOnlyValue: shape.readOnly === true,
    hubspotDefined: shape.custom !== true,
    createdAt: "2020-01-01T00:00:00.000Z",
    updatedAt: "2020-01-01T00:00:00.000Z",
  }
}
