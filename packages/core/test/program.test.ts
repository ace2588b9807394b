import { describe, expect, it } from "@effect/vitest"
import { Result } from "effect"
import * as Program from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import { day, program } from "./Story.ts"

type Json = Record<string, unknown>

/** The plain program as data, with one thing changed. */
const changed = (change: (definition: Json, mechanic: Json) => void): unknown => {
  const definition: Json = JSON.parse(JSON.stringify(program().definition))
  const [mechanic] = definition["mechanics"] as ReadonlyArray<Json>
  change(definition, mechanic ?? {})
  return definition
}

const faults = (definition: unknown): ReadonlyArray<string> =>
  Result.match(Program.parse(definition), {
    onSuccess: () => [],
    onFailure: ({ issues }) => issues.map(({ message, path }) => `${path}: ${message}`),
  })

describe("a program's mistakes name their place and the remedy", () => {
  it.each([
    [
      "an unknown member at the top",
      changed((top) => (top["curency"] = "EUR")),
      ': unknown member "curency": remove it or correct its spelling',
    ],
    [
      "an unknown member deeper down",
      changed((_, mechanic) => (mechanic["holdDay"] = 3)),
      'mechanics.0: unknown member "holdDay": remove it or correct its spelling',
    ],
    [
      "a currency that does not exist",
      changed((top) => (top["currency"] = "EURO")),
      "currency: must be an ISO 4217 currency code such as EUR",
    ],
    [
      "a currency in small letters",
      changed((top) => (top["currency"] = "eur")),
      "currency: must be an ISO 4217 currency code such as EUR",
    ],
    [
      "a time zone that does not exist",
      changed((top) => (top["timeZone"] = "Berlin")),
      "timeZone: must be an IANA time zone such as Europe/Berlin",
    ],
    [
      "a name with blanks",
      changed((top) => (top["name"] = "Refer a friend")),
      "name: must be lower-case letters, digits and hyphens, such as refer-a-friend",
    ],
    [
      "a number for an amount",
      changed((_, mechanic) => (mechanic["qualifies"] = [{ rule: "minimum", amount: "40,00" }])),
      'mechanics.0.qualifies.0.amount: must be a decimal amount in quotes, such as "40.00"',
    ],
    [
      "decimals that yen do not have",
      changed((top, mechanic) => {
        top["currency"] = "JPY"
        mechanic["advocate"] = { kind: "discount-amount", amount: "100.50", timing: "afterQualified" }
      }),
      'mechanics.0.advocate.amount: "100.50" has more than the 0 decimals that JPY has',
    ],
    [
      "a minimum finer than cents",
      changed((_, mechanic) => (mechanic["qualifies"] = [{ rule: "minimum", amount: "1.005" }])),
      'mechanics.0.qualifies.0.amount: "1.005" has more than the 2 decimals that EUR has',
    ],
    [
      "a rule name used twice",
      changed((top, mechanic) => (top["mechanics"] = [mechanic, mechanic])),
      'mechanics.1.rule: "referral" is used twice: give each mechanic its own rule name',
    ],
    [
      "an advocate at the friend's checkout",
      changed((_, mechanic) => (mechanic["advocate"] = Reward.discount({ percent: 5, timing: "atCheckout" }))),
      "mechanics.0.advocate: an advocate is not at the friend's checkout: use { amount } or { percentOfOrder }",
    ],
  ])("%s", (_, definition, fault) => {
    expect(faults(definition)).toEqual([fault])
  })

  it("a definition that is no object at all", () => {
    for (const junk of [null, 7, "EUR", []]) expect(faults(junk)).toHaveLength(1)
  })

  it("all at once, and `make` throws them as one readable message", () => {
    expect(faults(changed((top) => ((top["currency"] = "EURO"), (top["timeZone"] = "Berlin"))))).toHaveLength(2)
    expect(() => program({}, { timeZone: "Berlin" })).toThrow(
      "the program does not hold:\n  at timeZone: must be an IANA time zone such as Europe/Berlin",
    )
  })
})

describe("a program's hash", () => {
  it("is the same for the same rules, written or loaded, in any order of members", () => {
    const reversed = Object.fromEntries(Object.entries(program().definition).reverse())
    expect(Result.getOrThrow(Program.parse(reversed)).hash).toBe(program().hash)
    expect(program().hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it("differs when anything differs", () => {
    const others = [
      program({ hold: "15 days" }),
      program({ limits: [Referral.Limits.perAdvocate({ count: 1, per: "year" })] }),
      program({}, { timeZone: "UTC" }),
    ]
    expect(new Set([program(), ...others].map(({ hash }) => hash)).size).toBe(4)
  })

  it("stays what it was for a fixed definition, since ledgers hold it", () => {
    expect(program().hash).toBe("c756fb3ffb0d3e62750f9d1942c03cec9c2238cc96bb9d22916f8f1abaae095e")
  })
})

describe("publications", () => {
  it("are one fact when published twice, and come into force in order of time", () => {
    const [old, later] = [program(), program({ hold: "15 days" })]
    const facts = [
      Program.publication(later, day(5)),
      Program.publication(old, day(0)),
      Program.publication(old, day(0)),
    ]
    expect(facts[1]).toEqual(facts[2])
    expect(Program.versions(facts.slice(0, 2), "refer").map(({ from, program: { hash } }) => [from, hash])).toEqual([
      [day(0), old.hash],
      [day(5), later.hash],
    ])
    expect(Program.versions(facts, "another")).toEqual([])
  })
})

it("the JSON Schema for editors names every member and allows no other", () => {
  expect(Program.jsonSchema()).toMatchObject({
    type: "object",
    additionalProperties: false,
    required: ["name", "currency", "timeZone", "advocates", "mechanics"],
  })
})
