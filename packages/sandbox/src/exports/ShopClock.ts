/**
 * Instants as exports print them: in a zone with its offset, as Shopify does, or in other products' styles.
 *
 * Promises: the offset is that of the instant, over changes of the clocks; it reads no clock. Offsets are looked up once
 * per quarter of an hour, which no zone's change divides, so that a million rows cost little.
 */

const quarterMs = 15 * 60_000

const twoDigits = (value: number): string => String(value).padStart(2, "0")

const stamp = (date: Date): string =>
  `${date.getUTCFullYear()}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())} ` +
  `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`

export interface ShopClock {
  /** `2026-03-29 14:05:11 +0200` */
  readonly withOffset: (iso: string) => string
  /** `2026-03-29 14:05` */
  readonly toMinute: (iso: string) => string
}

export const make = (timeZone: string): ShopClock => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  })
  const offsets = new Map<number, number>()
  const offsetMinutes = (at: number): number => {
    const quarter = Math.floor(at / quarterMs) * quarterMs
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    const parts = new Map(format.formatToParts(quarter).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"))
    const offset = (local - quarter) / 60_000
    offsets.set(quarter, offset)
    return offset
  }
  const local = (iso: string): { readonly shown: string; readonly offset: number } => {
    const at = Date.parse(iso)
    const offset = offsetMinutes(at)
    return { shown: stamp(new Date(at + offset * 60_000)), offset }
  }
  return {
    withOffset: (iso) => {
      const { offset, shown } = local(iso)
      const size = Math.abs(offset)
      return `${shown} ${offset < 0 ? "-" : "+"}${twoDigits(Math.floor(size / 60))}${twoDigits(size % 60)}`
    },
    toMinute: (iso) => local(iso).shown.slice(0, 16),
  }
}

/** `2026-03-29 12:05:11`, in UTC. */
export const universal = (iso: string): string => stamp(new Date(Date.parse(iso)))
