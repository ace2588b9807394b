import { describe, expect, it } from "vitest"
import { plannedRow, type EffectRow } from "../src/ledger/OutboundEffect.ts"
import * as OutboxPlan from "../src/ledger/OutboxPlan.ts"
import { shareCode } from "../src/reward/Fulfilment.ts"
import { customer, day } from "./Story.ts"

const limit = { perMinute: 10, perSend: 4 }
const idle: OutboxPlan.Standing = { recent: { count: 0, firstAt: null }, pausedUntil: null, free: 0, nextFreeAt: null }
const at = 1_000_000
const plan = (told: Partial<OutboxPlan.Standing>) => OutboxPlan.plan({ ...idle, ...told }, limit, at)

describe("how much may be sent", () => {
  it("nothing where nothing waits, whatever else is so", () => {
    expect(plan({ pausedUntil: at + 5 })).toEqual({ take: 0, waiting: { for: "nothing", until: null } })
  })

  it("what is free, and then at the next date", () => {
    expect(plan({ free: 3, nextFreeAt: at + 7 })).toEqual({ take: 3, waiting: { for: "later", until: at + 7 } })
    expect(plan({ free: 0, nextFreeAt: at + 7 })).toEqual({ take: 0, waiting: { for: "later", until: at + 7 } })
    expect(plan({ free: 4 })).toEqual({ take: 4, waiting: { for: "nothing", until: null } })
  })

  it("no more than one request holds, and the rest at once", () => {
    expect(plan({ free: 5 })).toEqual({ take: 4, waiting: { for: "more", until: at } })
  })

  it("no more than what the minute has left, and the rest when its first attempt is a minute old", () => {
    const firstAt = at - 20_000
    expect(plan({ free: 5, recent: { count: 8, firstAt } })).toEqual({
      take: 2,
      waiting: { for: "limit", until: firstAt + 60_000 },
    })
    expect(plan({ free: 2, recent: { count: 10, firstAt } })).toEqual({
      take: 0,
      waiting: { for: "limit", until: firstAt + 60_000 },
    })
    expect(plan({ free: 1, recent: { count: 12, firstAt } }).take).toBe(0)
  })

  it("nothing while the platform is away, and again from then on", () => {
    expect(plan({ free: 3, pausedUntil: at + 1 })).toEqual({ take: 0, waiting: { for: "pause", until: at + 1 } })
    expect(plan({ free: 3, pausedUntil: at }).take).toBe(3)
  })
})

describe("the end of an attempt", () => {
  const effect = shareCode({ code: "ADA", owner: customer(1), percent: 10, terms: "t", at: day(0) })
  const row = (told: Partial<EffectRow>): EffectRow => ({
    ...plannedRow(effect),
    state: "sending",
    attempts: 3,
    ...told,
  })

  it("names the attempt that it belongs to", () => {
    expect(OutboxPlan.ended(row({}), { state: "confirmed", reference: "ADA" }, at)).toEqual({
      key: effect.key,
      attempt: 3,
      to: "confirmed",
      dueAt: null,
      note: "ADA",
      unanswered: 0,
    })
    expect(OutboxPlan.ended(row({}), { state: "failed", reason: "no" }, at)).toMatchObject({
      to: "failed",
      dueAt: null,
      note: "no",
    })
  })

  it("without an answer waits twice as long each time, and for a human after the eighth, still in doubt", () => {
    const ends = Array.from({ length: 8 }, (_, unanswered) =>
      OutboxPlan.ended(row({ unanswered }), { state: "unknown" }, at),
    )
    expect(ends.map(({ to }) => to)).toEqual(Array.from({ length: 8 }, () => "unknown"))
    expect(ends.map(({ dueAt }) => (dueAt === null ? null : (dueAt - at) / 60_000))).toEqual([
      1,
      2,
      4,
      8,
      16,
      32,
      60,
      null,
    ])
    expect(ends.at(-1)?.note).toBe("given up after 8 attempts without an answer: no answer came")
  })

  it("of a platform that was away counts nothing against the effect", () => {
    expect(OutboxPlan.released(row({ unanswered: 7 }), at + 5, "no connection")).toEqual({
      key: effect.key,
      attempt: 3,
      to: "unknown",
      dueAt: at + 5,
      note: "no connection",
    })
    expect([1, 2, 3, 4, 5, 6].map((times) => OutboxPlan.pauseMillis(times) / 60_000)).toEqual([1, 2, 4, 8, 15, 15])
  })
})
