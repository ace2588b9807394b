/** Workflow actions from the wire to the facts and back: what is answered, done once, refused, and completed later. */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import * as HubSpot from "@advocacy-kit/hubspot"
import { Deferred, Effect } from "effect"
import { describe, expect, it } from "vitest"
import { actionsUrl, bodyOf, signedV2, signedV3, unwilling, willing, withActions, world } from "./actionAddress.ts"

const recorded = (tag: string) =>
  Effect.map(factsAt(Number.MAX_SAFE_INTEGER), (facts) => facts.filter(({ _tag }) => _tag === tag).length)

describe("a workflow action", () => {
  it("enrols a contact that nobody had read yet, once, and gives code and link", () =>
    withActions(({ act }) =>
      Effect.gen(function* () {
        const first = yield* act("adv_enrol_advocate")
        expect(first).toMatchObject({
          status: 200,
          errorCode: "",
          alreadyEnrolled: false,
          hs_execution_state: "SUCCESS",
          referralCode: expect.stringMatching(/^[0-9A-Z]{8}$/),
        })
        expect(first["referralLink"]).toBe(`https://shop.example/?ref=${String(first["referralCode"])}`)
        expect(yield* act("adv_enrol_advocate", { callback: "ap-1-1-1-2" })).toMatchObject({
          referralCode: first["referralCode"],
          alreadyEnrolled: true,
        })
        expect(yield* act("adv_get_referral_link")).toMatchObject({ referralCode: first["referralCode"] })
        expect([yield* recorded("Enrolled"), yield* recorded("AssetIssued")]).toEqual([1, 1])
      }),
    ))

  it("awards points once for each callback or key, however often it is delivered and at once", () =>
    withActions(({ act }) =>
      Effect.gen(function* () {
        const inputs = { points: "120", reason: "spoke at an event" }
        const twice = yield* Effect.all([act("adv_award_points", { inputs }), act("adv_award_points", { inputs })], {
          concurrency: "unbounded",
        })
        expect(twice.map(({ newBalance }) => newBalance)).toEqual([120, 120])
        const keyed = { inputs: { ...inputs, points: 30, dedupeKey: "ticket 81" } }
        yield* act("adv_award_points", { callback: "ap-2", ...keyed })
        expect(yield* act("adv_award_points", { callback: "ap-3", ...keyed })).toMatchObject({
          newBalance: 150,
          lifetimePoints: 150,
          alreadyAwarded: true,
        })
        expect(
          yield* act("adv_award_points", { callback: "ap-4", inputs: { points: "-500", reason: "by mistake" } }),
        ).toMatchObject({ status: 200, hs_execution_state: "FAIL_CONTINUE", errorCode: "NOT_ENOUGH" })
        expect(yield* act("adv_check_tier", { callback: "ap-5" })).toMatchObject({ isAdvocate: false, points: 150 })
      }),
    ))

  it("invites whom it may, shows code and link on the contact, and leaves the others in peace", () =>
    withActions(({ act, portalUrl, token }) =>
      Effect.gen(function* () {
        expect(yield* act("adv_send_referral_invite")).toMatchObject({ errorCode: "NOT_ENROLLED" })
        const { referralCode } = yield* act("adv_enrol_advocate", { callback: "ap-2" })
        expect(yield* act("adv_send_referral_invite", { callback: "ap-3" })).toMatchObject({
          hs_execution_state: "SUCCESS",
          referralCode,
        })
        const contact = yield* Effect.promise(async () => {
          const answer = await fetch(
            `${portalUrl}/crm/objects/2026-09/contacts/${willing}?properties=adv_referral_link,adv_referral_code`,
            { headers: { Authorization: `Bearer ${token}` } },
          )
          return (await answer.json()) as { readonly properties: Readonly<Record<string, string>> }
        })
        expect(contact.properties).toMatchObject({
          adv_referral_code: referralCode,
          adv_referral_link: `https://shop.example/?ref=${String(referralCode)}`,
        })
        expect(yield* act("adv_send_referral_invite", { callback: "ap-4" })).toMatchObject({
          errorCode: "ASKED_LATELY",
        })
        expect(
          yield* act("adv_request_reference", { callback: "ap-5", inputs: { minimumDaysBetween: "0" } }),
        ).toMatchObject({ errorCode: "" })
        yield* act("adv_enrol_advocate", { callback: "ap-6", contact: unwilling })
        expect(yield* act("adv_send_referral_invite", { callback: "ap-7", contact: unwilling })).toMatchObject({
          errorCode: "OPTED_OUT",
        })
        expect(yield* recorded("AskSent")).toBe(2)
      }),
    ))

  it("records a conversion that no shop knows, with its code", () =>
    withActions(({ act }) =>
      Effect.gen(function* () {
        const inputs = { amount: "49.90", currency: "eur", code: "ADA", dedupeKey: "receipt 7" }
        expect(yield* act("adv_record_conversion", { inputs })).toMatchObject({ alreadyRecorded: false, errorCode: "" })
        expect(yield* act("adv_record_conversion", { callback: "ap-2", inputs })).toMatchObject({
          alreadyRecorded: true,
        })
        const orders = (yield* factsAt(Number.MAX_SAFE_INTEGER)).filter(({ _tag }) => _tag === "OrderPlaced")
        expect(orders).toMatchObject([
          { customer: `hubspot:contact/${willing}`, currency: "EUR", lines: [{ amountMinor: 4_990n }] },
        ])
      }),
    ))

  it.each([
    ["adv_award_points", { points: "a lot", reason: "x" }, "Points"],
    ["adv_award_points", { points: "10" }, "Reason"],
    ["adv_record_conversion", { amount: "-5" }, "Amount"],
    ["adv_record_conversion", { amount: "5.001", currency: "EUR" }, "Amount"],
    ["adv_record_conversion", { amount: "5", currency: "XXQ" }, "Currency"],
    ["adv_send_referral_invite", { minimumDaysBetween: "-1" }, "Days"],
  ])("%s with %j is answered with the field that is wrong, and changes nothing", (action, inputs, field) =>
    withActions(({ act }) =>
      Effect.gen(function* () {
        const answer = yield* act(action, { inputs })
        expect(answer).toMatchObject({ status: 200, errorCode: "INVALID_INPUT" })
        expect(answer["errorMessage"]).toContain(field)
        expect([yield* recorded("ValueAdjusted"), yield* recorded("OrderPlaced")]).toEqual([0, 0])
      }),
    ),
  )

  it("says that the program or the contact does not exist", () =>
    withActions(({ act }) =>
      Effect.gen(function* () {
        expect(yield* act("adv_enrol_advocate", { inputs: { program: "other" } })).toMatchObject({
          errorCode: "PROGRAM_CLOSED",
        })
        expect(yield* act("adv_enrol_advocate", { contact: "999999999999" })).toMatchObject({ errorCode: "NOT_FOUND" })
      }),
    ))

  it("is answered for either signature, and for no other request", () =>
    withActions(({ post }) =>
      Effect.gen(function* () {
        const [path, body] = ["adv_check_tier", bodyOf({})]
        const status = (headers: Readonly<Record<string, string>>, to = path, sent = body) =>
          Effect.map(post(to, sent, headers), (answer) => answer.status)
        expect(yield* status(signedV2(path, body))).toBe(200)
        expect(yield* status(signedV3(path, body))).toBe(200)
        expect(yield* status({})).toBe(401)
        expect(yield* status(signedV2(path, `${body} `))).toBe(401)
        expect(yield* status(signedV3(path, body, Date.now() - 400_000))).toBe(401)
        // A wrong signature of version 3 is not saved by a right one of version 2.
        expect(yield* status({ ...signedV2(path, body), ...signedV3(path, "other") })).toBe(401)
        expect(yield* status(signedV3("adv_award_points", body))).toBe(401)
        expect(yield* status(signedV3("adv_nothing", body), "adv_nothing")).toBe(404)
        expect(yield* status(signedV3("%E0%A4", body), "%E0%A4")).toBe(404)
        const other = bodyOf({ portal: 1 })
        expect(yield* status(signedV3(path, other), path, other)).toBe(503)
        expect(yield* status(signedV3(path, "{}"), path, "{}")).toBe(400)
      }),
    ))

  it("offers the programs that there are", () =>
    withActions(({ post }) =>
      Effect.gen(function* () {
        const body = JSON.stringify({ origin: { portalId: world.brand.portalId }, fetchOptions: { q: "REFER" } })
        const answer = yield* post("options/program", body, signedV3("options/program", body))
        expect(yield* Effect.promise(() => answer.json())).toEqual({
          options: [{ label: "refer-a-friend", value: "refer-a-friend" }],
          searchable: true,
        })
      }),
    ))
})

