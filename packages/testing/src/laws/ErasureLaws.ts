/**
 * What every set of stores must keep when a person is erased, as laws.
 *
 * Each promise of `Erasure`'s header has at least one law here, and each law stores in `broken/ErasureBroken.ts` that break it and
 * no other. They look through the ports alone: fact log, ledger with outbox, inbox.
 */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { Erasure } from "@advocacy-kit/core/fact/Erasure"
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog, type FactBatch } from "@advocacy-kit/core/fact/FactLog"
import { tombstone, type Handle } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Stream } from "effect"
import * as Law from "../Law.ts"
import * as PostingScenario from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"

export type Stores = FactLog | Ledger | Inbox | Erasure

const forever = Instant.fromIso("9000-01-01T00:00:00Z")
const erasedAt = Scenario.at({ day: 10 })
const address = "ada@example.com"
const ada = Scenario.customerOf(1)
const adasEmail = Scenario.emailOf(address)

const append = (batch: Partial<FactBatch>) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts: [], personal: [], ...batch }))
const tell = (...facts: ReadonlyArray<Fact.Fact>) => append({ facts })
const ofKind = (...tags: ReadonlyArray<Fact.FactTag>) =>
  Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: forever, tags })))
const erase = (...handles: ReadonlyArray<Handle>) =>
  Effect.flatMap(Erasure, (erasure) => erasure.erase({ handles, at: erasedAt, by: "a law", reason: "it says so" }))
const stone = (handle: Handle) => Effect.map(CurrentTenant, ({ handleKey }) => tombstone(handleKey, handle))
const personal = (...handles: ReadonlyArray<Handle>) =>
  Effect.flatMap(FactLog, (log) => Effect.map(log.personal(handles), (values) => Object.fromEntries(values)))

