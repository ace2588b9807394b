/**
 * Facts as a file of our own: lines of JSON that any installation with the same handle key can read.
 *
 * The first line is the header, the last the trailer. Between them each line is a fact as `Fact.encode` gives it (`advocacy schema fact`),
 * or a personal value: `{"personal":{"handle":…,"value":…}}`. Of each key there is the newest version, in key order, and personal values
 * stand behind a fact that names their handle. The trailer counts both and holds the SHA-256 of every line before it, each ended by a
 * newline, so that a file that was cut off or edited is noticed; empty lines, a byte order mark and CRLF count for nothing.
 *
 * This is the format alone: what a line is, and why it is none. What it says of a line that cannot be read never holds a text that may
 * be somebody's name or address. It reads no files; `flow/ExportingFacts` and `flow/ImportingFacts` do.
 */
import { Result, Schema, SchemaIssue } from "effect"
import { Handle, type HandleKey } from "../id/Handle.ts"
import * as Handles from "../id/Handle.ts"
import { toIso, type Instant } from "../id/Instant.ts"
import * as Facts from "./Fact.ts"
import type { Fact } from "./Fact.ts"
import type { PersonalValue } from "./FactLog.ts"
import { unstorableIn } from "./StorableText.ts"

const format = "advocacy-facts"
/** Raised when older readers would misunderstand a file. */
export const formatVersion = 1

/** Whole lines: nothing that a source says of one record comes near. */
export const longestLine = 16_000_000

export const Header = Schema.Struct({
  format: Schema.Literal(format),
  version: Schema.Int,
  /** ISO 8601: nothing that occurred later is in it. Null where everything is. */
  asOf: Schema.NullOr(Schema.String),
  /** Tells the key that handles are hashed with, and nothing of it. */
  handleKey: Schema.String,
  personalValues: Schema.Boolean,
})
export type Header = typeof Header.Type

export const Trailer = Schema.Struct({ facts: Schema.Int, personalValues: Schema.Int, sha256: Schema.String })
export type Trailer = typeof Trailer.Type

/** The file is none of ours: its first line is not a header. */
export class NoHeader extends Schema.TaggedError<NoHeader>()("NoHeader", {}) {
  readonly isRetryable = false
  readonly remedy = `name a file that \`advocacy export facts\` wrote; its first line begins with {"format":"${format}"`
  override get message(): string {
    return "this is no file of facts: its first line is not their header. Nothing was stored"
  }
}

/** Written by a newer version, which may mean something else. */
export class NewerFormat extends Schema.TaggedError<NewerFormat>()("NewerFormat", { version: Schema.Int }) {
  readonly isRetryable = false
  readonly remedy = "use the version of this command that wrote the file, or a newer one"
  override get message(): string {
    return `the file has format ${this.version}, and this version reads up to ${formatVersion}. Nothing was stored`
  }
}

/** Handles under another key are other handles: nobody in the file would be anybody here. */
export class OtherHandleKey extends Schema.TaggedError<OtherHandleKey>()("OtherHandleKey", {
  file: Schema.String,
  here: Schema.String,
}) {
  readonly isRetryable = false
  readonly remedy =
    "give this installation the handleKey of the one that wrote the file (in its advocacy.json) before anything is stored here"
  override get message(): string {
    return `the handles of the file are hashed with another key (${this.file}) than this installation's (${this.here}): its people would match nobody here. Nothing was stored`
  }
}

export class FactFileError extends Schema.TaggedError<FactFileError>()("FactFileError", {
  reason: Schema.Union([NoHeader, NewerFormat, OtherHandleKey]),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return this.reason.message
  }
}

/** Why a line is nothing of ours. */
export interface Unreadable {
  /** Where in the line, such as `lines[0].amountMinor`; empty for all of it. */
  readonly path: string
  /** What stands there, in a form that names nobody; empty where nothing does. */
  readonly value: string
  readonly reason: string
}

export type Line =
  | { readonly kind: "fact"; readonly fact: Fact }
  | { readonly kind: "personal"; readonly personal: PersonalValue }
  | { readonly kind: "header"; readonly header: Header }
  | { readonly kind: "trailer"; readonly trailer: Trailer }
  | { readonly kind: "unreadable"; readonly unreadable: Unreadable }

export const headerLine = (about: {
  readonly asOf: Instant | null
  readonly handleKey: HandleKey
  readonly personalValues: boolean
}): string =>
  JSON.stringify({
    format,
    version: formatVersion,
    asOf: about.asOf === null ? null : toIso(about.asOf),
    handleKey: Handles.fingerprint(about.handleKey),
    personalValues: about.personalValues,
  } satisfies Header)

export const factLine = (fact: Fact): string => JSON.stringify(Facts.encode(fact))

export const personalLine = ({ handle, value }: PersonalValue): string =>
  JSON.stringify({ personal: { handle, value } })

export const trailerLine = (trailer: Trailer): string => JSON.stringify({ trailer })

