/**
 * True referrals, one scenario per kind of evidence, with the cases at the edge of each rule.
 *
 * Promises: every friend here is new, buys enough and within the window; the scenario says what it means to be,
 * `TruthJudge` says what it is (a yearly limit can still refuse it).
 */
import { day, hour, minute, yearOf, yearStart } from "./Calendar.ts"
import type { PersonDraft } from "./Draft.ts"
import * as OrderSimulation from "./OrderSimulation.ts"
import * as Stage from "./Stage.ts"
import type { Scenario } from "./Stage.ts"
import { rules } from "./World.ts"

/** Some friends become advocates themselves, so that referrals form chains. */
const maybeNextGeneration = (stage: Stage.Stage, person: PersonDraft, at: number): void => {
  const { liveFrom, startsAt } = stage.story.period
  if (at > startsAt + 300 * day || at > liveFrom - 120 * day || !stage.random.chance(0.15)) return
  stage.population.issueCode(person, at + stage.random.int(15, 45) * day)
  stage.pool.set(person, 0)
}

/** A first order that was cancelled leaves the friend a new customer. */
const cancelledBefore = (
  stage: Stage.Stage,
  account: Parameters<typeof Stage.place>[1]["account"],
  at: number,
): void => {
  const earlier = Stage.place(stage, { at: at - 3 * day, account, planned: "organic" })
  OrderSimulation.cancel(earlier, earlier.at + 6 * hour, "CUSTOMER", false)
}

export const code: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who], { live: index === 0 })
  const account = Stage.friend(stage)
  if (index === 2) cancelledBefore(stage, account, at)
  if (index === 3) Stage.place(stage, { at: at - 2 * day, account, planned: "organic", test: true })
  const click = index % 3 === 0 ? [Stage.earlierClick(stage, who, at)] : []
  const touches = [Stage.byCode(who, at), ...click]
  const exactly = index === 1 ? { singleCents: 4_444n } : { net: Stage.eligible }
  Stage.thenFree(Stage.place(stage, { at, account, planned: "code", touches, referredBy: who, ...exactly }))
  if (index > 3) maybeNextGeneration(stage, account.person, at)
}

export const cartAttribute: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who], { live: index === 0 })
  const account = Stage.friend(stage)
  const touches = [Stage.byAttribute(who, at)]
  const exactly = index === 1 ? { singleCents: 4_000n } : { net: Stage.eligible }
  Stage.thenFree(Stage.place(stage, { at, account, planned: "cart-attribute", touches, referredBy: who, ...exactly }))
}

export const linkClick: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who], { live: index === 0 })
  const account = Stage.friend(stage)
  const touch = index === 1 ? Stage.byClick(who, at - rules.windowDays * day) : Stage.earlierClick(stage, who, at)
  Stage.thenFree(
    Stage.place(stage, {
      at,
      account,
      planned: "link-click",
      touches: [touch],
      referredBy: who,
      net: Stage.eligible,
    }),
  )
}

export const invitation: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const at = Stage.buysAt(stage, [who], { live: index === 0 })
  const account = Stage.friend(stage)
  Stage.invite(account.person, who, at - (index === 1 ? rules.windowDays * day : stage.random.int(2, 28 * 24) * hour))
  Stage.place(stage, { at, account, planned: "invitation", referredBy: who, net: Stage.eligible })
}

/** The last touch wins; at one instant a code outranks a cart attribute. */
export const severalTouches: Scenario = (stage, index) => {
  const earlier = Stage.advocate(stage)
  const later = Stage.advocate(stage, earlier)
  const at = Stage.buysAt(stage, [earlier, later])
  const account = Stage.friend(stage)
  const clicked = Stage.byClick(earlier, at - stage.random.int(5, 25) * day)
  const variant = index % 4
  if (variant === 2) Stage.invite(account.person, earlier, at - stage.random.int(10, 25) * day)
  const touches =
    variant === 0
      ? [clicked, Stage.byCode(later, at)]
      : variant === 1
        ? [clicked, Stage.byClick(later, at - stage.random.int(1, 90) * hour)]
        : variant === 2
          ? [Stage.byClick(later, at - stage.random.int(1, 90) * hour)]
          : [Stage.byAttribute(earlier, at), Stage.byCode(later, at)]
  const order = Stage.place(stage, {
    at,
    account,
    planned: "several-touches",
    touches,
    referredBy: later,
    net: Stage.eligible,
  })
  if (variant !== 2) Stage.thenFree(order)
}

