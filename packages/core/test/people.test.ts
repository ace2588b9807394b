import { describe, expect, it } from "@effect/vitest"
import type { Fact } from "../src/fact/Fact.ts"
import * as People from "../src/person/People.ts"
import { customer, email, handle, merge, person } from "./Story.ts"

const contact = handle("hubspot:contact/1")
const known = (...facts: ReadonlyArray<Fact>): ReadonlyArray<string> => {
  const people = People.resolve(facts)
  return people.all.map((one) => people.handlesOf(one).join(" "))
}
const ada = person(1, { aliases: [email("ada")] })
const crm = { ...person(9, { aliases: [email("ada"), email("ada-at-work")] }), key: contact as never, person: contact }

describe("people", () => {
  it("are joined by an equal e-mail across platforms, and by merges of the platform", () => {
    expect(known(ada, crm)).toEqual([`email:ada email:ada-at-work ${contact} ${customer(1)}`])
    expect(known(ada, person(3, { aliases: [] }))).toHaveLength(2)
    expect(known(ada, person(3, { aliases: [] }), merge(customer(3), customer(1)))).toHaveLength(1)
    expect(known(person(1, { aliases: [], mergedFrom: [customer(2)] }), person(2, { aliases: [] }))).toEqual([
      `${customer(1)} ${customer(2)}`,
    ])
  })

  it("are not joined by soft evidence or by a company", () => {
    const same = { soft: [handle("device:d"), handle("phone:p")], companies: [handle("hubspot:company/1")] }
    expect(known(person(1, same), person(2, same))).toHaveLength(2)
  })

  it("are the same in any order of facts, and are named by their smallest handle", () => {
    const facts = [ada, crm, person(3), merge(customer(3), customer(1)), person(4), merge(customer(5), customer(4))]
    for (const order of [facts, facts.toReversed(), [...facts.slice(3), ...facts.slice(0, 3)]]) {
      const people = People.resolve(order)
      expect(people.personOf(customer(3))).toBe("email:ada")
      expect(people.personOf(customer(5))).toBe("email:customer-4")
      expect(people.all).toEqual(["email:ada", "email:customer-4"])
    }
  })

  it("come apart again when the platform no longer says that they are one", () => {
    const merged = person(1, { aliases: [], mergedFrom: [customer(2)] })
    const apart = person(1, { aliases: [], mergedFrom: [], version: 2 })
    expect([known(merged, person(2)).length, known(apart, person(2)).length]).toEqual([1, 2])
  })

  it("take an unknown handle for a person of its own", () => {
    const people = People.resolve([])
    expect([
      people.personOf(customer(7)),
      people.handlesOf(customer(7)),
      people.recordsOf(customer(7)),
      people.all,
    ]).toEqual([customer(7), [customer(7)], [], []])
  })

  it("are known to others by their shop customer, else their contact, else any handle but an e-mail", () => {
    const principal = (of: string, ...facts: ReadonlyArray<Fact>) => {
      const people = People.resolve(facts)
      return People.principalHandle(people, people.personOf(handle(of)))
    }
    expect(principal("email:ada", crm, ada)).toBe(customer(1))
    expect(principal("email:ada", crm)).toBe(contact)
    expect(principal("email:zoe", { ...crm, person: handle("file:zoe"), aliases: [email("zoe")] })).toBe("file:zoe")
    expect(principal("email:nobody")).toBe("email:nobody")
  })
})
