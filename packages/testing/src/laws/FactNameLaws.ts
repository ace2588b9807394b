/**
 * What every fact log must keep when facts are found by name and handles by who is joined, as laws.
 *
 * They belong to `FactLogLaws`; each has a store in `broken/FactNameBroken.ts` that breaks it and no other.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as Mention from "@advocacy-kit/core/fact/Mention"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import * as Law from "../Law.ts"
import * as Scenario from "../Scenario.ts"

/** Later than every fact of these laws. */
const forever = Instant.fromIso("9000-01-01T00:00:00Z")

type Wanted = Parameters<FactLog["Service"]["mentioning"]>[0]

const tell = (...facts: ReadonlyArray<Fact.Fact>) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const named = (wanted: Partial<Wanted> & Pick<Wanted, "names">) =>
  Effect.flatMap(FactLog, (log) => log.mentioning({ asOf: forever, ...wanted }))
const people = (asOf: Instant.Instant, ...handles: ReadonlyArray<Handle>) =>
  Effect.flatMap(FactLog, (log) => log.joined({ handles, asOf }))
/** Everybody, whichever people they are. */
const joined = (asOf: Instant.Instant, ...handles: ReadonlyArray<Handle>) =>
  Effect.map(people(asOf, ...handles), (found) => sorted(...found.flat()))

const sorted = (...handles: ReadonlyArray<Handle>) => [...handles].sort(ByteOrder.compare)

const { customerOf, contactOf, emailOf, orderOf } = Scenario

const head = (key: string, day: number, version = 0) => ({
  key: Fact.key(key),
  version,
  rank: Fact.rank.own,
  occurredAt: Scenario.at({ day }),
})

const merge = (key: string, day: number, into: Handle, ...from: ReadonlyArray<Handle>): Fact.PeopleMerged => ({
  _tag: "PeopleMerged",
  ...head(key, day),
  into,
  from,
})

const undoing = (key: string, day: number, version: number, undone: string): Fact.MergeUndone => ({
  _tag: "MergeUndone",
  ...head(key, day, version),
  merge: Fact.key(undone),
})

const commitment = (cause: string): Fact.RewardCommitted => ({
  _tag: "RewardCommitted",
  ...head("advocacy:commitment/1", 3),
  credit: `refer-a-friend|refer|${cause}|advocate|`,
  ordinal: 1,
  beneficiary: customerOf(2),
  unit: "EUR",
  amountMinor: 2_000n,
  terms: "0".repeat(64),
})

