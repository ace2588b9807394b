/**
 * Texts that no store can hold: NUL, and halves of surrogate pairs, neither of which UTF-8 or PostgreSQL has; and values that are nested
 * deeper than anything we read.
 *
 * It looks and tells where; it changes nothing.
 */

const unstorableText = /[\0\p{Surrogate}]/u
const deepest = 200

export interface UnstorableAt {
  readonly path: ReadonlyArray<string | number>
  readonly reason: string
}

/** The first place in a value that no store can hold. */
export const unstorableIn = (value: unknown, path: ReadonlyArray<string | number> = []): UnstorableAt | undefined => {
  if (typeof value === "string")
    return unstorableText.test(value)
      ? { path, reason: "it holds a NUL or half of a surrogate pair, which no store can hold" }
      : undefined
  if (typeof value !== "object" || value === null) return undefined
  if (path.length >= deepest) return { path: path.slice(0, 3), reason: `it is nested deeper than ${deepest}` }
  for (const [name, member] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const found = unstorableIn(name, path) ?? unstorableIn(member, [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a value holds a text that no store can hold, at any depth. */
export const isUnstorable = (value: unknown): boolean => {
  if (typeof value === "string") return unstorableText.test(value)
  if (Array.isArray(value)) return value.some(isUnstorable)
  if (typeof value !== "object" || value === null) return false
  return Object.entries(value).some(([name, member]) => unstorableText.test(name) || isUnstorable(member))
}
