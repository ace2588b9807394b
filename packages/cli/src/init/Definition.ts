/**
 * The program that the answers describe, as a definition.
 */
import { parse, type InvalidProgram, type Written } from "@advocacy-kit/core/program/Program"
import { Result } from "effect"
import { type Kind, kinds, type Typed } from "./Question.ts"
import * as Rewards from "./Rewards.ts"

const advocates = [{ rule: "score-at-least", score: 70 }, { rule: "marketing-consent" }] as const

const referral = (kind: Exclude<Kind, "collect-points">, typed: Typed): Written["mechanics"][number] => {
  const isShop = kind === "refer-a-friend"
  return {
    kind: "referral",
    rule: "referral",
    conversions: isShop ? ["order"] : ["deal"],
    evidence: isShop ? ["code", "cart-attribute", "link-click", "invitation"] : ["code", "invitation"],
    attributeKeys: ["ref"],
    attribution: isShop ? { model: "last-touch", windowDays: 30 } : { model: "first-touch", windowDays: 180 },
    qualifies: isShop
      ? [{ rule: "new-customer", per: "person" }]
      : [{ rule: "new-customer", per: "company" }, { rule: "other-company" }],
    holdDays: isShop ? 14 : 30,
    advocate: Result.getOrThrow(Rewards.reward(typed["advocate-reward"] ?? "none", false)),
    friend: Result.getOrThrow(Rewards.reward(typed["friend-reward"] ?? "none", isShop)),
    limits: [{ per: isShop ? "advocate" : "company", period: "year", count: 10 }],
    review: { shared: ["device", "address"], leakedPer24Hours: 10 },
  }
}

const points = (typed: Typed): Written["mechanics"][number] => {
  const offer = Result.getOrThrow(Rewards.offer(typed.offer ?? "none"))
  return {
    kind: "points",
    rule: "points",
    conversions: ["order"],
    members: "everybody",
    perUnit: Number(typed["points-per-unit"]),
    qualifies: [],
    holdDays: 14,
    expiresAfterDays: 730,
    tierPercent: {},
    limits: [],
    redeem: offer === null ? [] : [offer],
  }
}

/** Of answers that were checked one by one. */
export const definitionOf = (typed: Typed): Written => {
  const kind = kinds.find(({ name }) => name === typed.program)?.name ?? "refer-a-friend"
  return {
    name: kind,
    currency: typed.currency ?? "",
    timeZone: typed["time-zone"] ?? "",
    advocates: [...advocates],
    mechanics: [kind === "collect-points" ? points(typed) : referral(kind, typed)],
  }
}

/** The same, held to every rule of a program: an amount may not fit its currency. */
export const check = (definition: Written): Result.Result<string, InvalidProgram> =>
  Result.map(parse(definition), ({ hash }) => hash)
