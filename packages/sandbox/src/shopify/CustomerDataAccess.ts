/**
 * Protected customer data. An app that is not approved for it may read neither orders nor customers; one that is, gets
 * names, addresses, telephone numbers and e-mail addresses only as far as each was approved too. What is refused is null
 * in the answer with an error beside it, at HTTP 200. Scopes are another matter: see `AccessScopes`.
 */

import { getNamedType, GraphQLError } from "graphql"
import type { GraphQLResolveInfo } from "graphql"

export const personalFields = ["name", "address", "phone", "email"] as const
export type PersonalField = (typeof personalFields)[number]

/** "none" is an app without any approval; a list holds the fields that were approved beside customer data as such. */
export type CustomerDataApproval = "none" | ReadonlyArray<PersonalField>

const protectedTypes = new Set(["Customer", "Order"])

/** By type and field: what it tells of a person. */
const personal: Readonly<Record<string, PersonalField>> = {
  "Customer.firstName": "name",
  "Customer.lastName": "name",
  "Customer.displayName": "name",
  "Customer.email": "email",
  "Customer.defaultEmailAddress": "email",
  "Customer.phone": "phone",
  "Customer.defaultPhoneNumber": "phone",
  "Customer.defaultAddress": "address",
  "Customer.addresses": "address",
  "Customer.addressesV2": "address",
  "Order.email": "email",
  "Order.phone": "phone",
  "Order.shippingAddress": "address",
  "Order.billingAddress": "address",
}

const documentation = "https://shopify.dev/docs/apps/launch/protected-customer-data"

const refusal = (what: string): GraphQLError =>
  new GraphQLError(`This app is not approved to ${what}. See ${documentation} for more details.`, {
    extensions: { code: "ACCESS_DENIED", documentation },
  })

const ofField = new Map<string, string | undefined>()

/** The protected type that a field gives, alone, in a list or as the rows of a connection. */
const protectedType = ({ fieldName, parentType, returnType }: GraphQLResolveInfo): string | undefined => {
  const place = `${parentType.name}.${fieldName}`
  if (!ofField.has(place)) {
    const name = getNamedType(returnType).name.replace(/Connection$/, "")
    ofField.set(place, protectedTypes.has(name) ? name : undefined)
  }
  return ofField.get(place)
}

export const demandApproval = (approval: CustomerDataApproval, info: GraphQLResolveInfo): void => {
  if (approval === "none") {
    const type = protectedType(info)
    if (type !== undefined) throw refusal(`access the ${type} object`)
    // Reached through an interface, such as `node`.
    if (protectedTypes.has(info.parentType.name) && info.fieldName !== "id")
      throw refusal(`access the ${info.parentType.name} object`)
    return
  }
  if (approval.length === personalFields.length) return
  const field = personal[`${info.parentType.name}.${info.fieldName}`]
  if (field !== undefined && !approval.includes(field)) throw refusal(`use the ${info.fieldName} field`)
}

/** What webhook bodies tell of a person. */
const personalKeys: Readonly<Record<string, PersonalField>> = {
  first_name: "name",
  last_name: "name",
  email: "email",
  contact_email: "email",
  phone: "phone",
  shipping_address: "address",
  billing_address: "address",
  addresses: "address",
}

/** A body as text, without what was not approved. */
export const printed = (body: unknown, approval: CustomerDataApproval): string =>
  JSON.stringify(body, (key, value: unknown) => {
    const field = personalKeys[key]
    return field === undefined || (approval !== "none" && approval.includes(field)) ? value : null
  })
