/**
 * Arbitrary handles: platform records with ids on both sides of 2^53, hashed e-mails, codes.
 *
 * Promises: every one satisfies `Handle`; a small set of people, so that the same one turns up twice.
 */
import * as Handle from "@advocacy-kit/core/id/Handle"
import { Arbitrary, Schema } from "effect"
import * as Scenario from "../Scenario.ts"

const index = (maximum: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum })))

const builders: ReadonlyArray<(id: number) => Handle.Handle> = [
  (id) => Scenario.customerOf(id),
  (id) => Scenario.customerOf(`${2n ** 53n + BigInt(id)}`),
  (id) => Scenario.contactOf(id),
  (id) => Scenario.emailOf(`person${id}@example.com`),
  (id) => Handle.code(`FRIEND${id}`),
  (id) => Handle.soft(Scenario.handleKey, "phone", `+49 30 ${id}`),
]

/** One of `people` people (8 unless told) under one of their handles. */
export const handle = (people = 8): Arbitrary.Arbitrary<Handle.Handle> =>
  Arbitrary.all({ kind: index(builders.length - 1), id: index(people - 1) }).pipe(
    Arbitrary.map(({ id, kind }) => (builders[kind] ?? Scenario.customerOf)(id)),
  )
