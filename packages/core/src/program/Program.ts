/**
 * A program: the rules in force, as a value that can be stored, compared, hashed and published.
 *
 * `make` checks a definition written in TypeScript, `parse` one that was loaded as data; both refuse unknown members and
 * name the place of every mistake. A program says nothing about when it is in force: its publication does.
 */
import { Result, Schema } from "effect"
import { z } from "zod"
import type { Fact, ProgramPublished } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import { ofValue } from "../id/Digest.ts"
import { isTimeZone, type Instant } from "../id/Instant.ts"
import { isCurrency, make as currencyOf, type Currency } from "../money/Currency.ts"
import { fromDecimal } from "../money/Money.ts"
import { plainDecimal } from "../reward/Reward.ts"
import { ReferralMechanic } from "./Referral.ts"

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
    mechanics: z.array(ReferralMechanic).min(1),
  })
  .superRefine((definition, context) => {
    const seen = new Set<string>()
    definition.mechanics.forEach((mechanic, index) => {
      if (seen.has(mechanic.rule)) {
        context.addIssue({
          code: "custom",
          path: ["mechanics", index, "rule"],
          message: `"${mechanic.rule}" is used twice: give each mechanic its own rule name`,
        })
      }
      seen.add(mechanic.rule)
      if (mechanic.advocate?.kind === "checkout-discount") {
        context.addIssue({
          code: "custom",
          path: ["mechanics", index, "advocate"],
          message: "an advocate is not at the friend's checkout: use { amount } or { percentOfOrder }",
        })
      }
    })
    if (isCurrency(definition.currency))
      for (const { path, text } of amountsOf(definition)) {
        // What is no decimal at all has been said already.
        if (!plainDecimal.test(text)) continue
        try {
          fromDecimal(text, currencyOf(definition.currency))
        } catch (error) {
          context.addIssue({ code: "custom", path, message: error instanceof Error ? error.message : String(error) })
        }
      }
  })
export type Definition = z.infer<typeof Definition>

const amountsOf = (definition: { readonly mechanics: ReadonlyArray<ReferralMechanic> }) =>
  definition.mechanics.flatMap((mechanic, index) => [
    ...mechanic.qualifies.flatMap((rule, at) =>
      rule.rule === "minimum" ? [{ path: ["mechanics", index, "qualifies", at, "amount"], text: rule.amount }] : [],
    ),
    ...(["advocate", "friend"] as const).flatMap((side) => {
      const reward = mechanic[side]
      return reward?.kind === "discount-amount"
        ? [{ path: ["mechanics", index, side, "amount"], text: reward.amount }]
        : []
    }),
  ])

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

/** Checks a definition that was loaded as data. */
export const parse = (definition: unknown): Result.Result<Program, InvalidProgram> => {
  const parsed = Definition.safeParse(definition)
  if (parsed.success) {
    return Result.succeed({
      name: parsed.data.name,
      currency: currencyOf(parsed.data.currency),
      hash: ofValue(parsed.data),
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
  readonly mechanics: ReadonlyArray<ReferralMechanic>
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

/** Versions of one program in order of coming into force; the version in force at a moment is the last before it. */
export const versions = (
  facts: Iterable<Fact>,
  name: string,
): ReadonlyArray<{ readonly from: Instant; readonly program: Program }> =>
  [...facts]
    .filter((fact) => fact._tag === "ProgramPublished")
    .filter((fact) => fact.program === name)
    .sort((a, b) => a.occurredAt - b.occurredAt || (a.key < b.key ? -1 : 1))
    .map((fact) => ({ from: fact.occurredAt, program: Result.getOrThrow(parse(fact.definition)) }))
