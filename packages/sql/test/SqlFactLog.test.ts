import type { Checkpoint, FactBatch } from "@advocacy-kit/core/fact/FactLog"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { newest } from "@advocacy-kit/core/fact/FactVersion"
import { email } from "@advocacy-kit/core/id/Handle"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { expect, test } from "vitest"
import { errorOf, onEachEngine } from "./Engines.ts"
import { invitation, order } from "./Examples.ts"

const append = (facts: ReadonlyArray<Fact>, rest: Partial<FactBatch> = {}) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [], ...rest }))
const read = (asOf: number, tags?: ReadonlyArray<Fact["_tag"]>) =>
  Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest(tags === undefined ? { asOf } : { asOf, tags })))

onEachEngine("fact log", ({ run }) => {
  test("stores each version of a statement once, also within one batch", async () => {
    const facts = [order(1), order(2), order(1)]
    expect(await run(append(facts), "once")).toEqual({ recorded: 2, duplicates: 1 })
    expect(await run(append(facts), "once")).toEqual({ recorded: 0, duplicates: 3 })
    expect(await run(read(9e15), "once")).toEqual([order(1), order(2)])
  })

  test("the newest version wins in any order of arrival, as the pure rule says", async () => {
    const versions = [3, 1, 2].map((version) => invitation("v", { version, code: `C${version}` }))
    const tie = [invitation("tie", { code: "A" }), invitation("tie", { code: "B" }), invitation("tie", { code: "C" })]
    await run(append([...versions, ...tie].reverse()), "wins")
    expect(await run(read(9e15), "wins")).toEqual(
      [...newest([...versions, ...tie]).values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    )
  })

  test("asks when the newest version occurred, not whether an older one had", async () => {
    await run(
      append([invitation("late", { version: 1, occurredAt: 10 }), invitation("late", { version: 2, occurredAt: 50 })]),
      "asof",
    )
    expect(await run(read(20), "asof")).toEqual([])
    expect(await run(read(50), "asof")).toHaveLength(1)
  })

  test("answers in byte order of keys, over many pages, and by kind", async () => {
    const ids = Array.from({ length: 4_500 }, (_, index) => `${index % 2 === 0 ? "a" : "Z"}${(index * 7919) % 4_500}`)
    await run(append([...ids.map((id) => invitation(id)), order(1), invitation("é"), invitation("_")]), "pages")
    const keys = (await run(read(9e15, ["InvitationSent"]), "pages")).map(({ key }) => key)
    expect(keys).toEqual([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    expect(keys).toHaveLength(4_502)
    expect(await run(read(9e15, ["OrderPlaced", "RefundMade"]), "pages")).toEqual([order(1)])
  })

  test.each([
    ["a NUL", "A\0B"],
    ["half of a surrogate pair", "A\ud83dB"],
    ["a NUL after a backslash", "A\\\0"],
  ])("refuses %s by the key of its fact and stores nothing of the batch", async (_, code) => {
    const handle = email(new Uint8Array(16), "nobody@example.com")
    const exit = await run(
      Effect.exit(
        append([invitation("good"), invitation("bad", { code })], {
          personal: [{ handle, value: "nobody@example.com" }],
          checkpoint: { job: "import", cursor: 1 },
        }),
      ),
      "nul",
    )
    expect(errorOf(exit)).toContain("Unstorable")
    expect(errorOf(exit)).toContain("own:invitation/bad")
    expect(await run(read(9e15), "nul")).toEqual([])
    expect(
      await run(
        Effect.flatMap(FactLog, (log) => log.checkpoint("import")),
        "nul",
      ),
    ).toBeUndefined()
    expect(
      (
        await run(
          Effect.flatMap(FactLog, (log) => log.personal([handle])),
          "nul",
        )
      ).size,
    ).toBe(0)
  })

  test("a text that only looks like an escaped NUL is kept as it is", async () => {
    const fact = invitation("looks", { code: "A\\u0000" })
    await run(append([fact]), "looks")
    expect(await run(read(9e15), "looks")).toEqual([fact])
  })

  test("keeps a job's position with its facts; the last one counts", async () => {
    const at = (cursor: unknown): { checkpoint: Checkpoint } => ({ checkpoint: { job: "orders", cursor } })
    await run(append([order(1)], at({ after: "b", page: 1 })), "job")
    await run(append([], at({ after: "a", page: 2 })), "job")
    const position = await run(
      Effect.flatMap(FactLog, (log) => log.checkpoint("orders")),
      "job",
    )
    expect(position).toEqual({ after: "a", page: 2 })
    expect(Object.keys(position as object)).toEqual(["after", "page"])
  })

  test("personal values come back by handle, and the tables hold none of them in the clear", async () => {
    const key = new Uint8Array(16).fill(3)
    const handle = email(key, "anna@example.com")
    const personal = [{ handle, value: "anna@example.com" }]
    const none = email(key, "other@example.com")
    await run(append([], { personal }), "vault")
    await run(
      append([], {
        personal: [
          { handle, value: "first" },
          { handle, value: "Anna@example.com" },
        ],
      }),
      "vault",
    )
    const found = await run(
      Effect.flatMap(FactLog, (log) => log.personal([handle, none])),
      "vault",
    )
    expect(new Map(found)).toEqual(new Map([[handle, "Anna@example.com"]]))
    const dump = await run(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        return yield* sql<{
          row: string
          sealed: Uint8Array
        }>`SELECT personal::text AS row, sealed FROM advocacy.personal WHERE tenant = 'vault'`
      }),
    )
    expect(dump).toHaveLength(1)
    expect(dump[0]?.row).not.toMatch(/anna/i)
    expect(Buffer.from(dump[0]?.sealed ?? []).toString("latin1")).not.toMatch(/anna/i)
  })

  test("what is known already is not sealed and written again", async () => {
    const handle = email(new Uint8Array(16), "same@example.com")
    const sealed = Effect.flatMap(
      SqlClient.SqlClient,
      (sql) => sql<{ sealed: Uint8Array }>`SELECT sealed FROM advocacy.personal WHERE tenant = 'same'`,
    )
    await run(append([], { personal: [{ handle, value: "same" }] }), "same")
    const before = await run(sealed)
    await run(append([], { personal: [{ handle, value: "same" }] }), "same")
    expect(await run(sealed)).toEqual(before)
  })

  test("two writers of the same facts in opposite order both finish", async () => {
    const facts = Array.from({ length: 2_000 }, (_, index) => order(index))
    const results = await run(Effect.all([append(facts), append([...facts].reverse())], { concurrency: 2 }), "race")
    expect(results.map(({ recorded }) => recorded).reduce((a, b) => a + b)).toBe(2_000)
  })
})
