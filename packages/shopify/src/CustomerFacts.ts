/**
 * A customer of the shop as a fact.
 *
 * Promises: pure. A withheld e-mail address is unavailable, not erased: such a reading has version 0, so that it never
 * takes the place of a complete one. Name and address go to the vault, the fact holds keyed hashes.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { attempt, type Lens, numberOf, placeOf, type RawRecord, storable } from "./Reading.ts"
import { CustomerRecord } from "./wire/CustomerRecord.ts"

/** Only an explicit answer counts: whoever never subscribed has not said no. */
const marketingOf = (state: string | null | undefined): Fact.PersonSeen["marketing"] =>
  state === "SUBSCRIBED" ? "granted" : state === "UNSUBSCRIBED" ? "denied" : "unknown"

export const ofCustomer = (raw: RawRecord, lens: Lens): Page => {
  const place = placeOf("customer", raw.record)
  return attempt(place, () => {
    const customer = CustomerRecord.parse(raw.record)
    const person = Handle.platform("shopify", "customer", numberOf(customer.id))
    const address = customer.defaultEmailAddress?.emailAddress ?? ""
    const phone = Handle.phone(lens.handleKey, customer.defaultPhoneNumber?.phoneNumber ?? "")
    const name = [customer.firstName, customer.lastName].filter((part) => part !== null && part.trim() !== "").join(" ")
    const { kept, rejected } = storable([
      { place: `${place} name`, text: name, limit: 500 },
      { place: `${place} e-mail`, text: address, limit: 500 },
    ])
    const hasEmail = address.trim() !== "" && kept.has(`${place} e-mail`)
    const email = Handle.email(lens.handleKey, address)
    const complete = !raw.withheld.includes("defaultEmailAddress")
    const personal: ReadonlyArray<PersonalValue> = [
      ...(hasEmail ? [{ handle: email, value: address.trim() }] : []),
      ...(name !== "" && kept.has(`${place} name`) ? [{ handle: person, value: name }] : []),
    ]
    return {
      facts: [
        {
          _tag: "PersonSeen",
          key: Fact.key(place),
          version: complete ? Instant.fromIso(customer.updatedAt) : 0,
          rank: Fact.rank.api,
          occurredAt: Instant.fromIso(customer.createdAt),
          person,
          aliases: hasEmail ? [email] : [],
          mergedFrom: [],
          companies: [],
          soft: phone === null ? [] : [phone],
          marketing: marketingOf(customer.defaultEmailAddress?.marketingState),
          lifecycle: null,
        },
      ],
      personal,
      rejected,
    }
  })
}
