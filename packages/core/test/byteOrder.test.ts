import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { Buffer } from "node:buffer"
import * as ByteOrder from "../src/id/ByteOrder.ts"
import { oneOf, runs } from "./Runs.ts"

const unit = oneOf("a", "a", "Z", "é", "\u07ff", "\ud7ff", "\ue000", "！", "\uffff", "😀", "\u{10ffff}", "𐀀")
const text = Arbitrary.map(Arbitrary.array(unit, { maxLength: 5 }), (units) => units.join(""))
const any = Arbitrary.map(Arbitrary.schema(Schema.String), (value) => value.replace(/\p{Surrogate}/gu, "?"))

const bytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right))

describe("ByteOrder", () => {
  it.prop(
    "is the order of the UTF-8 bytes",
    [text, text, any, any],
    ([left, right, first, second]) => {
      assert.strictEqual(Math.sign(ByteOrder.compare(left, right)), bytes(left, right))
      assert.strictEqual(Math.sign(ByteOrder.compare(first, second)), bytes(first, second))
    },
    runs(1_000),
  )
})
