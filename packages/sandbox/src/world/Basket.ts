/**
 * What is in an order: lines, what the codes took off, and which pieces came back.
 *
 * Promises: nets are exact and lie in the range asked for; discounts are split as Shopify splits them; refunds
 * never exceed what was paid for a line.
 */
import type { LineDraft, RefundDraft } from "./Draft.ts"
import { products } from "./NameList.ts"
import * as Price from "./Price.ts"
import type { RandomSource } from "./RandomSource.ts"

export interface CodeOnOrder {
  /** As the buyer typed it. */
  readonly typed: string
  readonly value: { readonly percent: number } | { readonly cents: bigint }
}

export interface NetRange {
  readonly least: bigint
  readonly most: bigint
}

export const anyNet: NetRange = { least: 900n, most: 60_000n }

const lineGross = (line: LineDraft): bigint => line.unitCents * BigInt(line.quantity)

/** What the buyer paid for a line. */
export const linePaid = (line: LineDraft): bigint =>
  lineGross(line) - Price.total(line.allocations.map(({ cents }) => cents))

export const paid = (lines: ReadonlyArray<LineDraft>): bigint => Price.total(lines.map(linePaid))

const discount = (lines: ReadonlyArray<LineDraft>, codes: ReadonlyArray<CodeOnOrder>): void => {
  const gross = lines.map(lineGross)
  const sum = Price.total(gross)
  for (const { typed, value } of codes) {
    const off = "percent" in value ? Price.percentOf(value.percent, sum) : value.cents < sum ? value.cents : sum
    Price.split(off, gross).forEach((cents, index) => lines[index]?.allocations.push({ code: typed, cents }))
  }
}

const oneBasket = (random: RandomSource): Array<LineDraft> => {
  const count = random.pick([1, 1, 1, 2, 2, 3, 4])
  return random
    .shuffle(products)
    .slice(0, count)
    .map((product) => ({
      productId: product.id,
      title: product.title,
      isGiftCard: false,
      quantity: random.pick([1, 1, 1, 1, 2, 2, 3]),
      unitCents: product.cents,
      allocations: [],
      id: "",
    }))
}

/** A basket whose net, after the codes, lies in the range. */
export const fill = (random: RandomSource, codes: ReadonlyArray<CodeOnOrder>, range: NetRange): Array<LineDraft> => {
  for (let attempt = 0; attempt < 2_000; attempt++) {
    const lines = oneBasket(random)
    discount(lines, codes)
    const net = paid(lines)
    if (net >= range.least && net <= range.most) return lines
  }
  throw new RangeError(`no basket has a net between ${range.least} and ${range.most} cents`)
}

/** A basket of one chosen product, for amounts that matter to the cent. */
export const single = (cents: bigint, codes: ReadonlyArray<CodeOnOrder>): Array<LineDraft> => {
  const product = products.find((candidate) => candidate.cents === cents)
  if (product === undefined) throw new RangeError(`no product costs ${cents} cents`)
  const line: LineDraft = {
    productId: product.id,
    title: product.title,
    isGiftCard: false,
    quantity: 1,
    unitCents: cents,
    allocations: [],
    id: "",
  }
  discount([line], codes)
  return [line]
}

export const giftCard = (): LineDraft => ({
  productId: "8100999999999",
  title: "Gift card",
  isGiftCard: true,
  quantity: 1,
  unitCents: 5_000n,
  allocations: [],
  id: "",
})

/** Pieces per line that came back in these refunds. */
export const returned = (lines: ReadonlyArray<LineDraft>, refunds: ReadonlyArray<RefundDraft>): Array<number> => {
  const pieces = lines.map(() => 0)
  for (const refund of refunds) {
    for (const line of refund.lines) pieces[line.index] = (pieces[line.index] ?? 0) + line.quantity
  }
  return pieces
}

/** Without shipping, after discounts and the given refunds. */
export const net = (lines: ReadonlyArray<LineDraft>, refunds: ReadonlyArray<RefundDraft>): bigint =>
  paid(lines) - Price.total(refunds.flatMap((refund) => refund.lines.map(({ cents }) => cents)))

/**
 * Pieces to return so that the net left lies in the range; null when this order of returning pieces finds none.
 * Pieces are taken back one by one in random order.
 */
export const piecesToReturn = (
  random: RandomSource,
  lines: ReadonlyArray<LineDraft>,
  range: NetRange,
): Array<number> | null => {
  const pieces = lines.map(() => 0)
  const all = random.shuffle(lines.flatMap((line, index) => Array.from({ length: line.quantity }, () => index)))
  for (const index of all) {
    pieces[index] = (pieces[index] ?? 0) + 1
    const left = Price.total(
      lines.map((line, at) => linePaid(line) - Price.ofPieces(linePaid(line), pieces[at] ?? 0, line.quantity)),
    )
    if (left >= range.least && left <= range.most) return pieces
    if (left < range.least) return null
  }
  return null
}

/** The refund that brings the returned pieces per line from `before` to `after`. */
export const refund = (
  lines: ReadonlyArray<LineDraft>,
  before: ReadonlyArray<number>,
  after: ReadonlyArray<number>,
  at: number,
  shippingCents: bigint,
): RefundDraft => ({
  at,
  shippingCents,
  id: "",
  lines: lines.flatMap((line, index) => {
    const from = before[index] ?? 0
    const to = after[index] ?? 0
    if (to <= from) return []
    const amount = linePaid(line)
    const cents = Price.ofPieces(amount, to, line.quantity) - Price.ofPieces(amount, from, line.quantity)
    return [{ index, quantity: to - from, cents }]
  }),
})
