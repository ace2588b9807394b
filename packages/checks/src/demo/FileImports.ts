/**
 * The brand of a finished demo as export files, imported into an empty store, and held against what the platforms' APIs told of it.
 *
 * Promises: the same orders, the same people among those whom both know, and the same referrals credited; what differs is told with the
 * thing that no file says, and a difference without one is a fault.
 */
import type { Fact, FactOf } from "@advocacy-kit/core/fact/Fact"
import * as Crediting from "@advocacy-kit/core/flow/Crediting"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import { evaluate, type Evaluation } from "@advocacy-kit/core/program/Evaluation"
import { Installation } from "@advocacy-kit/cli"
import { FileImport, FileText, Formats } from "@advocacy-kit/files"
import { Dialect, ExportSet } from "@advocacy-kit/sandbox"
import type { World } from "@advocacy-kit/sandbox/world/World"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Layer } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "./Baseline.ts"

export interface FileImports {
  readonly orders: number
  readonly people: number
  /** Advocates' credits by the platforms' facts. */
  readonly credited: number
  /** How many of them the files tell too. */
  readonly same: number
  /** How many differ because of what no file says. */
  readonly explained: ReadonlyMap<string, number>
  /** What differs without a reason. */
  readonly faults: ReadonlyArray<string>
}

/** Which of the files are imported, and as what. */
const kinds: ReadonlyArray<readonly [file: RegExp, format: string]> = [
  [/^orders_export/, "shopify-orders"],
  [/^customers_export/, "shopify-customers"],
  [/contacts/, "hubspot-contacts"],
  [/companies/, "hubspot-companies"],
  [/deals/, "hubspot-deals"],
]

/** What sources told, and the program as it was published; what the kit itself decided and issued is left out. */
const told = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> =>
  facts.filter(({ _tag, key }) => !key.startsWith("advocacy:") || _tag === "ProgramPublished")

const ordersOf = (facts: ReadonlyArray<Fact>): ReadonlyMap<string, FactOf<"OrderPlaced">> =>
  new Map(facts.flatMap((fact) => (fact._tag === "OrderPlaced" ? [[fact.key, fact] as const] : [])))

/** Every advocate's credit by cause: who has it, how it came out, and how much. */
const creditsOf = ({ credits, history }: Evaluation) =>
  new Map(
    [...credits.values()]
      .filter(({ role }) => role === "advocate")
      .map((credit): readonly [string, Told] => [
        credit.cause,
        { ...credit, person: history.people.personOf(credit.beneficiary) },
      ]),
  )

interface Told extends Pick<Credit, "amountMinor" | "beneficiary" | "outcome" | "reason"> {
  readonly person: Handle
}

const worded = (credit: Told | undefined): string =>
  credit === undefined ? "nothing" : `${credit.outcome} ${credit.reason ?? ""} ${credit.amountMinor}`

const importFiles = (world: World, installation: Installation.Installation, asOf: number) =>
  Effect.gen(function* () {
    const folder = temporaryFolder()
    const { files } = ExportSet.of(world)
    for (const [pattern, name] of kinds) {
      const table = files.find(({ fileName }) => pattern.test(fileName))
      const format = Formats.named(name)
      if (table === undefined || format === undefined) return yield* Effect.die(new Error(`no file for ${name}`))
      const path = join(folder, table.fileName)
      writeFileSync(path, Dialect.bytes(table))
      const file = yield* FileText.look(path)
      const { parked } = yield* FileImport.run({
        file,
        format,
        mapping: {},
        lens: {
          handleKey: Buffer.from(installation.settings.handleKey, "hex"),
          asOf,
          program: installation.settings.program,
          currency: currencyOf(world.brand.currency),
          timeZone: world.brand.timeZone,
          dateOrder: null,
          decimalMark: null,
          referralAttributes: ["ref"],
          deviceAttribute: "_device",
        },
      })
      if (parked > 0) return yield* Effect.die(new Error(`${parked} records of ${table.fileName} were parked`))
    }
    return yield* Crediting.factsAt(asOf)
  })

/** What no file says of a conversion that the platform says, in a few words; null where files say all of it. */
const unsaidOf = (order: FactOf<"OrderPlaced"> | undefined, refunds: ReadonlySet<Handle>): string | null => {
  if (order === undefined) return null
  if (order.visits.length > 0) return "visits before an order"
  if (order.test) return "that an order is a test"
  if (refunds.has(order.order)) return "when and for what money went back"
  if (order.codes.length > 1) return "what each of several codes took off"
  return null
}

