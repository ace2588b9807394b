/**
 * What the demo's JSON says, as far as it is judged here, and the judgement.
 *
 * Promises: the judgement is pure; it asks for exactly the keys of the contract, for agreement with the ground truth in
 * every provable class, for nothing lost on the way in, and for a second run that does nothing. Soft classes are shown with
 * their figures, never judged.
 */
import { type Finding, finding, noneOf } from "../Finding.ts"

export interface TruthClass {
  readonly provable: boolean
  readonly expected: number
  readonly agreed: number
  readonly precision: number | null
  readonly recall: number | null
}

export interface DemoReport {
  readonly synced: {
    readonly webhooks: { readonly inbox: { readonly open: number; readonly parked: number } }
    readonly rejected: ReadonlyArray<unknown>
  }
  readonly referrals: { readonly credited: number }
  readonly ledger: { readonly sumsToZero: boolean }
  readonly rewards: { readonly issued: number; readonly states: Readonly<Record<string, number>> }
  readonly writeBack: { readonly written: number; readonly unchanged: number; readonly failed: ReadonlyArray<unknown> }
  readonly groundTruth: {
    readonly classes: Readonly<Record<string, TruthClass>>
    readonly allTrueReferrals: { readonly expected: number; readonly credited: number; readonly recall: number }
    readonly unknownOrders: ReadonlyArray<string>
  }
  readonly secondRun: { readonly postings: number; readonly effects: number }
  readonly timings: ReadonlyArray<{ readonly stage: string; readonly millis: number }>
}

export const keys = [
  "sandbox",
  "synced",
  "people",
  "advocates",
  "referrals",
  "ledger",
  "rewards",
  "writeBack",
  "metrics",
  "groundTruth",
  "secondRun",
  "timings",
]

const show = (value: unknown): string => JSON.stringify(value).slice(0, 600)

/** Reads standard output: one JSON object with exactly the keys of the contract, or why it is not. */
export const read = (stdout: string): DemoReport | string => {
  let value: unknown
  try {
    value = JSON.parse(stdout)
  } catch {
    return `standard output is not one JSON value; it begins with ${show(stdout.slice(0, 200))}`
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "standard output is not a JSON object"
  }
  const found = Object.keys(value)
  const missing = keys.filter((key) => !found.includes(key))
  const unknown = found.filter((key) => !keys.includes(key))
  return missing.length === 0 && unknown.length === 0
    ? (value as DemoReport)
    : `missing keys: ${missing.join(", ") || "none"}; unknown keys: ${unknown.join(", ") || "none"}`
}

const agrees = ({ agreed, expected, precision, recall }: TruthClass): boolean =>
  expected > 0 && agreed === expected && (precision === null || precision === 1) && recall === 1

const classes = (label: string, { groundTruth }: DemoReport): ReadonlyArray<Finding> => {
  const provable = Object.entries(groundTruth.classes).filter(([, one]) => one.provable)
  return [
    finding(`${label}: the truth has provable classes`, provable.length >= 15, () => `only ${provable.length}`),
    ...provable.map(([name, one]) => finding(`${label}: every case of ${name} agrees`, agrees(one), () => show(one))),
  ]
}

export const judge = (label: string, report: DemoReport): ReadonlyArray<Finding> => {
  const { groundTruth, ledger, referrals, rewards, secondRun, synced, writeBack } = report
  const { failed = 0, planned = 0, sending = 0, unknown = 0 } = rewards.states
  return [
    ...classes(label, report),
    noneOf(`${label}: every judged order is known to the truth`, groundTruth.unknownOrders),
    finding(`${label}: referrals are credited and rewarded`, referrals.credited > 0 && rewards.issued > 0, () =>
      show([referrals, rewards]),
    ),
    finding(`${label}: no reward is left in doubt`, failed + planned + sending + unknown === 0, () => show(rewards)),
    finding(`${label}: the ledger sums to zero`, ledger.sumsToZero, () => show(ledger)),
    finding(`${label}: nothing is rejected`, synced.rejected.length === 0, () => show(synced.rejected)),
    finding(
      `${label}: no message waits or is parked`,
      synced.webhooks.inbox.open === 0 && synced.webhooks.inbox.parked === 0,
      () => show(synced.webhooks.inbox),
    ),
    finding(
      `${label}: standings are written back`,
      writeBack.written + writeBack.unchanged > 0 && writeBack.failed.length === 0,
      () => show(writeBack),
    ),
    finding(`${label}: a second run posts nothing`, secondRun.postings === 0, () => show(secondRun)),
    finding(`${label}: a second run sends nothing`, secondRun.effects === 0, () => show(secondRun)),
  ]
}

const share = (value: number | null): string => (value === null ? "-" : value.toFixed(3))

/** The soft classes and the recall over all true referrals, a line each. */
export const figures = (label: string, { groundTruth }: DemoReport): ReadonlyArray<string> => [
  ...Object.entries(groundTruth.classes)
    .filter(([, one]) => !one.provable)
    .map(
      ([name, one]) =>
        `${label}: ${name} (soft) agrees in ${one.agreed} of ${one.expected}, precision ${share(one.precision)}, recall ${share(one.recall)}`,
    ),
  `${label}: of all ${groundTruth.allTrueReferrals.expected} true referrals ${groundTruth.allTrueReferrals.credited} are credited, recall ${share(groundTruth.allTrueReferrals.recall)}`,
]
