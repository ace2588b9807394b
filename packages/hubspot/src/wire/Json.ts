/**
 * JSON without loss: whole numbers beyond 2^53 (ids) come back as strings of their digits.
 *
 * Throws a `SyntaxError` without quoting the text, which may hold personal values.
 */
type Reviver = (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) => unknown

const parseWith = JSON.parse as (text: string, reviver: Reviver) => unknown

export const parse = (text: string): unknown => {
  try {
    return parseWith(text, (_key, value, context) =>
      typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
        ? (context?.source ?? value)
        : value,
    )
  } catch {
    throw new SyntaxError(`not JSON, or cut off (${text.length} characters)`)
  }
}
