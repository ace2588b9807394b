/**
 * The files of an audit as facts in memory, without any store.
 *
 * Promises: the same files give the same audit, handles included; names and addresses stay in this run; a row that cannot be read is
 * counted and told, and the others go on.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import * as Progress from "@advocacy-kit/core/flow/Progress"
import { sha256Hex } from "@advocacy-kit/core/id/Digest"
import { kindOf, type Handle, type HandleKey } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { principalHandle, resolve } from "@advocacy-kit/core/person/People"
import type { Program } from "@advocacy-kit/core/program/Program"
import { TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { FileImport, FileText, Formats, type Format } from "@advocacy-kit/files"
import { Effect, Stream } from "effect"
import * as Failure from "../Failure.ts"
import * as FileLens from "../FileLens.ts"
import type { FileRead } from "./AuditModel.ts"

/** What is read, by the flag that names it, in the order in which it is read. */
export const kinds = {
  orders: { format: "shopify-orders", what: "the shop's export of orders" },
  customers: { format: "shopify-customers", what: "the shop's export of customers: who is the same person" },
  contacts: {
    format: "hubspot-contacts",
    what: "the CRM's export of contacts: whose a code is, who is the same person",
  },
  rewards: { format: "rewards", what: "the rewards that the referral product says it gave" },
  referrals: { format: "referrals", what: "the product's own list of referrals: who brought whom" },
} as const
export type Kind = keyof typeof kinds

const kindNames = Object.keys(kinds) as ReadonlyArray<Kind>

export type Paths = Readonly<Record<Kind, string | null>>

export interface FilesRead {
  readonly facts: ReadonlyArray<Fact>
  readonly files: ReadonlyArray<FileRead>
  /** When the older of the files that matter was written: nothing is known of later. */
  readonly asOf: Instant
  readonly nameOf: (handle: Handle) => string
}

interface Opened {
  readonly kind: Kind
  readonly format: Format.Format
  readonly text: FileText.FileText
}

const openAll = (paths: Paths) =>
  Effect.forEach(
    kindNames.flatMap((kind) => (paths[kind] === null ? [] : [{ kind, path: paths[kind] }])),
    Effect.fnUntraced(function* ({ kind, path }) {
      const format = Formats.named(kinds[kind].format)
      if (format === undefined)
        return yield* Failure.usage(`files of ${kind} cannot be read by this release`, "leave it out")
      return { kind, format, text: yield* FileText.look(path) } satisfies Opened
    }),
  )

/** A key for this run alone that follows from the files, so that the same files are told in the same words. */
const keyOf = (files: ReadonlyArray<Opened>): HandleKey =>
  Buffer.from(sha256Hex(files.map(({ text }) => text.sha256).join(" ")), "hex")

/** `rewards.amount` for one kind of file, `amount` for all that have such a field. */
const mappingOf = (
  columns: Readonly<Record<string, string>>,
  { format, kind }: Opened,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([name, title]) => {
      const [first, rest] = name.split(".")
      if (rest !== undefined) return first === kind ? [[rest, title]] : []
      return first !== undefined && first in format.fields ? [[first, title]] : []
    }),
  )

/** A column that is given and that nothing could read is a mistake of writing. */
const checkColumns = (columns: Readonly<Record<string, string>>, files: ReadonlyArray<Opened>) => {
  const known = (name: string): boolean => {
    const [first = "", rest] = name.split(".")
    return rest === undefined
      ? files.some(({ format }) => first in format.fields)
      : files.some(({ format, kind }) => kind === first && rest in format.fields)
  }
  const unknown = Object.keys(columns).find((name) => !known(name))
  return unknown === undefined
    ? Effect.void
    : Effect.fail(
        Failure.usage(
          `no file here has a field "${unknown}"`,
          files.map(({ format, kind }) => `${kind} has ${Object.keys(format.fields).join(", ")}`).join("; "),
        ),
      )
}

interface Read {
  readonly facts: Array<Fact>
  readonly values: Map<Handle, string>
  readonly file: FileRead
  readonly asOf: Instant
}

const readOne = Effect.fnUntraced(function* (
  opened: Opened,
  lens: Format.Lens,
  mapping: Readonly<Record<string, string>>,
): Effect.fn.Return<Read, Failure.Failure | FileText.FileError> {
  const { format, kind, text } = opened
  const found = yield* FileImport.opened({ file: text, format, lens, mapping })
  const facts: Array<Fact> = []
  const values = new Map<Handle, string>()
  const refused: Array<string> = []
  let [rows, parked] = [0, 0]
  yield* Stream.runForEach(FileImport.pages(text, found, 0), (page) => {
    for (const fact of page.facts) facts.push(fact)
    for (const { handle, value } of page.personal) values.set(handle, value)
    refused.push(...page.rejected.map(({ reason }) => reason).slice(0, 3 - refused.length))
    rows += page.rows
    parked += page.rejected.length
    return Progress.report({ stage: text.name, done: rows, unit: "rows" })
  })
  if (rows > 0 && facts.length === 0)
    return yield* Failure.usage(
      `nothing of ${text.name} could be read as ${kind}: ${refused.join("; ")}`,
      "see that it is the file that the flag asks for, or name its columns with --column",
    )
  return {
    facts,
    values,
    file: { name: text.name, format: format.name, rows, facts: facts.length, parked },
    asOf: lens.asOf,
  }
})

/** Whoever has an address in one of the files is called by it, else by a name, else by the platform's record. */
const naming = (facts: ReadonlyArray<Fact>, values: ReadonlyMap<Handle, string>): ((handle: Handle) => string) => {
  const people = resolve(facts)
  return (handle) => {
    const person = people.personOf(handle)
    const handles = [handle, ...people.handlesOf(person)]
    const told = [...handles.filter((one) => kindOf(one) === "email"), ...handles].find((one) => values.has(one))
    return (told === undefined ? undefined : values.get(told)) ?? principalHandle(people, person)
  }
}

/** Reads all files that are named, as the program's rules and the flags say. */
export const read = Effect.fn("AuditFiles.read")(function* (
  paths: Paths,
  program: Program,
  given: FileLens.Given & { readonly column: Readonly<Record<string, string>> },
) {
  const opened = yield* openAll(paths)
  yield* checkColumns(given.column, opened)
  const tenant = { id: TenantIdOf("audit"), handleKey: keyOf(opened) }
  const parts = yield* Effect.forEach(opened, (one) =>
    readOne(
      one,
      FileLens.make(given, one.text, { program: program.name, tenant, terms: program }),
      mappingOf(given.column, one),
    ),
  )
  const facts = parts.flatMap((part) => part.facts)
  return {
    facts,
    files: parts.map(({ file }) => file),
    asOf: Math.min(...parts.map(({ asOf }) => asOf)),
    nameOf: naming(facts, new Map(parts.flatMap(({ values }) => [...values]))),
  } satisfies FilesRead
})
