import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { createHmac } from "node:crypto"
import * as Handle from "../src/id/Handle.ts"
import { integer, oneOf, runs } from "./Runs.ts"

const key = new TextEncoder().encode("a key of a tenant")
const otherKey = new TextEncoder().encode("another tenant's key")
const text = Arbitrary.schema(Schema.String)
const blanks = oneOf("", " ", "\t", "  \n")
const address = Arbitrary.map(integer(0, 9_999), (id) => `Person${id}@Example.com`)
const isHandle = Schema.is(Handle.Handle)

const hmacOf = (message: string): string => createHmac("sha256", key).update(message).digest("hex").slice(0, 40)

describe("Handle", () => {
  it("keeps platform ids as they are, above 2^53 too", () => {
    assert.strictEqual(Handle.platform("shopify", "customer", "9007199254740993"), "shopify:customer/9007199254740993")
    assert.strictEqual(Handle.kindOf(Handle.platform("hubspot", "contact", "7")), "hubspot")
  })

  it("is the keyed hash that it says it is", () => {
    // HMAC-SHA-256 of "email", a NUL and the folded address, first 40 of the hexadecimal digits.
    assert.strictEqual(Handle.email(key, "Ada@Example.com "), `email:${hmacOf("email\0ada@example.com")}`)
  })

  it.prop(
    "e-mail addresses that differ in case and blanks are one handle",
    [address, blanks, blanks],
    ([email, before, after]) => {
      assert.strictEqual(
        Handle.email(key, `${before}${email.toUpperCase()}${after}`),
        Handle.email(key, email.toLowerCase()),
      )
    },
    runs(300),
  )

  it.prop(
    "plus tags and dots do not merge people",
    [address],
    ([email]) => {
      assert.notStrictEqual(Handle.email(key, email.replace("@", "+shop@")), Handle.email(key, email))
      assert.notStrictEqual(Handle.email(key, email.replace("Person", "Per.son")), Handle.email(key, email))
    },
    runs(100),
  )

  it.prop(
    "any text makes a handle that says nothing of it",
    [text],
    ([value]) => {
      for (const handle of [Handle.email(key, value), Handle.soft(key, "phone", value)]) {
        assert.strictEqual(isHandle(handle), true)
        assert.match(handle, /^(?:email|phone):[0-9a-f]{40}$/)
      }
    },
    runs(300),
  )

  it.prop(
    "two tenants and two kinds never share a handle",
    [text],
    ([value]) => {
      assert.notStrictEqual(Handle.email(otherKey, value), Handle.email(key, value))
      const bodies = (["phone", "address", "device", "payment"] as const).map(
        (kind) => Handle.soft(key, kind, value).split(":")[1],
      )
      assert.strictEqual(new Set([...bodies, Handle.email(key, value).split(":")[1]]).size, 5)
    },
    runs(300),
  )

  it("codes ignore case and blanks around them", () => {
    assert.strictEqual(Handle.code(" Friend-20 "), Handle.code("FRIEND-20"))
  })

  it("tells a code that a handle can hold from one that it cannot", () => {
    assert.strictEqual(Handle.usableCode(" Friend-20 "), "FRIEND-20")
    assert.strictEqual(isHandle(Handle.code("X".repeat(100))), true)
    assert.strictEqual(Handle.usableCode("X".repeat(100)), "X".repeat(100))
    for (const unusable of ["", "  ", "two words", "NUL\0", "X".repeat(101)])
      assert.strictEqual(Handle.usableCode(unusable), null)
  })

  it("record numbers are each once and ascending, also above what a number holds", () => {
    const large = "9007199254740993"
    assert.deepStrictEqual(Handle.recordNumbers(["10", large, "9", "9007199254740992", "10"]), [
      "9",
      "10",
      "9007199254740992",
      large,
    ])
    assert.strictEqual(Handle.isRecordNumber(large), true)
    for (const id of ["", "1.5E+11", "-1", "12 ", "x1"]) assert.strictEqual(Handle.isRecordNumber(id), false)
  })

  it("refuses what is no handle", () => {
    for (const value of ["", "email", "email:", "Email:x", "email:a b", "email:a\0b", `email:${"x".repeat(201)}`])
      assert.strictEqual(isHandle(value), false)
  })
})
