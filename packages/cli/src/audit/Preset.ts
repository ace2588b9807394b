/**
 * The rules of common referral programs, from a few flags, for whoever has no program file of the product that is audited.
 *
 * Promises: a preset states no vendor's defaults; every amount, minimum, limit and hold is what the flags say.
 */
import type { Program } from "@advocacy-kit/core/program/Program"
import * as Programs from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { Effect, Option } from "effect"
import { Flag } from "effect/cli"
import * as Failure from "../Failure.ts"

export const names = ["give-get", "give-at-checkout", "advocate-only"] as const
export type Name = (typeof names)[number]

/** What each says; the flags say how much. */
export const meanings: Readonly<Record<Name, string>> = {
  "give-get": "advocate and friend each get a reward once the friend's first order has passed the hold",
  "give-at-checkout":
    "the friend's code takes something off at the checkout; the advocate gets a reward after the hold",
  "advocate-only": "the advocate gets a reward after the hold; the friend gets nothing",
}

export const flags = {
  preset: Flag.Literals("preset", names).pipe(
    Flag.withDescription(
      `The rules by name in place of --program: ${names.map((name) => `${name}: ${meanings[name]}`).join("; ")}`,
    ),
    Flag.optional,
  ),
  amount: Flag.String("amount").pipe(
    Flag.withDescription('With --preset: the advocate\'s reward: "20.00", "10%" of the order, or "500 points"'),
    Flag.optional,
  ),
  friendAmount: Flag.String("friend-amount").pipe(
    Flag.withDescription("With --preset give-get: the friend's reward; the default is the advocate's"),
    Flag.optional,
  ),
  minimum: Flag.String("minimum").pipe(
    Flag.withDescription("With --preset: the least that an order must be worth, after discounts, such as 40.00"),
    Flag.optional,
  ),
  cap: Flag.String("cap").pipe(
    Flag.withDescription(
      "With --preset: the most rewards of one advocate, such as 10/year; day, week, month, year, ever",
    ),
    Flag.optional,
  ),
  hold: Flag.Int("hold").pipe(
    Flag.withDescription("With --preset: days after the order until a reward is due"),
    Flag.withDefault(0),
  ),
  window: Flag.Int("window").pipe(
    Flag.withDescription("With --preset: days for which a click or an invitation counts"),
    Flag.withDefault(30),
  ),
}

export interface Given {
  readonly preset: Name
  readonly amount: Option.Option<string>
  readonly friendAmount: Option.Option<string>
  readonly minimum: Option.Option<string>
  readonly cap: Option.Option<string>
  readonly hold: number
  readonly window: number
  readonly currency: string
  readonly timeZone: string
  readonly attributes: ReadonlyArray<string>
}

const rewardOf = (flag: string, text: string): Effect.Effect<Reward.Reward, Failure.Failure> => {
  const percent = /^(\d{1,3})\s*%$/.exec(text.trim())?.[1]
  if (percent !== undefined) return Effect.succeed(Reward.discount({ percentOfOrder: Number(percent) }))
  const points = /^(\d{1,9})\s*points?$/i.exec(text.trim())?.[1]
  if (points !== undefined) return Effect.succeed(Reward.points(Number(points)))
  return /^\d{1,15}(\.\d{1,4})?$/.test(text.trim())
    ? Effect.succeed(Reward.discount({ amount: text.trim() }))
    : Effect.fail(Failure.usage(`"${text}" is no reward`, `give --${flag} as "20.00", "10%" or "500 points"`))
}

const periods = ["day", "week", "month", "quarter", "year", "ever"] as const

const limitsOf = (cap: Option.Option<string>): Effect.Effect<ReadonlyArray<Referral.Limit>, Failure.Failure> => {
  if (Option.isNone(cap)) return Effect.succeed([])
  const [, count, per] = /^(\d{1,9})\s*(?:\/|per)\s*([a-z]+)$/.exec(cap.value.trim()) ?? []
  const period = periods.find((one) => one === per)
  return count === undefined || period === undefined || Number(count) === 0
    ? Effect.fail(
        Failure.usage(`"${cap.value}" is no limit`, `give --cap as 10/year; periods are ${periods.join(", ")}`),
      )
    : Effect.succeed([Referral.Limits.perAdvocate({ count: Number(count), per: period })])
}

/** New customers only, and the last touch counts. Signs of fraud leave it open whether a reward is due: every product looks at some. */
export const make = Effect.fn("Preset.make")(function* (
  given: Given,
): Effect.fn.Return<Program, Failure.Failure | Programs.InvalidProgram> {
  if (Option.isNone(given.amount))
    return yield* Failure.usage(`--preset ${given.preset} says no amount`, 'give --amount, such as --amount "20.00"')
  const advocate = yield* rewardOf("amount", given.amount.value)
  const friend =
    given.preset === "advocate-only"
      ? null
      : given.preset === "give-at-checkout"
        ? // Orders show what was taken off; the percentage is not asked.
          Reward.discount({ percent: 1, timing: "atCheckout" })
        : Option.isNone(given.friendAmount)
          ? advocate
          : yield* rewardOf("friend-amount", given.friendAmount.value)
  const { Attribution, Evidence, Qualify } = Referral
  const mechanic = Referral.make({
    evidence: [Evidence.code, Evidence.cartAttribute, Evidence.click, Evidence.invitation],
    attributeKeys: given.attributes,
    attribution: Attribution.lastTouch({ window: `${given.window} days` }),
    qualifies: [Qualify.newCustomer, ...Option.toArray(given.minimum).map(Qualify.minimum)],
    hold: `${given.hold} days`,
    advocate,
    friend,
    limits: yield* limitsOf(given.cap),
  })
  const parsed = Programs.parse({
    name: given.preset,
    currency: given.currency,
    timeZone: given.timeZone,
    advocates: [],
    mechanics: [mechanic],
  })
  return yield* Effect.fromResult(parsed)
})