const ofNames: ReadonlyArray<Law.Law<FactLog>> = [
  Law.make(
    "a fact is found by each of its names",
    Effect.gen(function* () {
      const order = Scenario.order({
        order: 1,
        customer: 1,
        email: "ada@example.com",
        code: " ada-20 ",
        attributes: { ref: "bob" },
        visits: [{ at: Scenario.at({}), code: "cleo", source: null }],
        soft: ["device:1" as Handle],
      })
      const refund = Scenario.refund({ order: 1, refund: 1, amount: "5" })
      const committed = commitment("shopify:order/1|2")
      yield* tell(order, refund, committed)
      const expected: ReadonlyArray<readonly [name: string, facts: ReadonlyArray<Fact.Fact>]> = [
        [customerOf(1), [order]],
        [emailOf("ada@example.com"), [order]],
        ["device:1", [order]],
        ["code:ADA-20", [order]],
        ["code:BOB", [order]],
        ["code:CLEO", [order]],
        [orderOf(1), [order, refund]],
        ["shopify:order/1|2", [committed]],
        [customerOf(2), [committed]],
        [customerOf(3), []],
      ]
      for (const [name, facts] of expected)
        yield* Law.same(yield* named({ names: [name] }), facts, `what ${name} finds`)
    }),
  ),
  Law.make(
    "whatever a buyer types is stored and found",
    Effect.gen(function* () {
      const typed = ["", " ", "x".repeat(5_000), `x${"😀".repeat(150)}`, "\\ud83d", "é".repeat(199), "ß".repeat(150)]
      const order = Scenario.order({
        order: 1,
        attributes: Object.fromEntries(typed.map((text, index) => [`${index}`, text])),
      })
      const committed = commitment(`shopify:order/${"o".repeat(5_000)}`)
      yield* tell(order, committed)
      for (const text of typed.filter((one) => one.trim() !== "")) {
        const name = Mention.codeName(text)
        yield* Law.same(yield* named({ names: [name] }), [order], `what ${name.slice(0, 20)} finds`)
      }
      for (const name of Mention.namesOf(committed)) {
        yield* Law.same(yield* named({ names: [name] }), [committed], `what ${name.slice(0, 20)} finds`)
      }
    }),
  ),
  Law.make(
    "a name that only an older version has finds nothing, whichever comes first",
    Effect.gen(function* () {
      const versions = (order: number) => [
        Scenario.order({ order, customer: 1, version: 1 }),
        Scenario.order({ order, customer: 2, version: 2 }),
      ]
      yield* Effect.forEach(versions(1), (fact) => tell(fact))
      yield* Effect.forEach(versions(2).reverse(), (fact) => tell(fact))
      yield* Law.same(yield* named({ names: [customerOf(1)] }), [], "what the customer of older versions finds")
      yield* Law.same(
        (yield* named({ names: [customerOf(2)] })).map(({ key }) => key),
        [orderOf(1), orderOf(2)],
        "what the customer of the newest versions finds",
      )
    }),
  ),
  Law.make(
    "what is found by name is the newest version, which is asked for its time then",
    Effect.gen(function* () {
      const [before, after] = [
        Scenario.order({ order: 1, customer: 1, day: 1 }),
        Scenario.order({ order: 1, customer: 1, version: 2, day: 5 }),
      ]
      yield* tell(before)
      yield* tell(after)
      const names = [customerOf(1)]
      yield* Law.same(yield* named({ names, asOf: Scenario.at({ day: 3 }) }), [], "what is found before")
      yield* Law.same(yield* named({ names, asOf: after.occurredAt }), [after], "what is found at the moment itself")
    }),
  ),
  Law.make(
    "of what a name finds only the wanted kinds come",
    Effect.gen(function* () {
      const [order, asset] = [Scenario.order({ order: 1, customer: 1 }), Scenario.asset({ code: "A", owner: 1 })]
      yield* tell(order, asset, Scenario.person({ customer: 1 }))
      const tags: ReadonlyArray<Fact.FactTag> = ["AssetIssued", "OrderPlaced"]
      yield* Law.same(yield* named({ names: [customerOf(1)], tags }), [asset, order], "orders and codes")
    }),
  ),
  Law.make(
    "of what a name finds only what occurred from the moment asked for comes",
    Effect.gen(function* () {
      const [first, second] = [
        Scenario.order({ order: 1, customer: 1, day: 1 }),
        Scenario.order({ order: 2, customer: 1, day: 2 }),
      ]
      yield* tell(first, second)
      const names = [customerOf(1)]
      yield* Law.same(yield* named({ names, from: first.occurredAt }), [first, second], "from the first on")
      yield* Law.same(yield* named({ names, from: first.occurredAt + 1 }), [second], "from a millisecond later")
    }),
  ),
  Law.make(
    "facts that several names find come once, in the byte order of their keys",
    Effect.gen(function* () {
      const ids = ["9", "10", "！", "😀"]
      yield* tell(...ids.map((order) => Scenario.order({ order, customer: 1, email: "ada@example.com" })))
      yield* Law.same(
        (yield* named({ names: [emailOf("ada@example.com"), customerOf(1), customerOf(1)] })).map(({ key }) => key),
        ["10", "9", "！", "😀"].map((id) => orderOf(id)),
        "the keys",
      )
    }),
  ),
]

