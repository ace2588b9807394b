import { describe, expect, it } from "vitest"
import { redacted } from "../src/connector/InboxRedaction.ts"
import * as Tombstone from "../src/fact/Tombstone.ts"
import { isTombstone, soft, tombstone, type Handle } from "../src/id/Handle.ts"
import { asset, customer, day, email, order, person } from "./Story.ts"

const key = new Uint8Array(32).fill(3)
const stoneOf = (handle: Handle) => tombstone(key, handle)
const erasedAt = day(10)

/** Knows these handles as erased at day 10. */
const lookup =
  (...handles: ReadonlyArray<Handle>): Tombstone.Lookup =>
  (text) =>
    handles.includes(text as Handle) ? { tombstone: stoneOf(text as Handle), at: erasedAt } : undefined

describe("tombstones", () => {
  it("depend on the key and on the whole handle, and soft handles keep their kind", () => {
    expect(stoneOf(customer(7))).toMatch(/^erased:[0-9a-f]{40}$/)
    expect(stoneOf(customer(7))).not.toBe(stoneOf(customer(70)))
    expect(stoneOf(customer(7))).not.toBe(tombstone(new Uint8Array(32), customer(7)))
    expect(stoneOf(soft(key, "phone", "1"))).toMatch(/^phone:erased-[0-9a-f]{40}$/)
    expect([stoneOf(customer(7)), stoneOf(soft(key, "phone", "1")), customer(7)].map(isTombstone)).toEqual([
      true,
      true,
      false,
    ])
  })

  it.each([
    ["shopify:customer/7", "X"],
    ["shopify:customer/70", "shopify:customer/70"],
    ["shopify:customer/7#available", "X#available"],
    ["advocacy:enrolment/refer/shopify:customer/7", "advocacy:enrolment/refer/X"],
    ["advocacy:visit/ADA/shopify:customer/7/3", "advocacy:visit/ADA/X/3"],
    ["refer|rule|advocacy:gift/shopify:customer/7/1|advocate|", "refer|rule|advocacy:gift/X/1|advocate|"],
    ["shopify:customer/9, shopify:customer/7 (ADA)", "shopify:customer/9, X (ADA)"],
    ["no handle: shopify:customer/71", "no handle: shopify:customer/71"],
    ["7", "7"],
  ])("stand in %s for the handle and for nothing longer", (text, expected) => {
    expect(Tombstone.inText(text, (handle) => (handle === "shopify:customer/7" ? "X" : undefined))).toBe(expected)
  })

  it("stand in names of members too, and what names nobody stays the same object", () => {
    const replace = (handle: string) => (handle === "shopify:customer/7" ? "X" : undefined)
    expect(Tombstone.inValue({ "shopify:customer/7": [{ at: 1n }] }, replace)).toEqual({ X: [{ at: 1n }] })
    const untouched = { other: ["shopify:customer/8"] }
    expect(Tombstone.inValue(untouched, replace)).toBe(untouched)
  })

  it("are in facts up to the erasure, and in later ones only for soft handles", () => {
    const phone = soft(key, "phone", "+4930")
    const told = (at: number) => order(1, { customer: customer(7), soft: [phone], occurredAt: at })
    const look = lookup(customer(7), phone)
    expect(Tombstone.substitute(told(erasedAt), look)).toMatchObject({
      fact: { customer: stoneOf(customer(7)), soft: [stoneOf(phone)] },
      erasedAt,
    })
    const later = Tombstone.substitute(told(erasedAt + 1), look)
    expect(later.fact).toMatchObject({ customer: customer(7), soft: [stoneOf(phone)] })
    expect([...later.returned.keys()]).toEqual([customer(7)])
  })

  it("of a late record are of the time when its person was erased, not somebody else who had the same device", () => {
    const device = soft(key, "device", "1")
    const erasedLater = day(20)
    const look: Tombstone.Lookup = (text) =>
      text === device ? { tombstone: stoneOf(device), at: erasedLater } : lookup(customer(7))(text)
    const record = person(7, { soft: [device] })
    const { facts, late } = Tombstone.admit({ facts: [record], personal: [] }, look, () => false)
    expect(facts).toMatchObject([{ person: stoneOf(customer(7)), soft: [stoneOf(device)] }])
    expect(late).toEqual([{ at: erasedAt, keys: [stoneOf(customer(7))] }])
  })

  it("leave an erased record without handles that older versions of it had", () => {
    const old = person(7, { aliases: [email("old"), email("new")] })
    const { changes, dropped } = Tombstone.rewrite(
      [{ fact: old, digest: "" }],
      new Map([customer(7), email("new")].map((handle) => [handle as string, stoneOf(handle)])),
      erasedAt,
    )
    expect(changes.map(({ after }) => after)).toMatchObject([{ aliases: [stoneOf(email("new"))] }])
    expect(dropped).toEqual([email("old")])
  })

  it("leave what joins a record of somebody else who was erased, until it is that one's turn", () => {
    const device = soft(key, "device", "1")
    const other = person(7, { person: stoneOf(customer(7)), aliases: [email("ada")], soft: [device] })
    const stones = new Map([[device as string, stoneOf(device)]])
    const rewrite = (...known: ReadonlyArray<Handle>) =>
      Tombstone.rewrite([{ fact: other, digest: "" }], stones, erasedAt, new Set(known)).changes.map(
        ({ after }) => after,
      )
    expect(rewrite()).toMatchObject([{ aliases: [email("ada")], soft: [stoneOf(device)] }])
    expect(rewrite(stoneOf(customer(7)))).toMatchObject([{ aliases: [], soft: [stoneOf(device)] }])
  })

  it("let no personal value of somebody erased in, but those of who came back", () => {
    const batch = { facts: [], personal: [{ handle: customer(7), value: "Ada" }] }
    const nobody = () => false
    expect(Tombstone.admit(batch, lookup(customer(7)), nobody).personal).toEqual([])
    expect(Tombstone.admit(batch, lookup(customer(7)), () => true).personal).toHaveLength(1)
    const later = { ...batch, facts: [asset("NEW", 7, erasedAt + 1)] }
    expect(Tombstone.admit(later, lookup(customer(7)), nobody)).toMatchObject({
      personal: batch.personal,
      comebacks: [
        { _tag: "PersonReturned", person: customer(7), tombstone: stoneOf(customer(7)), occurredAt: erasedAt },
      ],
    })
  })
})

describe("a waiting message", () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const left = (text: string, ...values: ReadonlyArray<string>) => {
    const body = redacted({ body: bytes(text) }, values)
    return body === null ? null : new TextDecoder().decode(body)
  }

  it.each([
    ['{"id":7,"email":"ADA@example.com"}', '{"id":7}'],
    [
      '{"id":900719925474099312,"order_id":"8","customer":{"id":9,"email":"ada@example.com"}}',
      '{"id":"900719925474099312","order_id":"8"}',
    ],
    ['[{"email":"ada@example.com"}]', ""],
    ["not JSON: ada@example.com", ""],
    ['{"id":7,"email":"zoe@example.com"}', null],
    ['{"id":7,"first_name":"M\\u00fcller-Meyer","email_id":"ada@example.com"}', '{"id":7}'],
  ])("%s keeps ids alone when it names the person", (text, expected) => {
    expect(left(text, "ada@example.com", "Müller-Meyer")).toBe(expected)
  })

  it("is not changed for a value that is too short to mean anybody", () => {
    expect(left('{"note":"Al is here"}', "Al")).toBeNull()
  })
})