describe("an action that takes too long", () => {
  it("blocks, is kept, and is done and completed later, once", () =>
    withActions(() =>
      Effect.gen(function* () {
        const call = {
          action: "adv_award_points",
          callbackId: "ap-9",
          portalId: String(world.brand.portalId),
          contact: willing,
          inputs: { program: "refer-a-friend", points: "40", reason: "late" },
        }
        // As after a crash: what had begun does not go on by itself.
        const never = HubSpot.HubSpotActions.of({ ...(yield* HubSpot.HubSpotActions), perform: () => Effect.never })
        const blocked = yield* HubSpot.ActionWork.answer(call, 0).pipe(
          Effect.provideService(HubSpot.HubSpotActions, never),
        )
        expect(blocked).toEqual({ hs_execution_state: "BLOCK", hs_expiration_duration: "P1D" })
        const inbox = yield* Inbox
        expect(yield* inbox.counts).toMatchObject({ open: 1 })
        const told: Array<string> = []
        const actions = yield* HubSpot.HubSpotActions
        const noting = HubSpot.HubSpotActions.of({
          ...actions,
          complete: (callback, outcome) =>
            Effect.sync(() => {
              told.push(`${callback} ${outcome.state}`)
              return true
            }),
        })
        const work = HubSpot.ActionWork.workOff().pipe(Effect.provideService(HubSpot.HubSpotActions, noting))
        expect([yield* work, yield* work]).toEqual([1, 0])
        expect(told).toEqual(["ap-9 SUCCESS"])
        expect(yield* inbox.counts).toMatchObject({ open: 0, done: 1 })
        expect(yield* recorded("ValueAdjusted")).toBe(1)
      }),
    ))
})

