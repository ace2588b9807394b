/**
 * Shopify's export of customers, as Customers > Export writes it.
 *
 * Promises: the same keys and handles as the connector. A customer without a number (older exports have none) is known by the e-mail.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"

const fields = fieldsOf({
  id: { titles: ["Customer ID", "Id"], what: "Shopify's number of the customer" },
  email: { titles: ["Email"], what: "the e-mail", needed: true, personal: true },
  firstName: { titles: ["First Name"], what: "the first name", needed: true, personal: true },
  lastName: { titles: ["Last Name"], what: "the last name", personal: true },
  phone: { titles: ["Phone", "Default Address Phone"], what: "the phone number", personal: true },
  marketing: { titles: ["Accepts Email Marketing", "Accepts Marketing"], what: "whether they want letters" },
})
type Name = keyof typeof fields

const personOf = (row: Row<Name>, lens: Format.Lens): Handle.Handle => {
  const id = row.id("id")
  if (id !== null) return Handle.platform("shopify", "customer", id)
  return Handle.email(
    lens.handleKey,
    row.email("email") ?? row.refuse("email", "is empty, as is the customer's number"),
  )
}

export const shopifyCustomers = Format.make<Name>({
  name: "shopify-customers",
  what: "Shopify: customers (Customers > Export > Plain CSV file)",
  fields,
  placeOf: (row) => {
    const id = row.id("id")
    return id === null ? null : `shopify:customer/${id}`
  },
  read: ([row], lens) => {
    const person = personOf(row, lens)
    const address = row.email("email")
    const email = address === null ? null : Handle.email(lens.handleKey, address)
    const phone = Handle.phone(lens.handleKey, (row.text("phone") ?? "").replace(/^'/, ""))
    const name = [row.text("firstName"), row.text("lastName")].filter((part) => part !== null).join(" ")
    const accepts = row.truth("marketing")
    const seen: Fact.PersonSeen = {
      _tag: "PersonSeen",
      ...Format.head(person.startsWith("email:") ? `file:customer/${person.slice(6)}` : person, lens.asOf, lens),
      estimated: ["occurredAt"],
      person,
      aliases: email === null || email === person ? [] : [email],
      mergedFrom: [],
      companies: [],
      soft: phone === null ? [] : [phone],
      // Whoever does not accept may never have been asked.
      marketing: accepts === true ? "granted" : "unknown",
      lifecycle: null,
    }
    return {
      facts: [seen],
      personal: [
        ...(email === null || address === null ? [] : [{ handle: email, value: address }]),
        ...(name === "" ? [] : [{ handle: person, value: name }]),
      ],
    }
  },
  cannotKnow: [
    "when a customer first came: they count as known from when the file was written",
    "whether somebody unsubscribed or never subscribed",
    "which customers were merged into others",
  ],
})
