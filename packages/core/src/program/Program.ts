/**
 * A program: the rules in force, as a value that can be stored, compared, hashed and published.
 *
 * `make` checks a definition written in TypeScript, `parse` one that was loaded as data; both refuse unknown members and
 * name the place of every mistake. A program says nothing about when it is in force: its publication does.
 */
import { Result, Schema } from "effect"
import { z } from "zod"
import type { Fact, ProgramCorrected, ProgramPublished } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import { ofValue } from "../id/Digest.ts"
import { isTimeZone, type Instant } from "../id/Instant.ts"
import { isCurrency, make as currencyOf, type Currency } from "../money/Currency.ts"
import { fromDecimal, plainDecimal } from "../money/Money.ts"
import { PointsMechanic } from "../points/Points.ts"
import { TiersMechanic } from "../tier/Tiers.ts"
import { ReferralMechanic } from "./Referral.ts"

export const Mechanic = z.discriminatedUnion("kind", [ReferralMechanic, PointsMechanic, TiersMechanic])
export type Mechanic = z.infer<typeof Mechanic>

/** Who is asked to become an advocate, among those that identification scored. */
export const AdvocateRule = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("score-at-least"), score: z.number().int().min(0).max(100) }),
  z.strictObject({ rule: z.literal("marketing-consent") }),
])
export type AdvocateRule = z.infer<typeof AdvocateRule>

export const Definition = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and hyphens, such as refer-a-friend"),
    currency: z.string().refine(isCurrency, "must be an ISO 4217 currency code such as EUR"),
    timeZone: z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin"),
    advocates: z.array(AdvocateRule),
    mechanics: z.array(Mechanic).min(1),
  })
  .superRefine((definition, context) => {
    const [seen, offers] = [new Set<string>(), new Set<string>()]
    definition.mechanics.forEach((mechanic, index) => {
      if (seen.has(mechanic.rule)) {
        context.addIssue({
          code: "custom",
          path: ["mechanics", index, "rule"],
          message: `"${mechanic.rule}" is used twice: give each mechanic its own rule name`,
        })
      }
      seen.add(mechanic.rule)
      if (mechanic.kind === "points")
        mechanic.redeem.forEach(({ name }, place) => {
          if (offers.has(name))
            context.addIssue({
              code: "custom",
              path: ["mechanics", index, "redeem", place, "name"],
              message: `"${name}" is used twice: give each offer its own name`,
            })
          offers.add(name)
        })
      for (const { message, path } of mistakesOf(mechanic))
        context.addIssue({ code: "custom", path: ["mechanics", index, ...path], message })
    })
    if (isCurrency(definition.currency))
      for (const { path, text } of amountsOf(definition)) {
        // What is no decimal at all has been said already.
        if (!plainDecimal.test(text)) continue
        try {
          fromDecimal(text, currencyOf(definition.currency))
        } catch (error) {
          context.addIssue({
            code: "custom",
            path: [...path],
            message: error instanceof Error ? error.message : String(error),
          })
        }
      }
  })
export type Definition = z.infer<typeof Definition>
/** A definition as it is written: what came to the format later may be left out. */
export type Written = z.input<typeof Definition>

interface Mistake {
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

/** What cannot be said of one mechanic by the shape of its members alone. */
const mistakesOf = (mechanic: Mechanic): ReadonlyArray<Mistake> => {
  if (mechanic.kind === "referral") {
    const message = "an advocate is not at the friend's checkout: use { amount } or { percentOfOrder }"
    return [
      ...(mechanic.advocate?.kind === "checkout-discount" ? [{ path: ["advocate"], message }] : []),
      ...(mechanic.recurring?.reward.kind === "checkout-discount" ? [{ path: ["recurring", "reward"], message }] : []),
    ]
  }
  if (mechanic.kind === "points")
    return [
      ...mechanic.limits.flatMap((limit, place) =>
        "amount" in limit
          ? [{ path: ["limits", place], message: "points cost no money before they are redeemed: use { count }" }]
          : [],
      ),
      ...mechanic.redeem.flatMap(({ gives }, place) =>
        gives !== null && /^[0.]*$/.test(gives.amount)
          ? [{ path: ["redeem", place, "gives", "amount"], message: "must be more than nothing; null gives a perk" }]
          : [],
      ),
    ]
  return mechanic.tiers.flatMap(({ atLeast, name }, place) => {
    const lower = mechanic.tiers[place - 1]
    return [
      ...(mechanic.counts !== "spend" && !/^\d+$/.test(atLeast)
        ? [
            {
              path: ["tiers", place, "atLeast"],
              message: `"${atLeast}" must be a whole number, as ${mechanic.counts} are`,
            },
          ]
        : []),
      ...(lower !== undefined && Number(lower.atLeast) >= Number(atLeast)
        ? [{ path: ["tiers", place, "atLeast"], message: `must be more than "${lower.name}" asks for: tiers go up` }]
        : []),
      ...(mechanic.tiers.findIndex((one) => one.name === name) < place
        ? [{ path: ["tiers", place, "name"], message: `"${name}" is used twice` }]
        : []),
    ]
  })
}

interface Placed {
  readonly path: ReadonlyArray<string | number>
  readonly text: string
}

/** Every amount of money in a definition, with its place. */
const amountsOf = (definition: { readonly mechanics: ReadonlyArray<Mechanic> }): ReadonlyArray<Placed> =>
  definition.mechanics.flatMap((mechanic, index): ReadonlyArray<Placed> => {
    const at = (path: ReadonlyArray<string | number>, text: string): Placed => ({
      path: ["mechanics", index, ...path],
      text,
    })
    if (mechanic.kind === "tiers")
      return mechanic.counts === "spend"
        ? mechanic.tiers.map(({ atLeast }, tier) => at(["tiers", tier, "atLeast"], atLeast))
        : []
    const rewards =
      mechanic.kind === "points"
        ? []
        : ([
            ["advocate", mechanic.advocate],
            ["friend", mechanic.friend],
            ["recurring", mechanic.recurring?.reward],
          ] as const)
    return [
      ...mechanic.qualifies.flatMap((rule, place) =>
        rule.rule === "minimum" ? [at(["qualifies", place, "amount"], rule.amount)] : [],
      ),
      ...rewards.flatMap(([side, reward]) =>
        reward !== null && reward !== undefined && "amount" in reward
          ? [at(side === "recurring" ? [side, "reward", "amount"] : [side, "amount"], reward.amount)]
          : [],
      ),
      ...mechanic.limits.flatMap((limit, place) =>
        "amount" in limit ? [at(["limits", place, "amount"], limit.amount)] : [],
      ),
      ...(mechanic.kind === "points" ? mechanic.redeem : []).flatMap(({ gives }, place) =>
        gives === null ? [] : [at(["redeem", place, "gives", "amount"], gives.amount)],
      ),
    ]
  })

/** A checked definition with its hash. */
export interface Program {
  readonly name: string
  readonly currency: Currency
  /** SHA-256 of the canonical definition. */
  readonly hash: string
  readonly definition: Definition
}

/** A definition that does not hold; each issue names its place and what is expected there. */
export class InvalidProgram extends Schema.TaggedError<InvalidProgram>()("InvalidProgram", {
  issues: Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String })),
}) {
  override get message(): string {
    return `the program does not hold:\n${this.issues.map(({ message, path }) => `  at ${path === "" ? "(top)" : path}: ${message}`).join("\n")}`
  }
}

