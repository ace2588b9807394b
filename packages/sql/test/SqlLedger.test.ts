import type { Account } from "@advocacy-kit/core/ledger/Credit"
import { type Commit, Ledger, type Revision } from "@advocacy-kit/core/ledger/Ledger"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { plannedRow, type State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { TenantTransaction } from "@advocacy-kit/sql"
import { Effect, Exit, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { expect, test } from "vitest"
import { errorOf, onEachEngine } from "./Engines.ts"
import { invitation, revision, reward } from "./Examples.ts"

const commit = (wanted: Partial<Commit>) =>
  Effect.flatMap(Ledger, (ledger) => ledger.commit({ revisions: [], effects: [], undo: [], ...wanted }))
const posted = (program: string) => Effect.flatMap(Ledger, (ledger) => ledger.posted(program))
const balances = Effect.flatMap(Ledger, (ledger) => ledger.balances)
const inState = (...states: ReadonlyArray<State>) => Effect.flatMap(Ledger, (ledger) => ledger.effects({ states }))

onEachEngine("ledger", ({ run }) => {
  test("a credit's revisions add up, and its last one is what stands", async () => {
    const huge = 10n ** 30n
    const first = revision("sums", "o1", huge)
    const second: Revision = {
      ...revision("sums", "o1", huge - 5n, 2),
      legs: first.legs.map(({ account, amountMinor }) => ({ account, amountMinor: amountMinor > 0n ? -5n : 5n })),
    }
    await run(commit({ revisions: [first, revision("other", "o9", 3n)] }), "sums")
    await run(commit({ revisions: [second] }), "sums")
    const now = (await run(posted("sums"), "sums")).get(first.key)
    expect(now?.revision).toBe(2)
    expect(now?.credit).toEqual(second.credit)
    expect(now?.legs).toEqual([...second.credit.legs].sort((a, b) => (a.account < b.account ? -1 : 1)))
    expect(
      await run(
        Effect.flatMap(Ledger, (ledger) => ledger.history(first.key)),
        "sums",
      ),
    ).toMatchObject([first, second])
    expect(Object.keys(now?.credit.because[0]?.saw ?? {})).toEqual(["zone", "age"])
    expect((await run(posted("sums"), "sums")).size).toBe(1)
  })

  test("balances leave zeros out and come in account order", async () => {
    const granted = revision("balance", "o1", 700n)
    const taken = {
      ...revision("balance", "o1", 0n, 2),
      legs: granted.legs.map((leg) => ({ ...leg, amountMinor: -leg.amountMinor })),
    }
    await run(commit({ revisions: [granted, revision("balance", "o2", 40n)] }), "balance")
    await run(commit({ revisions: [taken] }), "balance")
    expect(await run(balances, "balance")).toEqual([
      { account: "program:balance#granted", unit: "EUR", amountMinor: -40n },
      { account: "shopify:customer/o2#pending", unit: "EUR", amountMinor: 40n },
    ])
    expect((await run(posted("balance"), "balance")).get(granted.key)?.legs).toEqual([])
  })

  test("a revision that somebody posted first fails by name, with nothing of the commit stored", async () => {
    await run(commit({ revisions: [revision("late", "o1", 5n)] }), "late")
    const exit = await run(
      Effect.exit(
        commit({
          revisions: [revision("late", "o0", 5n), revision("late", "o1", 6n)],
          effects: [reward("late", "o0", 5n)],
        }),
      ),
      "late",
    )
    expect(errorOf(exit)).toContain("Overtaken")
    expect(errorOf(exit)).toContain(revision("late", "o1", 5n).key)
    expect((await run(posted("late"), "late")).size).toBe(1)
    expect(await run(inState("planned"), "late")).toEqual([])
    const twice = await run(
      Effect.exit(commit({ revisions: [revision("late", "o7", 5n), revision("late", "o7", 5n)] })),
      "late",
    )
    expect(errorOf(twice)).toContain("Overtaken")
  })

  test("of many workers with the same change exactly one posts it", async () => {
    const worker = Effect.exit(commit({ revisions: [revision("many", "o1", 5n), revision("many", "o2", 5n)] }))
    const exits = await run(
      Effect.all(
        Array.from({ length: 6 }, () => worker),
        { concurrency: 6 },
      ),
      "many",
    )
    expect(exits.filter(Exit.isSuccess)).toHaveLength(1)
    for (const exit of exits.filter(Exit.isFailure)) expect(errorOf(exit)).toContain("Overtaken")
    expect((await run(balances, "many")).map(({ amountMinor }) => amountMinor)).toEqual([-10n, 5n, 5n])
  })

  test("legs that do not sum to zero are refused by the code and by the database", async () => {
    const crooked = {
      ...revision("zero", "o1", 5n),
      legs: [{ account: "program:zero#granted" as Account, amountMinor: 1n }],
    }
    expect(errorOf(await run(Effect.exit(commit({ revisions: [crooked] })), "zero"))).toContain("Unbalanced")
    await run(commit({ revisions: [revision("zero", "o2", 5n)] }), "zero")
    const byHand = Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const key = revision("zero", "o2", 5n).key
      yield* TenantTransaction.make(sql).write(
        "post by hand",
        sql`INSERT INTO advocacy.posting VALUES ('zero', ${key}, 1, 8, 'x', 'EUR', 5), ('zero', ${key}, 1, 9, 'x', 'USD', -5)`,
      )
    })
    expect(errorOf(await run(Effect.exit(byHand), "zero"))).toContain("23514")
    expect((await run(balances, "zero")).map(({ amountMinor }) => amountMinor)).toEqual([-5n, 5n])
  })

  test("effects: planned once, replaced until begun, undone only before they began", async () => {
    const [a, b] = [reward("fx", "o1", 5n), reward("fx", "o2", 5n)]
    await run(commit({ effects: [b, a] }), "fx")
    await run(commit({ effects: [reward("fx", "o1", 9n)] }), "fx")
    expect(await run(inState("planned"), "fx")).toEqual([plannedRow(reward("fx", "o1", 9n)), plannedRow(b)])
    await run(
      Effect.flatMap(Ledger, (ledger) =>
        ledger.take({ platform: "shopify", at: 5, leasedUntil: 9, limit: { perMinute: 9, perSend: 1 } }),
      ),
      "fx",
    )
    await expect(run(commit({ undo: [a.key, b.key] }), "fx")).rejects.toMatchObject({ reason: { _tag: "Overtaken" } })
    await run(commit({ effects: [reward("fx", "o1", 1n)], undo: [b.key] }), "fx")
    expect(await run(inState("sending"), "fx")).toEqual([
      { ...plannedRow(reward("fx", "o1", 9n)), state: "sending", attempts: 1, dueAt: 9 },
    ])
    expect((await run(inState("undone"), "fx")).map(({ effect }) => effect.key)).toEqual([b.key])
    await run(commit({ effects: [b] }), "fx")
    expect(
      await run(
        Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: ["planned", "sending"], limit: 1 })),
        "fx",
      ),
    ).toHaveLength(1)
    expect(await run(inState("undone"), "fx")).toEqual([])
  })

  test("a move answers what it moved, keeps the note, and stores its facts with it", async () => {
    const [a, b] = [reward("move", "o1", 5n), reward("move", "o2", 5n)]
    await run(commit({ effects: [a, b] }), "move")
    const move = (to: State, from: State, note?: string) =>
      Effect.flatMap(Ledger, (ledger) =>
        ledger.move({
          changes: [a.key, b.key].map((key) => ({
            key,
            attempt: 0,
            to,
            dueAt: to === "sending" ? 5 : null,
            ...(note === undefined || key === b.key ? {} : { note }),
          })),
          from: [from],
          facts: (moved) => ({ facts: [...moved].map((key) => invitation(`${to}-${key.length}`)), personal: [] }),
        }),
      )
    expect(await run(move("confirmed", "sending"), "move")).toEqual(new Set())
    expect(await run(move("sending", "planned"), "move")).toEqual(new Set([a.key, b.key]))
    expect(await run(move("confirmed", "sending", "CODE-1"), "move")).toEqual(new Set([a.key, b.key]))
    expect((await run(inState("confirmed"), "move")).map(({ note }) => note)).toEqual(["CODE-1", null])
    const facts = await run(
      Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: 9e15 }))),
      "move",
    )
    expect(facts.map(({ key }) => key.split("-")[0])).toEqual(["own:invitation/confirmed", "own:invitation/sending"])
  })

  test("a move whose facts cannot be stored moves nothing", async () => {
    const a = reward("undo", "o1", 5n)
    await run(commit({ effects: [a] }), "undo")
    const moving = Effect.flatMap(Ledger, (ledger) =>
      ledger.move({
        changes: [{ key: a.key, attempt: 0, to: "sending", dueAt: 5 }],
        from: ["planned"],
        facts: () => ({ facts: [invitation("nul", { code: "\0" })], personal: [] }),
      }),
    )
    expect(errorOf(await run(Effect.exit(moving), "undo"))).toContain("Unstorable")
    expect(await run(inState("planned"), "undo")).toHaveLength(1)
  })

  test("ten thousand revisions in one commit take a few statements, not ten thousand", async () => {
    const revisions = Array.from({ length: 10_000 }, (_, index) => revision("bulk", `o${index}`, 5n))
    await run(commit({ revisions, effects: revisions.map(({ credit }) => reward("bulk", credit.cause, 5n)) }), "bulk")
    const after = await run(posted("bulk"), "bulk")
    expect(after.size).toBe(10_000)
    expect((await run(balances, "bulk"))[0]?.amountMinor).toBe(-50_000n)
  }, 30_000)
})
