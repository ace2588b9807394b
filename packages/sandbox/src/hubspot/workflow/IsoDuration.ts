/** Durations such as `PT1H`, `P7DT12H` or, as HubSpot's own example, `P1WT1H`. Years and months have no fixed length and are refused. */

export const weekMillis = 604_800_000

const pattern = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
const unitMillis = [weekMillis, 86_400_000, 3_600_000, 60_000, 1_000]

export const parse = (text: string): number | null => {
  const parts = pattern.exec(text)?.slice(1)
  if (parts === undefined || parts.every((part) => part === undefined) || text.endsWith("T")) return null
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (unitMillis[index] ?? 0), 0)
}