const ofJoins: ReadonlyArray<Law.Law<FactLog>> = [
  Law.make(
    "who is joined through others is one person, in byte order, and an unknown handle is one of its own",
    Effect.gen(function* () {
      const contact: Fact.PersonSeen = {
        ...Scenario.person({ customer: 1 }),
        key: Fact.key(contactOf(1)),
        person: contactOf(1),
        aliases: [emailOf("ada@example.com")],
      }
      yield* tell(
        Scenario.person({ customer: 1, email: "ada@example.com", mergedFrom: [2] }),
        contact,
        merge("hubspot:merge/1", 1, contactOf(1), contactOf(2)),
        Scenario.person({ customer: 9, email: "zoe@example.com" }),
      )
      const ada = sorted(customerOf(1), customerOf(2), contactOf(1), contactOf(2), emailOf("ada@example.com"))
      yield* Law.same(yield* joined(forever, customerOf(2)), ada, "everybody joined with a merged record")
      yield* Law.same(
        yield* people(forever, customerOf(7), contactOf(2), customerOf(2)),
        [ada, [customerOf(7)]].sort(([left = ""], [right = ""]) => ByteOrder.compare(left, right)),
        "the people behind three handles",
      )
    }),
  ),
  Law.make(
    "an alias that only an older version of a record has joins nobody",
    Effect.gen(function* () {
      yield* tell(Scenario.person({ customer: 1, email: "old@example.com", version: 1 }))
      yield* tell(Scenario.person({ customer: 1, email: "new@example.com", version: 2 }))
      yield* Law.same(
        yield* joined(forever, emailOf("old@example.com")),
        [emailOf("old@example.com")],
        "who is joined with the older alias",
      )
      yield* Law.same(
        yield* joined(forever, customerOf(1)),
        sorted(customerOf(1), emailOf("new@example.com")),
        "who is joined with the record",
      )
    }),
  ),
  Law.make(
    "people are joined as at the time asked for",
    Effect.gen(function* () {
      yield* tell(Scenario.person({ customer: 1, email: "ada@example.com", day: 5 }))
      const at = Scenario.at({ day: 5 })
      const all = sorted(customerOf(1), emailOf("ada@example.com"))
      yield* Law.same(yield* joined(at, customerOf(1)), all, "who is joined at the moment itself")
      yield* Law.same(yield* joined(at - 1, customerOf(1)), [customerOf(1)], "who is joined a millisecond before")
    }),
  ),
  Law.make(
    "a merge that was taken back joins nobody from that moment on",
    Effect.gen(function* () {
      yield* tell(
        merge("hubspot:merge/1", 1, contactOf(1), contactOf(2)),
        undoing("hubspot:undo/1", 5, 0, "hubspot:merge/1"),
      )
      const at = Scenario.at({ day: 5 })
      yield* Law.same(yield* joined(at - 1, contactOf(1)), sorted(contactOf(1), contactOf(2)), "who is joined before")
      yield* Law.same(yield* joined(at, contactOf(1)), [contactOf(1)], "who is joined then")
    }),
  ),
  Law.make(
    "what was said to be taken back and is not after all joins again",
    Effect.gen(function* () {
      yield* tell(
        merge("hubspot:merge/1", 1, contactOf(1), contactOf(2)),
        undoing("hubspot:undo/1", 5, 1, "hubspot:merge/1"),
      )
      yield* tell(undoing("hubspot:undo/1", 5, 2, "hubspot:merge/2"))
      yield* Law.same(yield* joined(forever, contactOf(1)), sorted(contactOf(1), contactOf(2)), "who is joined")
    }),
  ),
  Law.make(
    "soft signs and companies join nobody",
    Effect.gen(function* () {
      const [device, company] = ["device:1" as Handle, "hubspot:company/1" as Handle]
      for (const customer of [1, 2]) {
        yield* tell({ ...Scenario.person({ customer, soft: [device] }), companies: [company] })
      }
      yield* Law.same(
        yield* joined(forever, customerOf(1), device, company),
        sorted(customerOf(1), device, company),
        "who is joined",
      )
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<FactLog>> = [...ofNames, ...ofJoins]
