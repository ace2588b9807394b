/**
 * A line of the journal: one HTTP exchange between a connector and a platform.
 *
 * Promises: reading refuses a line with a member too many or too few, or of another kind; the rules here are those that
 * hold for both platforms: no header and no text carries a credential, and no answer says that we called too often.
 */
import { readFileSync } from "node:fs"

export interface JournalEntry {
  readonly platform: string
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: string
  readonly status: number
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly responseBody: string
}

const kinds: Readonly<Record<keyof JournalEntry, "string" | "number" | "object">> = {
  platform: "string",
  method: "string",
  url: "string",
  requestHeaders: "object",
  requestBody: "string",
  status: "number",
  responseHeaders: "object",
  responseBody: "string",
}

/** Where an exchange stands in the file, for faults. */
export const place = (entry: JournalEntry, index: number): string =>
  `line ${index + 1} (${entry.method} ${entry.url.replace(/\?.*/, "").slice(0, 120)})`

const faultOf = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "is not a JSON object"
  }
  const members = new Map<string, unknown>(Object.entries(value))
  const unknown = [...members.keys()].filter((name) => !Object.hasOwn(kinds, name))
  const wrong = Object.entries(kinds).filter(([name, kind]) => {
    const member = members.get(name)
    return member === null || typeof member !== kind
  })
  return unknown.length === 0 && wrong.length === 0
    ? undefined
    : `has ${unknown.length === 0 ? "" : `unknown members ${unknown.join(", ")}; `}missing or wrong ${wrong.map(([name, kind]) => `${name} (${kind})`).join(", ") || "none"}`
}

export interface Journal {
  readonly text: string
  readonly entries: ReadonlyArray<JournalEntry>
  readonly faults: ReadonlyArray<string>
}

export const parse = (text: string): Journal => {
  const entries: Array<JournalEntry> = []
  const faults: Array<string> = []
  const lines = text.split("\n")
  if (lines.pop() !== "") {
    faults.push("the last line does not end; a line is written whole")
  }
  for (const [index, line] of lines.entries()) {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      value = undefined
    }
    const fault = faultOf(value)
    if (fault === undefined) {
      entries.push(value as JournalEntry)
    } else {
      faults.push(`line ${index + 1} ${fault}`)
    }
  }
  return { text, entries, faults }
}

export const read = (file: string): Journal => parse(readFileSync(file, "utf8"))

const secretHeader =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-shopify-access-token|.*(api-?key|secret|signature|hmac).*)$/i
const bearer = /\bbearer\s+[\w.~+/-]{8,}/i

/** Headers that carry a credential, and places where one of `secrets` is written out. */
export const credentials = ({ entries, text }: Journal, secrets: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...entries.flatMap((entry, index) =>
    Object.keys({ ...entry.requestHeaders, ...entry.responseHeaders })
      .filter((name) => secretHeader.test(name))
      .map((name) => `${place(entry, index)} keeps the header ${name}`),
  ),
  ...secrets.filter((secret) => text.includes(secret)).map((secret) => `"${secret}" stands in the journal`),
  ...(bearer.test(text) ? ["a bearer token stands in the journal"] : []),
]

/** Answers that no well-behaved caller gets. */
export const refusals = ({ entries }: Journal): ReadonlyArray<string> =>
  entries.flatMap((entry, index) =>
    entry.status >= 200 && entry.status < 300
      ? []
      : [`${place(entry, index)} was answered ${entry.status}: ${entry.responseBody.slice(0, 200)}`],
  )
