/**
 * HTML that is safe by construction: a template whose interpolations are escaped.
 *
 * Promises: `html` is the only way to make an `Html`; what stands in the template is written by us, what is put into it is text, or
 * `Html` made in the same way. There is no way around it. A place where escaping would not help (an attribute without quotes, an address
 * outside of the page, a style, a script, a comment) takes nothing and dies, whatever the value is. Numbers that are none die too.
 */

export type Content = string | number | bigint | Html | null | ReadonlyArray<Content>

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\u0000": "\ufffd",
}

const escaped = (text: string): string => text.replace(/[&<>"'\0]/g, (character) => escapes[character] ?? "")

export class Html {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** For template literals alone: see `html`. */
  static readonly template = (strings: TemplateStringsArray, ...contents: ReadonlyArray<Content>): Html => {
    if (!placed.has(strings)) checkPlaces(strings)
    return new Html(strings.reduce((text, string, at) => text + written(contents[at - 1] ?? null) + string))
  }

  toString(): string {
    return this.#text
  }
}

/** ``html`<p title="${text}">${text}</p>` `` */
export const html = Html.template

const written = (content: Content): string => {
  if (content === null) return ""
  if (content instanceof Html) return content.toString()
  if (typeof content === "string") return escaped(content)
  if (typeof content === "bigint") return content.toString()
  if (typeof content === "number") {
    if (!Number.isFinite(content)) throw new RangeError(`${content} cannot stand on a page: say why there is no number`)
    return String(content)
  }
  return content.map(written).join("")
}

/** Templates whose places were looked at: a template is one object however often it is used. */
const placed = new WeakSet<TemplateStringsArray>()

type Place =
  | { readonly in: "text" }
  | { readonly in: "tag"; readonly tag: string }
  | { readonly in: "attribute"; readonly tag: string; readonly name: string; readonly before: string }
  | { readonly in: "closed"; readonly until: RegExp }

const text: Place = { in: "text" }

/** Where `part` of a template leads from `place`. */
const after = (place: Place, part: string): Place => {
  let [at, rest] = [place, part]
  for (;;) {
    const found = step(at, rest)
    if (found === null) return at.in === "attribute" ? { ...at, before: at.before + rest } : at
    ;[at, rest] = found
  }
}

/** The next change of place and what comes after it; null where there is none. */
const step = (place: Place, rest: string): readonly [Place, string] | null => {
  const next = (pattern: RegExp, to: (match: RegExpExecArray) => Place): readonly [Place, string] | null => {
    const match = pattern.exec(rest)
    return match === null ? null : [to(match), rest.slice(match.index + match[0].length)]
  }
  if (place.in === "text")
    return next(/<!--|<\/?([a-zA-Z][\w-]*)/, ([, tag]) =>
      tag === undefined ? { in: "closed", until: /-->/ } : { in: "tag", tag: tag.toLowerCase() },
    )
  if (place.in === "closed") return next(place.until, () => text)
  if (place.in === "attribute") return next(/"/, () => ({ in: "tag", tag: place.tag }))
  return next(/>|([\w:-]+)\s*=\s*"/, ([, name]) =>
    name !== undefined
      ? { in: "attribute", tag: place.tag, name: name.toLowerCase(), before: "" }
      : place.tag === "style" || place.tag === "script"
        ? { in: "closed", until: new RegExp(`</${place.tag}>`) }
        : text,
  )
}

/** What is wrong with putting something here; null where escaping makes it safe. */
const fault = (place: Place): string | null => {
  if (place.in === "tag") return `inside <${place.tag}>: put the value of an attribute between double quotes`
  if (place.in === "closed") return "inside a style, a script or a comment"
  if (place.in === "text") return null
  if (place.name.startsWith("on") || place.name === "style" || place.name === "srcdoc") return `in ${place.name}=`
  const isAddress = /^(?:href|src|action|formaction|data|xlink:href|content)$/.test(place.name)
  return isAddress && !place.before.startsWith("#") ? `in ${place.name}=, which does not begin with "#"` : null
}

const checkPlaces = (strings: TemplateStringsArray): void => {
  let place: Place = text
  for (const string of strings.slice(0, -1)) {
    place = after(place, string)
    const wrong = fault(place)
    if (wrong !== null) throw new TypeError(`nothing can be put safely ${wrong}, after "${string.slice(-60)}"`)
  }
  placed.add(strings)
}
