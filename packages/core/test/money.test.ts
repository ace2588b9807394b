import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import * as Currency from "../src/money/Currency.ts"
import * as Money from "../src/money/Money.ts"
import { bigint, oneOf, runs } from "./Runs.ts"

const currencies = ["JPY", "EUR", "USD", "KWD", "CLF"].map(Currency.make)
const currency = oneOf(Currency.make("JPY"), ...currencies)
/** As many digits as a decimal string may have before its point. */
const amount = bigint(-(10n ** 30n) + 1n, 10n ** 30n - 1n)
const money = Arbitrary.map(Arbitrary.all({ currency, amount }), (drawn) => Money.make(drawn.currency, drawn.amount))
const weights = Arbitrary.array(bigint(0n, 10n ** 12n), { minLength: 1, maxLength: 12 })

const sum = (parts: ReadonlyArray<bigint>): bigint => parts.reduce((total, part) => total + part, 0n)
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)

describe("Currency", () => {
  it.each([
    ["JPY", 0],
    ["KRW", 0],
    ["USD", 2],
    ["EUR", 2],
    ["KWD", 3],
    ["TND", 3],
    ["CLF", 4],
    ["UYW", 4],
  ])("%s has %d decimals", (code, exponent) => assert.strictEqual(Currency.exponentOf(Currency.make(code)), exponent))

  it("refuses what is not in the standard, and says so", () => {
    for (const code of ["eur", "EURO", "XXX", "BTC", "", "toString", "__proto__"]) {
      assert.throws(() => Currency.make(code), "is not an ISO 4217 currency code such as EUR")
      assert.strictEqual(Schema.is(Currency.Currency)(code), false)
    }
  })
})

describe("Money", () => {
  it("reads and writes the digits of each currency", () => {
    const cases = [
      ["1000", "JPY", 1000n],
      ["1.234", "KWD", 1234n],
      ["19.99", "USD", 1999n],
      ["0.0001", "CLF", 1n],
      ["-0.05", "EUR", -5n],
    ] as const
    for (const [text, code, minor] of cases) {
      const read = Money.fromDecimal(text, Currency.make(code))
      assert.strictEqual(read.amountMinor, minor)
      assert.strictEqual(Money.toDecimal(read), text)
    }
  })

  it("accepts further digits only when they are zero", () => {
    assert.strictEqual(Money.fromDecimal("1000.00", Currency.make("JPY")).amountMinor, 1000n)
    assert.throws(
      () => Money.fromDecimal("1000.50", Currency.make("JPY")),
      `"1000.50" has more than the 0 decimals that JPY has`,
    )
    assert.throws(() => Money.fromDecimal("1.2345", Currency.make("KWD")), "more than the 3 decimals")
  })

  it("refuses what is not a decimal amount, and names it", () => {
    for (const text of ["", "1,5", "1e3", " 1", "1.", ".5", "+1", "NaN", "١", "1\n"]) {
      assert.throws(() => Money.fromDecimal(text, Currency.make("EUR")), `"${text}" is not a decimal amount`)
    }
  })

  it.prop(
    "a decimal string gives the same money back",
    [money],
    ([value]) => {
      assert.deepStrictEqual(Money.fromDecimal(Money.toDecimal(value), value.currency), value)
    },
    runs(1_000),
  )

  it.prop(
    "encoding as JSON keeps every digit",
    [money],
    ([value]) => {
      const encoded = JSON.stringify(Schema.encodeSync(Money.Money)(value))
      assert.deepStrictEqual(Schema.decodeUnknownSync(Money.Money)(JSON.parse(encoded)), value)
    },
    runs(300),
  )

  it.prop(
    "subtracting undoes adding",
    [currency, amount, amount],
    ([unit, left, right]) => {
      const [a, b] = [Money.make(unit, left), Money.make(unit, right)]
      assert.strictEqual(Money.add(a, b).amountMinor, left + right)
      assert.deepStrictEqual(Money.subtract(Money.add(a, b), b), a)
    },
    runs(300),
  )

  it.prop(
    "different currencies never add",
    [money, money],
    ([left, right]) => {
      if (left.currency === right.currency) return
      assert.throws(() => Money.add(left, right), "are different currencies: convert one first")
      assert.throws(() => Money.subtract(left, right), "are different currencies")
    },
    runs(300),
  )
})

describe("scale", () => {
  it("rounds half away from zero", () => {
    assert.deepStrictEqual(
      [Money.scale(5n, 1n, 10n), Money.scale(-5n, 1n, 10n), Money.scale(4n, 1n, 10n), Money.scale(25n, 1n, 10n)],
      [1n, -1n, 0n, 3n],
    )
  })

  it.prop(
    "is never further off than half a unit, and the same for debts",
    [amount, bigint(-1_000n, 1_000n), bigint(1n, 100_000n)],
    ([value, numerator, denominator]) => {
      const scaled = Money.scale(value, numerator, denominator)
      assert.strictEqual(magnitude(scaled * denominator - value * numerator) * 2n <= denominator, true)
      assert.strictEqual(Money.scale(-value, numerator, denominator), -scaled)
    },
    runs(1_000),
  )
})

describe("allocate", () => {
  it("gives the largest remainder first, the earlier part on a tie", () => {
    assert.deepStrictEqual(Money.allocate(100n, [1n, 1n, 1n]), [34n, 33n, 33n])
    assert.deepStrictEqual(Money.allocate(-100n, [1n, 1n, 1n]), [-34n, -33n, -33n])
    assert.deepStrictEqual(Money.allocate(10n, [1n, 5n, 4n]), [1n, 5n, 4n])
    assert.deepStrictEqual(Money.allocate(2n, [10n, 11n, 9n]), [1n, 1n, 0n])
  })

  it("gives all to the first when nobody weighs anything, and nothing to nobody", () => {
    assert.deepStrictEqual(Money.allocate(7n, [0n, 0n]), [7n, 0n])
    assert.deepStrictEqual(Money.allocate(7n, []), [])
  })

  it.prop(
    "hands out every unit, each part within one unit of its share",
    [amount, weights],
    ([total, parts]) => {
      const shares = Money.allocate(total, parts)
      const weight = sum(parts)
      assert.strictEqual(sum(shares), total)
      if (weight === 0n) return
      parts.forEach((part, index) => {
        const share = shares[index] ?? 0n
        assert.strictEqual(magnitude(share * weight - total * part) < weight, true)
        if (part === 0n) assert.strictEqual(share, 0n)
      })
    },
    runs(1_000),
  )

  it.prop(
    "no part that got a further unit had a smaller remainder than one that did not",
    [bigint(0n, 10n ** 15n), weights],
    ([total, parts]) => {
      const weight = sum(parts)
      if (weight === 0n) return
      const shares = Money.allocate(total, parts)
      const remainders = parts.map((part, index) => ({
        remainder: (total * part) % weight,
        topped: shares[index] !== (total * part) / weight,
      }))
      const least = remainders.filter(({ topped }) => topped).map(({ remainder }) => remainder)
      const most = remainders.filter(({ topped }) => !topped).map(({ remainder }) => remainder)
      for (const given of least) for (const kept of most) assert.strictEqual(given >= kept, true)
    },
    runs(500),
  )
})