describe("an action that takes a little too long", () => {
  it("goes on by itself, is completed once HubSpot has the block, and is settled", () =>
    withActions(() =>
      Effect.gen(function* () {
        const told: Array<string> = []
        const release = yield* Deferred.make<void>()
        const completed = yield* Deferred.make<void>()
        const actions = yield* HubSpot.HubSpotActions
        const slow = HubSpot.HubSpotActions.of({
          ...actions,
          perform: (call, asOf) => Effect.andThen(Deferred.await(release), actions.perform(call, asOf)),
          complete: (callback, outcome) =>
            Effect.andThen(
              Effect.sync(() => told.push(`${callback} ${outcome.state}`)),
              Effect.as(Deferred.succeed(completed, undefined), true),
            ),
        })
        const call = {
          action: "adv_enrol_advocate",
          callbackId: "ap-10",
          portalId: String(world.brand.portalId),
          contact: willing,
          inputs: { program: "refer-a-friend" },
        }
        const blocked = yield* HubSpot.ActionWork.answer(call, 0).pipe(
          Effect.provideService(HubSpot.HubSpotActions, slow),
        )
        expect(blocked).toMatchObject({ hs_execution_state: "BLOCK" })
        yield* Deferred.succeed(release, undefined)
        yield* Deferred.await(completed)
        expect(told).toEqual(["ap-10 SUCCESS"])
        expect(yield* recorded("Enrolled")).toBe(1)
        const inbox = yield* Inbox
        while ((yield* inbox.counts).open > 0) yield* Effect.sleep(10)
      }),
    ))
})

describe("the project of the app", () => {
  it("has a file for each action, with the address that is signed", () => {
    const files = HubSpot.projectFiles({
      name: "Acme advocacy",
      baseUrl: "https://advocacy.example/",
      supportEmail: "help@acme.example",
      auth: "static",
    })
    expect([...files.keys()].slice(0, 3)).toEqual([
      "hsproject.json",
      "src/app/app-hsmeta.json",
      "src/app/webhooks/webhooks-hsmeta.json",
    ])
    expect(files.size).toBe(3 + HubSpot.actions.length)
    const award = JSON.parse(files.get("src/app/workflow-actions/adv-award-points-hsmeta.json") ?? "{}")
    expect(award).toMatchObject({
      uid: "adv_award_points",
      type: "workflow-action",
      config: { actionUrl: `${actionsUrl}/adv_award_points`, objectTypes: ["CONTACT"] },
    })
    expect(award.config.inputFields[0].typeDefinition.optionsUrl).toBe(`${actionsUrl}/options/program`)
  })
})
