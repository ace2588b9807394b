import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import { FactArbitrary } from "@advocacy-kit/testing"
import { assert, it } from "@effect/vitest"
import { digestOf } from "../src/FactRows.ts"

it.prop("what is stored of a fact is its digest, as the core computes it", [FactArbitrary.fact], ([fact]) => {
  assert.strictEqual(Buffer.from(digestOf(fact)).toString("hex"), contentDigest(fact))
})
