/**
 * An amount as it is typed: whole points, or a decimal of the program's currency, with or without a sign.
 */
import { unitIn } from "@advocacy-kit/core/flow/CommandInput"
import { make as currencyOf, isCurrency } from "@advocacy-kit/core/money/Currency"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import type { Program } from "@advocacy-kit/core/program/Program"
import { Effect, Result } from "effect"
import * as Failure from "./Failure.ts"

/** The amount in minor units, or whole points, of the unit that was meant. */
export const read = (
  text: string,
  named: string | undefined,
  terms: Program | null,
): Effect.Effect<bigint, Failure.Failure> => {
  if (terms === null) return Effect.fail(Failure.usage("no version of the program is in force", "publish one first"))
  const unit = unitIn(terms, named)
  if (Result.isFailure(unit)) return Effect.fail(Failure.usage(unit.failure.message, remedyOf(unit.failure)))
  const bare = text.replace(/^\+/, "")
  const isMoney = isCurrency(unit.success)
  const fits = isMoney ? /^-?\d{1,15}(\.\d{1,4})?$/.test(bare) : /^-?\d{1,15}$/.test(bare)
  const wrong = Failure.usage(
    `"${text}" is not an amount of ${unit.success}`,
    isMoney ? "give a decimal such as 5.00" : "give whole points such as 50, or name the currency with --unit",
  )
  if (!fits) return Effect.fail(wrong)
  return Effect.try({
    try: () => (isMoney ? fromDecimal(bare, currencyOf(unit.success)).amountMinor : BigInt(bare)),
    catch: () => wrong,
  })
}

const remedyOf = (reason: object): string =>
  "remedy" in reason && typeof reason.remedy === "string" ? reason.remedy : ""
