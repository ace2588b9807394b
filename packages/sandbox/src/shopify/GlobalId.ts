/**
 * Shopify's global ids, `gid://shopify/<Type>/<number>`. Numbers stay decimal strings, because they may exceed 2^53.
 * Parsing answers undefined for anything else; a query string after the number (as on addresses) is dropped.
 */

export interface GlobalId {
  readonly type: string
  /** Decimal digits. */
  readonly number: string
}

export const make = (type: string, number: string): string => `gid://shopify/${type}/${number}`

export const parse = (text: string): GlobalId | undefined => {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?.*)?$/.exec(text)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { type: match[1], number: match[2] }
}

/** The number when `text` names that type, else undefined. */
export const numberOf = (type: string, text: string): string | undefined => {
  const id = parse(text)
  return id?.type === type ? id.number : undefined
}

/** Orders decimal digit strings by their value. */
export const compareNumbers = (left: string, right: string): number =>
  left.length !== right.length ? left.length - right.length : left < right ? -1 : left > right ? 1 : 0