const factLaws: ReadonlyArray<Law.Law<Stores>> = [
  Law.make(
    "what occurred by an erasure carries the tombstone, and other people's handles stay",
    Effect.gen(function* () {
      const [hers, his] = [
        Scenario.order({ order: 1, customer: 1, day: 1 }),
        Scenario.order({ order: 2, customer: 12, day: 1 }),
      ]
      yield* tell(hers, his)
      yield* erase(ada)
      const expected = [{ ...hers, customer: yield* stone(ada) }, his]
      yield* Law.same(yield* ofKind("OrderPlaced"), expected, "the orders")
    }),
  ),
  Law.make(
    "everybody whom facts join to the person is erased with them",
    Effect.gen(function* () {
      yield* tell(
        Scenario.person({ customer: 1, email: address }),
        Scenario.person({ customer: 2, email: "zoe@example.com" }),
      )
      yield* erase(adasEmail)
      const people = (yield* ofKind("PersonSeen")).flatMap((fact) => (fact._tag === "PersonSeen" ? [fact.person] : []))
      yield* Law.same([...people].sort(), [yield* stone(ada), Scenario.customerOf(2)].sort(), "the people")
    }),
  ),
  Law.make(
    "a fact that occurred earlier carries the tombstone when it arrives later",
    Effect.gen(function* () {
      yield* erase(adasEmail)
      const visit = Scenario.visit({ code: "FRIEND", email: address, day: 1 })
      yield* tell(visit)
      const visitors = (yield* ofKind("LinkVisited")).flatMap((fact) =>
        fact._tag === "LinkVisited" ? [fact.visitor] : [],
      )
      yield* Law.same(visitors, [yield* stone(adasEmail)], "who visited")
    }),
  ),
  Law.make(
    "a fact that occurred later keeps the handle, and it is told that the person came back",
    Effect.gen(function* () {
      yield* erase(adasEmail)
      const invitation = Scenario.invitation({ code: "FRIEND", friend: address, day: 20 })
      yield* tell(invitation)
      yield* Law.same(yield* ofKind("InvitationSent"), [invitation], "what occurred later")
      const returned = (yield* ofKind("PersonReturned")).flatMap((fact) =>
        fact._tag === "PersonReturned" ? [[fact.person, fact.tombstone, fact.occurredAt]] : [],
      )
      yield* Law.same(returned, [[adasEmail, yield* stone(adasEmail), erasedAt]], "who came back")
    }),
  ),
  Law.make(
    "an earlier record that arrives later and is joined to an erased person is erased too, and so are its other facts",
    Effect.gen(function* () {
      const contact = Scenario.contactOf(9)
      const answer: Fact.SurveyAnswered = { ...Scenario.answer({ customer: 1, score: 9, day: 1 }), person: contact }
      yield* erase(adasEmail)
      yield* tell(answer)
      yield* tell({ ...Scenario.person({ customer: 9, email: address }), person: contact })
      const people = (yield* ofKind("SurveyAnswered")).flatMap((fact) =>
        fact._tag === "SurveyAnswered" ? [fact.person] : [],
      )
      yield* Law.same(people, [yield* stone(contact)], "who answered")
    }),
  ),
  Law.make(
    "what an erasure tells of is found by name and is among the changes, like any other fact",
    Effect.gen(function* () {
      const log = yield* FactLog
      yield* tell(Scenario.invitation({ code: "FRIEND", friend: address, day: 20 }))
      yield* erase(adasEmail)
      const tags = ["PersonErased", "PersonReturned"] as const
      const names = [adasEmail, yield* stone(adasEmail)]
      const found = (yield* log.mentioning({ names, asOf: forever, tags })).map(({ _tag }) => _tag)
      const changed = (yield* log.changes({ asOf: forever, limit: 100 })).map(({ tag }) => tag)
      yield* Law.same(found.sort(), tags, "what is found by the tombstone and the handle")
      yield* Law.same(changed.sort(), ["InvitationSent", ...tags], "what has changed")
    }),
  ),
  Law.make(
    "what occurred later is found by the handle that it keeps, and joins, after the erasure as before",
    Effect.gen(function* () {
      const log = yield* FactLog
      const invitation = Scenario.invitation({ code: "FRIEND", friend: address, day: 20 })
      const record = { ...Scenario.person({ customer: 2, email: address }), occurredAt: Scenario.at({ day: 20 }) }
      yield* tell(invitation, record)
      yield* log.settle(yield* log.changes({ asOf: forever, limit: 100 }))
      yield* erase(adasEmail)
      const wanted = { names: [adasEmail], asOf: forever, tags: ["InvitationSent", "PersonSeen"] } as const
      const found = (yield* log.mentioning(wanted)).map(({ key }) => key)
      yield* Law.same([...found].sort(), [invitation.key, record.key].sort(), "what is found by the handle")
      const joined = yield* log.joined({ handles: [adasEmail], asOf: forever })
      yield* Law.same(joined, [[adasEmail, Scenario.customerOf(2)].sort()], "who is one person")
    }),
  ),
]

const valueLaws: ReadonlyArray<Law.Law<Stores>> = [
  Law.make(
    "personal values are destroyed with the person",
    Effect.gen(function* () {
      const zoe = Scenario.emailOf("zoe@example.com")
      yield* append({
        personal: [
          { handle: adasEmail, value: address },
          { handle: zoe, value: "zoe@example.com" },
        ],
      })
      yield* erase(adasEmail)
      yield* Law.same(yield* personal(adasEmail, zoe), { [zoe]: "zoe@example.com" }, "the values")
    }),
  ),
  Law.make(
    "a personal value that comes with an earlier fact is not stored again",
    Effect.gen(function* () {
      yield* erase(ada)
      yield* append({ personal: [{ handle: ada, value: "Ada" }] })
      yield* Law.same(yield* personal(ada), {}, "the values")
    }),
  ),
  Law.make(
    "a waiting message that names the person keeps ids alone",
    Effect.gen(function* () {
      const inbox = yield* Inbox
      const handle = Scenario.emailOf("inbox@example.com")
      const bodyOf = (email: string) => new TextEncoder().encode(JSON.stringify({ id: 7, email, total: "5.00" }))
      const delivery = (eventKey: string, email: string) => ({
        source: "shop",
        eventKey,
        topic: "orders/create",
        receivedAt: 1,
        body: bodyOf(email),
      })
      yield* append({ personal: [{ handle, value: "Inbox@example.com" }] })
      yield* inbox.accept([delivery("1", "inbox@example.com"), delivery("2", "zoe@example.com")])
      yield* erase(handle)
      const bodies = (yield* inbox.claim("shop", 9)).map(({ body }) => new TextDecoder().decode(body))
      yield* Law.same(
        [...bodies].sort(),
        ['{"id":7,"email":"zoe@example.com","total":"5.00"}', '{"id":7}'].sort(),
        "the messages",
      )
    }),
  ),
]