/** Whether a line can be a trailer, told without reading it. */
export const maybeTrailer = (text: string): boolean => /^\s*\{\s*"trailer"/.test(text)

/** Reads the first line of a file for an installation with this key. */
export const readHeader = (text: string, key: HandleKey): Result.Result<Header, FactFileError> => {
  const refuse = (reason: FactFileError["reason"]) => Result.fail(new FactFileError({ reason }))
  const line = read(text)
  if (line.kind !== "header") return refuse(new NoHeader())
  const { handleKey: file, version } = line.header
  if (version > formatVersion) return refuse(new NewerFormat({ version }))
  const here = Handles.fingerprint(key)
  return file === here ? Result.succeed(line.header) : refuse(new OtherHandleKey({ file, here }))
}

// A member that is not known here may change what a fact says: it is told instead of being left out.
const strict = { onExcessProperty: "error" } as const
const asFact = Schema.decodeUnknownResult(Facts.Fact, strict)
const asPersonal = Schema.decodeUnknownResult(
  Schema.Struct({ personal: Schema.Struct({ handle: Handle, value: Schema.String }) }),
  strict,
)
const asTrailer = Schema.decodeUnknownResult(Schema.Struct({ trailer: Trailer }), strict)
// Newer headers may say more.
const asHeader = Schema.decodeUnknownResult(Header)
const kinds: ReadonlySet<unknown> = new Set(Facts.Fact.members.map(({ fields }) => fields._tag.ast.literal))

const escaped = /\\u(?:0000|d[89a-f])/i

/** What a line of a file says. Never throws. */
export const read = (text: string): Line => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own words repeat what stands there.
    return unreadable({ path: "", value: "", reason: "it is no JSON: cut off, or not ended" })
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return unreadable({ path: "", value: shownOf(value), reason: "it is no JSON object" })
  const line = readObject(value)
  // What cannot be in UTF-8 stands in escapes, and only definitions may be of any depth.
  if (line.kind !== "fact" && line.kind !== "personal") return line
  if (!escaped.test(text) && !("fact" in line && "definition" in line.fact)) return line
  const odd = unstorableIn(value)
  return odd === undefined ? line : unreadable({ path: pathOf(odd.path), value: "", reason: odd.reason })
}

const unreadable = (found: Unreadable): Line => ({ kind: "unreadable", unreadable: found })

const readObject = (value: object): Line => {
  if ("format" in value) {
    const header = asHeader(value)
    return Result.isSuccess(header) ? { kind: "header", header: header.success } : refused(value, header.failure)
  }
  if ("trailer" in value) {
    const trailer = asTrailer(value)
    return Result.isSuccess(trailer)
      ? { kind: "trailer", trailer: trailer.success.trailer }
      : refused(value, trailer.failure)
  }
  if ("personal" in value) {
    const personal = asPersonal(value)
    return Result.isSuccess(personal)
      ? { kind: "personal", personal: personal.success.personal }
      : refused(value, personal.failure)
  }
  const tag = "_tag" in value ? value._tag : undefined
  if (!kinds.has(tag))
    return unreadable({
      path: "_tag",
      value: tagOf(tag),
      reason: tag === undefined ? "it does not say which fact it is" : "this version knows no such fact",
    })
  const fact = asFact(value)
  if (Result.isFailure(fact)) return refused(value, fact.failure)
  const beyond = beyondIn(fact.success)
  return beyond === undefined ? { kind: "fact", fact: fact.success } : unreadable(beyond)
}

/** No source tells such numbers: stores keep ranks in 32 bits, and times end 8.64e15 ms from 1970. */
const beyondIn = ({ occurredAt, rank }: Fact): Unreadable | undefined => {
  if (Math.abs(rank) > 2_147_483_647)
    return { path: "rank", value: shownOf(rank), reason: "no rank is as far from 0 as this" }
  return Math.abs(occurredAt) > 8_640_000_000_000_000
    ? { path: "occurredAt", value: shownOf(occurredAt), reason: "it is beyond all times that there are" }
    : undefined
}

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/** The first thing that is wrong, where it is, and what stands there. */
const refused = (line: object, error: Schema.SchemaError): Line => {
  const [issue] = issuesOf(error.issue).issues
  const path = (issue?.path ?? []).map((step) => (typeof step === "object" ? step.key : step))
  const value = at(line, path)
  const message = issue?.message ?? "it cannot be read"
  // Some messages repeat the text.
  const reason = typeof value === "string" && value !== "" ? message.replaceAll(value, "the text") : message
  return unreadable({ path: pathOf(path), value: shownOf(value), reason })
}

const at = (value: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null ? Object.getOwnPropertyDescriptor(inner, step)?.value : undefined,
    value,
  )

const pathOf = (path: ReadonlyArray<PropertyKey>): string =>
  path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${nameOf(String(step))}`))
    .join("")

/** Names of members are ours, unless somebody made them of something else. */
const nameOf = (name: string): string => (/^\w{1,40}$/.test(name) ? name : `(a name of ${name.length} characters)`)

/** A value as it may be told: short numbers and times, which name nobody; of others how long they are. */
const shownOf = (value: unknown): string => {
  if (value === undefined) return ""
  if (value === null || typeof value === "boolean") return String(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value !== "string" && typeof value !== "number") return "an object"
  const text = String(value)
  const told = typeof value === "number" ? text : JSON.stringify(text)
  return /^(?:-?\d{1,6}(?:\.\d{1,6})?|\d{4}-\d\d-\d\d[\dT:.Z+-]{0,20}|)$/.test(text)
    ? told
    : `a ${typeof value === "number" ? "number" : "text"} of ${text.length} characters`
}

const tagOf = (tag: unknown): string =>
  typeof tag === "string" && /^[A-Z][A-Za-z]{0,39}$/.test(tag) ? tag : shownOf(tag)
