/**
 * Orders that carry evidence and earn nothing: one scenario per reason to refuse.
 *
 * Promises: each has exactly the one flaw that it is named after (an advocate's own order, which is also an
 * existing customer's, is the exception), so that a different reason is a wrong reason.
 */
import type { NetRange } from "./Basket.ts"
import { day, hour, second } from "./Calendar.ts"
import * as OrderSimulation from "./OrderSimulation.ts"
import * as Stage from "./Stage.ts"
import type { Scenario } from "./Stage.ts"
import { rules } from "./World.ts"

export const selfReferral: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const account = who.accounts[0] ?? stage.population.account(who)
  const at = Stage.buysAt(stage, [who], { live: index === 0 })
  Stage.place(stage, {
    at,
    account,
    planned: "self-referral",
    touches: [Stage.anyTouch(stage, who, at, index)],
    net: Stage.eligible,
  })
}

/** The advocate orders under an e-mail that HubSpot knows to be the same person's, once even only later. */
export const selfReferralAlias: Scenario = (stage, index) => {
  const who = Stage.makeAdvocate(stage)
  const account = stage.population.account(who, { guest: index % 3 === 1 })
  const at = Stage.buysAt(stage, [who], { live: index === 0 })
  if (index === 0) account.knownFrom = at + 30 * hour
  Stage.place(stage, {
    at,
    account,
    planned: "self-referral-alias",
    touches: [Stage.anyTouch(stage, who, at, index)],
    net: Stage.eligible,
  })
}

/** Somebody who had bought before; in every third case a friend who uses the same code a second time. */
export const existingCustomer: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const again = index % 3 === 1
  const at = Stage.buysAt(stage, [who], { leadDays: 75, live: index === 0 })
  const before = at - stage.random.int(4, 40) * day
  const account = Stage.friend(stage)
  const first = Stage.place(stage, {
    at: before,
    account,
    planned: again ? "code" : "organic",
    ...(again ? { touches: [Stage.byCode(who, before)], referredBy: who, net: Stage.eligible } : {}),
  })
  const touch = again ? Stage.byCode(who, at) : Stage.anyTouch(stage, who, at, index)
  const order = Stage.place(stage, { at, account, planned: "existing-customer", touches: [touch], net: Stage.eligible })
  // Cancelled only after the second order: when that was placed the buyer was a customer.
  if (index === 2 && at < stage.story.period.now - 2 * day) OrderSimulation.cancel(first, at + day, "OTHER", false)
  Stage.thenFree(order)
}

export const existingCustomerAlias: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who], { leadDays: 75, live: index === 0 })
  const account = Stage.friend(stage)
  Stage.place(stage, { at: at - stage.random.int(4, 40) * day, account, planned: "organic" })
  const alias = stage.population.account(account.person, { guest: index % 2 === 1 })
  Stage.thenFree(
    Stage.place(stage, {
      at,
      account: alias,
      planned: "existing-customer-alias",
      touches: [Stage.anyTouch(stage, who, at, index)],
      net: Stage.eligible,
    }),
  )
}

export const belowMinimum: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who])
  const exactly =
    index === 0
      ? { touches: [Stage.byAttribute(who, at)], singleCents: 3_999n }
      : { touches: [Stage.anyTouch(stage, who, at, index)], net: { least: 900n, most: 3_999n } }
  Stage.thenFree(
    Stage.place(stage, { at, account: Stage.friend(stage), planned: "below-minimum", referredBy: who, ...exactly }),
  )
}

/** Too old by a second or by weeks, or only after the order. */
export const outsideWindow: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who], { leadDays: 66, settledDays: 12 })
  const account = Stage.friend(stage)
  const plan = { at, account, planned: "outside-window", net: Stage.eligible } as const
  const variant = index % 4
  if (variant === 0 || variant === 1) {
    const touch = Stage.byClick(
      who,
      at - (variant === 0 ? rules.windowDays * day + second : stage.random.int(35, 60) * day),
    )
    return Stage.thenFree(Stage.place(stage, { ...plan, touches: [touch] }))
  }
  Stage.invite(
    account.person,
    who,
    variant === 2 ? at - stage.random.int(36, 60) * day : at + stage.random.int(3, 10) * day,
  )
  Stage.place(stage, plan)
}

export const cancelled: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who], { live: index === 0, settledDays: 8 })
  const order = Stage.place(stage, {
    at,
    account: Stage.friend(stage),
    planned: "cancelled",
    touches: [Stage.anyTouch(stage, who, at, index)],
    referredBy: who,
    net: Stage.eligible,
  })
  const voided = index % 2 === 1
  const cancelledAt = at + (voided ? 1 : stage.random.int(20, 70)) * hour
  OrderSimulation.cancel(order, cancelledAt, stage.random.pick(["CUSTOMER", "INVENTORY", "FRAUD"]), voided)
  Stage.thenFree(order)
}

/** An eligible referral that settles in history, except the first one, whose refund comes in the live phase. */
const givenBack = (
  stage: Stage.Stage,
  index: number,
  planned: "fully-refunded" | "refunded-below-minimum",
  left: NetRange,
): void => {
  const who = Stage.advocate(stage)
  const { liveFrom } = stage.story.period
  const at = index === 0 ? liveFrom - 8 * day : Stage.buysAt(stage, [who], { settledDays: 30 })
  const refundedAt = index === 0 ? liveFrom + 3 * day : at + stage.random.int(2, 24) * day
  const touches = [Stage.anyTouch(stage, who, at, index)]
  const plan = { at, account: Stage.friend(stage), planned, touches, referredBy: who, net: Stage.eligible }
  Stage.thenFree(Stage.placeGivenBack(stage, plan, left, refundedAt))
}

export const fullyRefunded: Scenario = (stage, index) =>
  givenBack(stage, index, "fully-refunded", { least: 0n, most: 0n })

export const refundedBelowMinimum: Scenario = (stage, index) =>
  givenBack(stage, index, "refunded-below-minimum", { least: 1n, most: 3_999n })

export const testOrder: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who])
  Stage.place(stage, {
    at,
    account: Stage.friend(stage),
    planned: "test-order",
    test: true,
    touches: [Stage.anyTouch(stage, who, at, index)],
    net: Stage.eligible,
  })
}

/** A code that looks right and that nobody owns. */
export const unknownCode: Scenario = (stage, index) => {
  const { now, startsAt } = stage.story.period
  const at = startsAt + 40 * day + Math.floor(stage.random.next() * ((now - startsAt - 41 * day) / second)) * second
  const kind = index % 2 === 0 ? "cart-attribute" : "link-click"
  const touch = {
    kind,
    advocate: null,
    code: stage.population.inventCode(),
    at: kind === "link-click" ? at - stage.random.int(1, 200) * hour : at,
  } as const
  Stage.thenFree(
    Stage.place(stage, {
      at,
      account: Stage.friend(stage),
      planned: "unknown-code",
      touches: [touch],
      net: Stage.eligible,
    }),
  )
}