const ledgerLaws: ReadonlyArray<Law.Law<Stores>> = [
  Law.make(
    "accounts take the tombstone's name and keep their sums, other people's as they were",
    Effect.gen(function* () {
      const ledger = yield* Ledger
      const legs = PostingScenario.legs(500n, { customer: 12 })
      yield* ledger.commit({
        revisions: [
          PostingScenario.revision({ order: 1 }),
          PostingScenario.revision({ order: 2, amountMinor: 500n, legs }),
        ],
        effects: [],
        undo: [],
      })
      yield* erase(ada)
      const balances = (yield* ledger.balances).map(({ account, amountMinor }) => [account, amountMinor])
      yield* Law.same(
        Object.fromEntries(balances),
        {
          [`${yield* stone(ada)}#pending`]: 2_000n,
          [`${Scenario.customerOf(12)}#pending`]: 500n,
          [`program:${PostingScenario.program}#granted`]: -2_500n,
        },
        "the balances",
      )
    }),
  ),
  Law.make(
    "whose credits there are, and what of them is open or expired, is known after an erasure as before",
    Effect.gen(function* () {
      const ledger = yield* Ledger
      const expired = PostingScenario.revision({
        order: 2,
        legs: PostingScenario.legs(2_000n, { customer: 12, maturity: "expired" }),
      })
      const of12 = { ...expired, credit: { ...expired.credit, beneficiary: Scenario.customerOf(12) } }
      yield* ledger.commit({ revisions: [PostingScenario.revision({ order: 1 }), of12], effects: [], undo: [] })
      yield* erase(ada)
      const beneficiaries = [yield* stone(ada), Scenario.customerOf(12)]
      for (const which of ["any", "open"] as const) {
        const found = yield* ledger.creditedTo({ program: PostingScenario.program, beneficiaries, which })
        yield* Law.same(
          found.map(({ beneficiary }) => beneficiary),
          beneficiaries,
          `whose credits there are, ${which} of them`,
        )
      }
    }),
  ),
  Law.make(
    "a planned effect for the person is undone",
    Effect.gen(function* () {
      const ledger = yield* Ledger
      yield* ledger.commit({ revisions: [], effects: [PostingScenario.reward({ order: 1 })], undo: [] })
      yield* erase(ada)
      const states = (yield* ledger.effects({ states: ["planned", "undone"] })).map(({ state }) => state)
      yield* Law.same(states, ["undone"], "the states of the effects")
    }),
  ),
  Law.make(
    "what was decided before an erasure is refused as overtaken",
    Effect.gen(function* () {
      const [ledger, log] = [yield* Ledger, yield* FactLog]
      const erasures = yield* log.erasures
      yield* erase(ada)
      const { reason } = yield* Law.refused(
        ledger.commit({ revisions: [PostingScenario.revision({ order: 7 })], effects: [], undo: [], erasures }),
        "a commit from before",
      )
      yield* Law.same(reason._tag, "Overtaken", "the reason")
      yield* Law.same((yield* ledger.balances).length, 0, "the number of balances")
    }),
  ),
]

const tenantLaw: Law.Law<Stores> = Law.make(
  "no tenant's erasure touches another's facts",
  Effect.gen(function* () {
    const refund = Scenario.refund({ order: 1, refund: 1, amount: "5" })
    const enrolled: Fact.Enrolled = {
      _tag: "Enrolled",
      key: refund.key,
      version: 0,
      rank: refund.rank,
      occurredAt: Scenario.at({ day: 1 }),
      program: "refer-a-friend",
      person: ada,
      via: "manual",
    }
    yield* tell(enrolled)
    yield* Law.asFreshTenant(erase(ada))
    yield* Law.same(yield* ofKind("Enrolled"), [enrolled], "the facts of another tenant")
  }),
)

export const laws: ReadonlyArray<Law.Law<Stores>> = [...factLaws, ...valueLaws, ...ledgerLaws, tenantLaw]
