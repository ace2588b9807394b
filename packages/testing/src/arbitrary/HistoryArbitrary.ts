/**
 * Small histories of a brand, and the disorder in which they may arrive.
 *
 * Promises: few people, codes and orders, so that they meet; several versions of the same order; refunds of orders that
 * exist and of some that do not. `deliveries` holds every fact of a history at least once, in any order, split anywhere.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { Arbitrary, Schema } from "effect"
import * as Scenario from "../Scenario.ts"

const index = (maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum })))

const codeOf = (owner: number): string => `FRIEND${owner}`
const emailOf = (customer: number): string => `person${customer}@example.com`

interface Drawn {
  readonly kind: number
  readonly customer: number
  readonly other: number
  readonly record: number
  readonly version: number
  readonly day: number
  readonly cents: number
}

const drawn: Arbitrary.Arbitrary<Drawn> = Arbitrary.all({
  kind: index(9),
  customer: index(5),
  other: index(5),
  record: index(7),
  version: index(3),
  day: index(60),
  cents: index(20_000),
})

/** Orders are the most frequent, as in life. */
const told = ({ cents, customer, day, kind, other, record, version }: Drawn): Fact => {
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`
  if (kind === 0) return Scenario.person({ customer, email: emailOf(customer), version })
  if (kind === 1) return Scenario.person({ customer, email: emailOf(other), version, mergedFrom: [other] })
  if (kind === 2) return Scenario.asset({ code: codeOf(customer), owner: customer })
  if (kind === 3) return Scenario.invitation({ code: codeOf(customer), friend: emailOf(other), day })
  if (kind === 4) return Scenario.visit({ code: codeOf(customer), email: emailOf(other), day })
  if (kind === 5) return Scenario.refund({ order: record, refund: `${record}-${other}`, amount, day: 60 + day })
  return Scenario.order({
    order: record,
    customer,
    email: emailOf(customer),
    total: amount,
    day: record * 3,
    version,
    ...(kind === 6 ? {} : { code: codeOf(other) }),
    ...(kind === 9 && version > 1 ? { cancelledDay: day + 30 } : {}),
  })
}

/** At most `maximum` facts (40 unless told). */
export const history = (maximum = 40): Arbitrary.Arbitrary<ReadonlyArray<Fact>> =>
  Arbitrary.array(Arbitrary.map(drawn, told), { minLength: 1, maxLength: maximum })

/** The same facts as a source might send them: shuffled, about a third of them twice, in batches. */
export const deliveries = (facts: ReadonlyArray<Fact>): Arbitrary.Arbitrary<ReadonlyArray<ReadonlyArray<Fact>>> =>
  Arbitrary.all({
    places: Arbitrary.array(Arbitrary.all({ first: index(1_000_000), again: index(3_000_000) }), {
      minLength: facts.length,
      maxLength: facts.length,
    }),
    batchSize: index(9),
  }).pipe(
    Arbitrary.map(({ batchSize, places }) => {
      const sent = facts
        .flatMap((fact, position) => {
          const { again, first } = places[position] ?? { again: 0, first: 0 }
          return again <= 1_000_000
            ? [
                { fact, place: first },
                { fact, place: again },
              ]
            : [{ fact, place: first }]
        })
        .sort((left, right) => left.place - right.place)
        .map(({ fact }) => fact)
      const size = batchSize + 1
      return Array.from({ length: Math.ceil(sent.length / size) }, (_, batch) =>
        sent.slice(batch * size, (batch + 1) * size),
      )
    }),
  )
