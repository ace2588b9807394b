import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import type { Fact } from "../src/fact/Fact.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { ask, type Ask } from "../src/flow/Asking.ts"
import { factsAt } from "../src/flow/Crediting.ts"
import { enrol, type Enrol } from "../src/flow/Enrolling.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { asset, cast, customer, day, email, handle, merge, person } from "./Story.ts"

const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })
const on = <A, E>(story: Effect.Effect<A, E, Layer.Success<typeof MemoryStores.layerMemory> | CurrentTenant>) =>
  story.pipe(Effect.provide([MemoryStores.layerMemory, tenant]))
const learn = (...facts: ReadonlyArray<Fact>) => Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const zoe = customer(2)

const asking = (told: Partial<Ask> = {}) =>
  ask({
    program: "refer",
    person: zoe,
    ask: "referral",
    channel: "email",
    minimumDaysBetween: 30,
    key: "k1",
    asOf: day(10),
    ...told,
  })
const enrolling = (told: Partial<Enrol> = {}) => enrol({ program: "refer", person: zoe, asOf: day(10), ...told })
const reasonOf = <A, E, R>(command: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.result(command), (result) =>
    Result.isFailure(result)
      ? (result.failure as { readonly reason?: { readonly _tag: string } }).reason?._tag
      : "done",
  )
const recorded = (tag: Fact["_tag"]) =>
  Effect.map(factsAt(day(1_000)), (facts) => facts.filter((fact) => fact._tag === tag).length)

describe("asking", () => {
  it.effect("is recorded once under its key, and not again before the days are over, whatever is asked for", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast())
        expect((yield* asking()).isRepeated).toBe(false)
        expect((yield* asking({ asOf: day(11) })).isRepeated).toBe(true)
        expect(yield* reasonOf(asking({ key: "k2", ask: "reference", asOf: day(39) }))).toBe("AskedLately")
        expect(yield* reasonOf(asking({ key: "k2", ask: "reference", asOf: day(40) }))).toBe("done")
        expect(yield* reasonOf(asking({ key: "k2", asOf: day(90) }))).toBe("KeyUsedOtherwise")
        expect(yield* recorded("AskSent")).toBe(2)
      }),
    ),
  )

  it.effect("counts what was asked of any of the handles that are one person", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast(), person(3))
        yield* asking({ person: customer(3) })
        expect(yield* reasonOf(asking({ key: "k2", asOf: day(12), minimumDaysBetween: 0 }))).toBe("done")
        yield* learn(merge(zoe, customer(3), day(13)))
        expect(yield* reasonOf(asking({ key: "k3", asOf: day(14) }))).toBe("AskedLately")
      }),
    ),
  )

  it.effect("does not reach anybody who wants no marketing, is unknown, or has no program", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast(), person(3, { marketing: "denied" }))
        expect(yield* reasonOf(asking({ person: customer(3) }))).toBe("NoConsent")
        expect(yield* reasonOf(asking({ person: handle("hubspot:contact/99") }))).toBe("UnknownPerson")
        expect(yield* reasonOf(asking({ program: "other" }))).toBe("UnknownProgram")
        expect(yield* recorded("AskSent")).toBe(0)
      }),
    ),
  )
})

describe("enrolling", () => {
  it.effect("gives one enrolment and one code, by whichever handle, also at the same moment", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast())
        const both = yield* Effect.all([enrolling(), enrolling({ person: email("customer-2") })], {
          concurrency: "unbounded",
        })
        expect(new Set(both.map(({ code }) => code)).size).toBe(1)
        expect(both.filter(({ isRepeated }) => !isRepeated)).toHaveLength(1)
        expect((yield* enrolling({ asOf: day(400) })).code).toBe(both[0].code)
        expect(yield* recorded("Enrolled")).toBe(1)
      }),
    ),
  )

  it.effect("keeps the code that a person has already", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast(), asset("ZOE", 2))
        expect(yield* enrolling()).toMatchObject({ code: "ZOE", isRepeated: false })
        expect(yield* enrolling()).toMatchObject({ code: "ZOE", isRepeated: true })
      }),
    ),
  )

  it.effect("is refused for nobody whom facts know, and for a program that is not in force", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast())
        expect(yield* reasonOf(enrolling({ person: handle("hubspot:contact/99") }))).toBe("UnknownPerson")
        expect(yield* reasonOf(enrolling({ program: "other" }))).toBe("UnknownProgram")
        expect(yield* recorded("Enrolled")).toBe(0)
      }),
    ),
  )
})
