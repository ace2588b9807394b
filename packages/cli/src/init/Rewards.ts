/**
 * Rewards and offers as people type them: `20.00`, `10%`, `none`; `500:5.00` for an offer of points.
 *
 * Only the shape is read here. Whether an amount fits the currency is judged with the whole program.
 */
import { plainDecimal } from "@advocacy-kit/core/money/Money"
import type { Offer } from "@advocacy-kit/core/points/Offer"
import * as Reward from "@advocacy-kit/core/reward/Reward"
import { Result } from "effect"

const percentOf = (text: string): number | null => {
  const [, digits] = /^(\d{1,3})\s*%$/.exec(text) ?? []
  const percent = Number(digits)
  return digits !== undefined && percent >= 1 && percent <= 100 ? percent : null
}

/** `atCheckout`: a percentage is taken off while the friend pays, instead of handed over later. */
export const reward = (text: string, atCheckout: boolean): Result.Result<Reward.Reward | null, string> => {
  if (text === "none") return Result.succeed(null)
  const percent = percentOf(text)
  if (percent !== null)
    return Result.succeed(
      atCheckout ? Reward.discount({ percent, timing: "atCheckout" }) : Reward.discount({ percentOfOrder: percent }),
    )
  return plainDecimal.test(text) && !/^[0.]*$/.test(text)
    ? Result.succeed(Reward.discount({ amount: text }))
    : Result.fail(`"${text}" is no reward: give an amount such as 20.00, 10% (1 to 100, whole), or none`)
}

export const offer = (text: string): Result.Result<Offer | null, string> => {
  if (text === "none") return Result.succeed(null)
  const [, points, amount] = /^([1-9]\d{0,8}):(\d[\d.]*)$/.exec(text) ?? []
  return points !== undefined && amount !== undefined && plainDecimal.test(amount) && !/^[0.]*$/.test(amount)
    ? Result.succeed({ name: `${amount.replace(".", "-")}-off`, points: Number(points), gives: { amount } })
    : Result.fail(`"${text}" is no offer: give points and an amount, such as 500:5.00, or none`)
}