/** Pairs of handles that are one person by one side and two by the other. */
const peopleApart = (api: Evaluation, files: Evaluation, handles: ReadonlyArray<Handle>): ReadonlyArray<string> => {
  const byApi = Map.groupBy(handles, (handle) => api.history.people.personOf(handle))
  const byFiles = Map.groupBy(handles, (handle) => files.history.people.personOf(handle))
  const apart = (one: ReadonlyMap<Handle, ReadonlyArray<Handle>>, other: Evaluation, side: string) =>
    [...one.values()].flatMap((group) =>
      new Set(group.map((handle) => other.history.people.personOf(handle))).size > 1
        ? [`${side}: ${group.join(", ")}`]
        : [],
    )
  return [
    ...apart(byApi, files, "one person by the platforms alone"),
    ...apart(byFiles, api, "one person by files alone"),
  ]
}

/** Handles of people whom a side knows. */
const handlesOf = (facts: ReadonlyArray<Fact>): ReadonlySet<Handle> =>
  new Set(facts.flatMap((fact) => (fact._tag === "PersonSeen" ? [fact.person, ...fact.aliases] : [])))

const differencesOf = (
  api: ReadonlyArray<Fact>,
  files: ReadonlyArray<Fact>,
  program: string,
  asOf: number,
): FileImports => {
  const [byApi, byFiles] = [evaluate(api, program, asOf), evaluate(files, program, asOf)]
  const [orders, filed] = [ordersOf(api), ordersOf(files)]
  const refunds = new Set(api.flatMap((fact) => (fact._tag === "RefundMade" ? [fact.order] : [])))
  const [credits, ofFiles] = [creditsOf(byApi), creditsOf(byFiles)]
  const known = handlesOf(files)
  const shared = [...handlesOf(api)].filter((handle) => known.has(handle))
  const explained = new Map<string, number>()
  const faults = [
    ...[...orders.keys()].filter((key) => !filed.has(key)).map((key) => `${key} is in no file`),
    ...[...filed.keys()].filter((key) => !orders.has(key)).map((key) => `${key} is in a file alone`),
    ...peopleApart(byApi, byFiles, shared),
  ]
  const differing = [...new Set([...credits.keys(), ...ofFiles.keys()])].filter((cause) => {
    const [one, other] = [credits.get(cause), ofFiles.get(cause)]
    if (one === undefined || other === undefined) return true
    const isSamePerson = byApi.history.people.personOf(other.beneficiary) === one.person
    return one.outcome !== other.outcome || one.amountMinor !== other.amountMinor || !isSamePerson
  })
  const unsaid = new Map(differing.map((cause) => [cause, unsaidOf(orders.get(cause), refunds)]))
  const moved = new Set(differing.flatMap((cause) => (unsaid.get(cause) === null ? [] : [credits.get(cause)?.person])))
  for (const cause of differing) {
    const [one, other] = [credits.get(cause), ofFiles.get(cause)]
    const isLimit = [one, other].some((credit) => credit?.reason === "limit-reached") && moved.has(one?.person)
    const why = unsaid.get(cause) ?? (isLimit ? "which places of a limit such purchases took" : null)
    if (why === null) faults.push(`${cause}: ${worded(one)} by the platforms, ${worded(other)} by files`)
    else explained.set(why, (explained.get(why) ?? 0) + 1)
  }
  const same = credits.size - differing.filter((cause) => credits.has(cause)).length
  return { orders: orders.size, people: shared.length, credited: credits.size, same, explained, faults }
}

/** `store` is the demo's directory; nothing may have it open. */
export const compare = (store: string): Promise<FileImports> =>
  Effect.gen(function* () {
    const installation = yield* Installation.load(store)
    const asOf = installation.settings.now ?? 0
    const tenant = Installation.tenantLayer(installation)
    const embedded = SqlStores.layerEmbedded({ directory: Installation.storeDirectory(store) })
    const api = told(yield* Crediting.factsAt(asOf).pipe(Effect.provide(Layer.merge(embedded, tenant))))
    const world = JSON.parse(readFileSync(Installation.worldFile(store), "utf8")) as World
    const files = yield* importFiles(world, installation, asOf).pipe(
      Effect.provide(Layer.merge(MemoryStores.layerMemory, tenant)),
    )
    const published = api.filter(({ _tag }) => _tag === "ProgramPublished")
    return differencesOf(api, [...files, ...published], installation.settings.program, asOf)
  }).pipe(Effect.scoped, Effect.runPromise)