/** Two advocates' codes on one order: nothing says whose friend it is. */
export const ambiguousCodes: Scenario = (stage) => {
  const one = Stage.advocate(stage)
  const other = Stage.advocate(stage, one)
  const at = Stage.buysAt(stage, [one, other])
  const touches = [Stage.byCode(one, at), Stage.byCode(other, at)]
  Stage.thenFree(
    Stage.place(stage, {
      at,
      account: Stage.friend(stage),
      planned: "ambiguous-codes",
      touches,
      net: Stage.eligible,
    }),
  )
}

/** The friend was told at the kitchen table and nothing shows it. */
export const wordOfMouth: Scenario = (stage) => {
  const who = Stage.advocate(stage)
  stage.pool.set(who, (stage.pool.get(who) ?? 1) - 1)
  const at = Stage.buysAt(stage, [who])
  Stage.thenFree(Stage.place(stage, { at, account: Stage.friend(stage), planned: "word-of-mouth", referredBy: who }))
}

export const partiallyRefunded: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const { liveFrom } = stage.story.period
  const at = index === 0 ? liveFrom - 9 * day : Stage.buysAt(stage, [who], { settledDays: 30 })
  const refundedAt = index === 0 ? liveFrom + 2 * day : at + stage.random.int(2, 24) * day
  const touches = [Stage.anyTouch(stage, who, at, index)]
  const plan = {
    at,
    account: Stage.friend(stage),
    planned: "partially-refunded",
    touches,
    referredBy: who,
    net: { least: 9_000n, most: 60_000n },
  } as const
  Stage.thenFree(Stage.placeGivenBack(stage, plan, Stage.eligible, refundedAt))
}

/** The longest stretch of one calendar year in which the advocate can bring friends before the live phase. */
const longestYear = (
  from: number,
  to: number,
): { readonly year: number; readonly from: number; readonly to: number } => {
  const years = Array.from({ length: yearOf(to) - yearOf(from) + 1 }, (_, index) => yearOf(from) + index)
  const stretches = years.map((year) => ({
    year,
    from: Math.max(from, yearStart(year)),
    to: Math.min(to, yearStart(year + 1)),
  }))
  return stretches.reduce((best, next) => (next.to - next.from > best.to - best.from ? next : best))
}

/** An advocate who brings more friends in one year than are rewarded; one refund frees a place again. */
export const overLimit: Scenario = (stage) => {
  const { liveFrom } = stage.story.period
  const who = Stage.makeAdvocate(stage, true)
  const stretch = longestYear(Stage.issuedAt(who) + 31 * day, liveFrom - 40 * day)
  const count = rules.limitPerYear + 5
  const step = Math.floor((stretch.to - stretch.from) / count)
  const buy = (at: number, turn: number): ReturnType<typeof Stage.place> => {
    const touch = Stage.anyTouch(stage, who, at, turn)
    const planned = turn === 4 ? "fully-refunded" : touch.kind
    return Stage.place(stage, {
      at,
      account: Stage.friend(stage),
      planned,
      touches: [touch],
      referredBy: who,
      net: Stage.eligible,
    })
  }
  // Ten minutes before and after New Year in the brand's time zone: in UTC both are in the old year.
  const newYear = yearStart(stretch.year)
  if (newYear > Stage.issuedAt(who) + 31 * day) Stage.thenFree(buy(newYear - 10 * minute, 0))
  for (let turn = 0; turn < count; turn++) {
    const at =
      turn === 0 && stretch.from === newYear
        ? newYear + 10 * minute
        : stretch.from + turn * step + stage.random.int(60, Math.floor(step / minute / 2)) * minute
    const order = buy(at, turn)
    if (turn === 4) Stage.giveBack(stage, order, { least: 0n, most: 0n }, at + stage.random.int(3, 20) * day)
    Stage.thenFree(order)
  }
}
