/**
 * JSON in which no id loses a digit.
 *
 * Promises: a whole number that a JavaScript number cannot hold exactly comes out as its text. Nothing else changes;
 * what is not JSON is a `SyntaxError`, as with `JSON.parse`.
 */

/** The text that a number was written as; engines from Node 21 on give it. */
interface Source {
  readonly source?: string
}

/** Sixteen digits in a row outside the obvious strings: rare, and only then is the slow way taken. */
const mayLoseDigits = /[:,[\s]-?\d{16}/

export const parse = (text: string): unknown =>
  mayLoseDigits.test(text)
    ? JSON.parse(text, (_key, value: unknown, context?: Source) =>
        typeof value === "number" &&
        !Number.isSafeInteger(value) &&
        context?.source !== undefined &&
        /^-?\d+$/.test(context.source)
          ? context.source
          : value,
      )
    : JSON.parse(text)
