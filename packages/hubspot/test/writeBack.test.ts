import { type Standing, WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import { platform } from "@advocacy-kit/core/id/Handle"
import { Effect, Result } from "effect"
import { describe, expect, it } from "vitest"
import { contacts, on, open, type Portal, pull, run, statements, world } from "./portal.ts"

const standing = (id: number | string, more: Partial<Standing> = {}): Standing => ({
  record: platform("hubspot", "contact", String(id)),
  program: "refer-a-friend",
  status: "active",
  score: 87,
  code: `CODE${id}`,
  link: `https://shop.example/?ref=CODE${id}`,
  referralsSent: 3,
  referralsConverted: 2,
  tier: "Silver",
  points: { available: 120n, ever: 300n },
  rewardsEarned: "40.00",
  lastActivityAt: Date.parse("2026-10-30T10:00:00Z"),
  lastNps: 9,
  referredByCode: null,
  ...more,
})
const link = (advocate: number, friend: number) => ({
  advocate: platform("hubspot", "contact", String(advocate)),
  friend: platform("hubspot", "contact", String(friend)),
})
const writeTo = (
  portal: Portal,
  standings: ReadonlyArray<Standing>,
  links: ReadonlyArray<ReturnType<typeof link>> = [],
) =>
  on(
    portal,
    Effect.flatMap(WriteBack, (writeBack) => writeBack.write(standings, links)),
  )
const isRead = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === "GET" || path.endsWith("/batch/read")
const stateOf = (portal: Portal) => Effect.promise(() => portal.control("/__sandbox/state"))
const shown = (state: Record<string, unknown>) =>
  state["contacts"] as ReadonlyArray<{ readonly id: string; readonly properties: Record<string, string> }>

describe("ContactWriteBack on the sandbox", () => {
  it("creates its properties, writes a hundred a call, links referrals, and sends nothing the second time", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(260)))
        const standings = Array.from({ length: 250 }, (_, index) => standing(1000 + index))
        const links = [link(1000, 1001), link(1000, 1002), link(1003, 1000), link(1000, 1001), link(1005, 1005)]
        const first = yield* writeTo(portal, standings, links)
        expect(first).toEqual({ unchanged: 0, written: 250, linked: 3, failed: [] })
        expect(portal.noted.filter(({ path }) => path.endsWith("/contacts/batch/update"))).toHaveLength(3)
        const state = yield* stateOf(portal)
        expect(shown(state)).toHaveLength(250)
        expect(shown(state)[0]?.properties).toMatchObject({
          adv_status: "active",
          adv_rewards_earned: "40.00",
          adv_nps_last: "9",
          adv_referral_code: "CODE1000",
        })
        expect(JSON.stringify(state["associations"])).toContain("Referred")
        portal.forget()
        expect(yield* writeTo(portal, standings, links)).toEqual({ unchanged: 250, written: 0, linked: 0, failed: [] })
        expect(portal.noted.filter((request) => !isRead(request))).toEqual([])
        const oneMore = yield* writeTo(portal, [
          ...standings.slice(1),
          standing(1000, { score: null, code: null, lastActivityAt: null }),
        ])
        expect(oneMore).toEqual({ unchanged: 249, written: 1, linked: 0, failed: [] })
        expect(shown(yield* stateOf(portal)).find(({ id }) => id === "1000")?.properties["adv_score"] ?? "").toBe("")
        expect(shown(yield* stateOf(portal)).find(({ id }) => id === "1000")?.properties).toMatchObject({
          adv_tier: "Silver",
          adv_points_balance: "120",
          adv_points_lifetime: "300",
        })
      }),
    ))

  it("looks up a write whose answer was lost instead of sending it again", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(5)))
        yield* writeTo(portal, [standing(1000)])
        yield* Effect.promise(() => portal.control("/__sandbox/faults", { commitThenDrop: 1 }))
        portal.forget()
        const report = yield* writeTo(portal, [standing(1001), standing(1002)])
        expect(report).toEqual({ unchanged: 0, written: 2, linked: 0, failed: [] })
        expect(portal.noted.filter(({ path }) => path.endsWith("/batch/update"))).toHaveLength(1)
        expect((yield* writeTo(portal, [standing(1001), standing(1002)])).unchanged).toBe(2)
      }),
    ))

  it("writes merged ids singly and reports what cannot be shown, without losing the rest", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(5), { forwards: [{ from: "90", to: "1004" }] }))
        const standings = [
          standing(1000),
          standing(90),
          standing(777),
          standing(1001, { rewardsEarned: "a lot" }),
          standing("1002", { record: platform("shopify", "customer", "1002") }),
          standing(1000, { program: "z-another" }),
        ]
        const report = yield* writeTo(portal, standings)
        expect(report.written).toBe(2)
        expect(report.failed.map((failed) => failed.record).sort()).toEqual([
          "hubspot:contact/1000",
          "hubspot:contact/1001",
          "hubspot:contact/777",
          "shopify:customer/1002",
        ])
        expect(
          shown(yield* stateOf(portal))
            .map(({ id }) => id)
            .sort(),
        ).toEqual(["1000", "1004"])
        expect(
          portal.noted.filter(({ method, path }) => method === "PATCH" && path.endsWith("/contacts/90")),
        ).toHaveLength(1)
        portal.forget()
        const again = yield* writeTo(portal, [standing(1000), standing(90), standing(1004, { score: 1 })].slice(0, 2))
        expect(again).toMatchObject({ unchanged: 2, written: 0 })
        expect(portal.noted.filter((request) => !isRead(request))).toEqual([])
      }),
    ))

  it("uses the plain association where the plan refuses labels", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(3)))
        portal.intercept = ({ path }) =>
          path.endsWith("/labels")
            ? { status: 403, headers: {}, body: JSON.stringify({ category: "MISSING_SCOPES", correlationId: "c" }) }
            : null
        expect(yield* writeTo(portal, [], [link(1000, 1001)])).toMatchObject({ linked: 1, failed: [] })
        portal.forget()
        expect(yield* writeTo(portal, [], [link(1000, 1001)])).toMatchObject({ linked: 0, failed: [] })
        expect(portal.noted.filter((request) => !isRead(request))).toEqual([])
      }),
    ))

  it("does not count as news: facts say the same before and after", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(20)))
        const said = (facts: ReadonlyArray<string>) => facts.map((statement) => statement.replace(/ \d+ /, " "))
        const before = yield* on(portal, pull())
        yield* writeTo(
          portal,
          Array.from({ length: 20 }, (_, index) => standing(1000 + index)),
        )
        const after = yield* on(portal, pull())
        expect(said(statements(after.facts))).toEqual(said(statements(before.facts)))
        expect(statements(after.facts)).not.toEqual(statements(before.facts))
      }),
    ))

  it("says what to do when a property of ours has another type already", () =>
    run(
      Effect.gen(function* () {
        const portal = yield* open(world(contacts(2)))
        const property = {
          name: "adv_score",
          label: "Score",
          groupName: "contactinformation",
          type: "string",
          fieldType: "text",
        }
        yield* Effect.promise(() => portal.control("/crm/properties/2026-09/contacts", property))
        const result = yield* Effect.result(writeTo(portal, [standing(1000)]))
        expect(Result.isFailure(result) && "message" in result.failure && result.failure.message).toMatch(
          /adv_score is string, not number, choose another writeBackPrefix/,
        )
      }),
    ))
})
