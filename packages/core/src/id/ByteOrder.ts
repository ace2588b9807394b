/**
 * The order of keys in every store: by the bytes of their UTF-8 text.
 *
 * Promises: the same order as a database sorts in under the "C" collation. JavaScript's own order differs from it for
 * characters beyond the basic plane, which it compares by surrogates. It is no order for people to read.
 */

/** Lifts surrogates above the rest of the basic plane, where the characters that they encode belong. */
const weightOf = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit)

/** Negative when `left` comes first, 0 when they are the same text. */
export const compare = (left: string, right: string): number => {
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index++) {
    const difference = weightOf(left.charCodeAt(index)) - weightOf(right.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