/** What the hash covers: members that came later are left out where they say what was true before they came. */
const hashed = (definition: Definition): unknown => ({
  ...definition,
  mechanics: definition.mechanics.map((mechanic) => {
    if (mechanic.kind === "points") {
      const { redeem, ...older } = mechanic
      return { ...older, ...(redeem.length === 0 ? {} : { redeem }) }
    }
    if (mechanic.kind !== "referral") return mechanic
    const { recurring, terms, ...older } = mechanic
    return {
      ...older,
      ...(recurring === null ? {} : { recurring }),
      ...(terms === "atConversion" ? {} : { terms }),
    }
  }),
})

/** Checks a definition that was loaded as data. */
export const parse = (definition: unknown): Result.Result<Program, InvalidProgram> => {
  const parsed = Definition.safeParse(definition)
  if (parsed.success) {
    return Result.succeed({
      name: parsed.data.name,
      currency: currencyOf(parsed.data.currency),
      hash: ofValue(hashed(parsed.data)),
      definition: parsed.data,
    })
  }
  const issues = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join("."),
    message:
      issue.code === "unrecognized_keys"
        ? `unknown member ${issue.keys.map((name) => `"${name}"`).join(", ")}: remove it or correct its spelling`
        : issue.message,
  }))
  return Result.fail(new InvalidProgram({ issues }))
}

export interface ProgramOptions {
  readonly currency: string
  readonly timeZone: string
  readonly advocates?: ReadonlyArray<AdvocateRule>
  readonly mechanics: ReadonlyArray<Mechanic>
}

/** A program written in TypeScript; throws `InvalidProgram` when it does not hold. */
export const make = (name: string, options: ProgramOptions): Program =>
  Result.getOrThrow(
    parse({
      name,
      currency: options.currency,
      timeZone: options.timeZone,
      advocates: options.advocates ?? [],
      mechanics: options.mechanics,
    }),
  )

/** JSON Schema of a definition, for editors. */
export const jsonSchema = (): unknown => z.toJSONSchema(Definition, { io: "input" })

/** The fact that brings a program into force. Publishing the same version twice is one fact. */
export const publication = (program: Program, effectiveFrom: Instant): ProgramPublished => ({
  _tag: "ProgramPublished",
  key: Facts.key(`advocacy:program/${program.name}/${program.hash.slice(0, 16)}/${effectiveFrom}`),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: effectiveFrom,
  program: program.name,
  hash: program.hash,
  definition: program.definition,
})

/** The fact that corrects the past: conversions from `from` until before `until` are judged by `program`. */
export const correction = (
  program: Program,
  told: {
    readonly from: Instant
    readonly until: Instant
    readonly at: Instant
    readonly by: string
    readonly reason: string
  },
): ProgramCorrected => ({
  _tag: "ProgramCorrected",
  key: Facts.key(
    `advocacy:correction/${program.name}/${program.hash.slice(0, 16)}/${told.from}-${told.until}/${told.at}`,
  ),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: told.at,
  program: program.name,
  hash: program.hash,
  definition: program.definition,
  from: told.from,
  until: told.until,
  by: told.by,
  reason: told.reason,
})

/** A stored definition, under the hash that it was published by: later members of the format do not change what it is called. */
export const stored = (told: { readonly hash: string; readonly definition: unknown }): Program => ({
  ...Result.getOrThrow(parse(told.definition)),
  hash: told.hash,
})

/** Versions of one program in order of coming into force; the version in force at a moment is the last before it. */
export const versions = (
  facts: Iterable<Fact>,
  name: string,
): ReadonlyArray<{ readonly from: Instant; readonly program: Program }> =>
  [...facts]
    .filter((fact) => fact._tag === "ProgramPublished")
    .filter((fact) => fact.program === name)
    .sort((a, b) => a.occurredAt - b.occurredAt || (a.key < b.key ? -1 : 1))
    .map((fact) => ({ from: fact.occurredAt, program: stored(fact) }))
