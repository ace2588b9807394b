/**
 * What a reader of an audit must know before believing a figure.
 */
import { toIso, type Instant } from "../id/Instant.ts"
import type { Program } from "../program/Program.ts"

export interface Audited {
  readonly program: Program
  readonly asOf: Instant
  /** When the first purchase was made; null without purchases. */
  readonly firstOrderAt: Instant | null
  /** When the first and the last record were granted; null without records. */
  readonly records: { readonly from: Instant; readonly until: Instant } | null
  /** Purchases that are judged by the other product's word alone. */
  readonly claimed: number
  readonly estimated: number
  /** Purchases are known from files, which do not say which were tests. */
  readonly isOfFiles: boolean
  readonly notYetDue: number
}

const day = (at: Instant): string => toIso(at).slice(0, 10)

const referralsOf = ({ definition }: Program) => definition.mechanics.filter((mechanic) => mechanic.kind === "referral")

/** One sentence each, without a full stop. */
export const caveatsOf = (audited: Audited): ReadonlyArray<string> => {
  const { claimed, estimated, firstOrderAt, isOfFiles, notYetDue, program, records } = audited
  const referrals = referralsOf(program)
  const asksNew = referrals.some(({ qualifies }) => qualifies.some(({ rule }) => rule === "new-customer"))
  const hasLimits = referrals.some(({ limits }) => limits.length > 0)
  return [
    "the rules are those that were stated to the audit, from the first purchase on; a promise made to a single person is in no file",
    ...(records === null
      ? ["no record of a reward is in the files, so that nothing can be called missing"]
      : [
          `records were granted from ${day(records.from)} to ${day(records.until)}; what was due before the first of them cannot be called missing`,
        ]),
    ...(asksNew && firstOrderAt !== null
      ? [`whoever bought before ${day(firstOrderAt)}, where the orders begin, counts as new here`]
      : []),
    ...(claimed === 0
      ? []
      : [
          `${claimed} purchases show no code of their own: who brought them is taken from the other product's records, and everything else is judged`,
        ]),
    ...(hasLimits ? ["limits are filled in the order of purchase, whatever the order of payment"] : []),
    ...(isOfFiles
      ? ["a file of orders does not say which were tests: they count as real, as a purchase and as an earlier one"]
      : []),
    ...(estimated === 0
      ? []
      : [
          `${estimated} refunds are known as one sum, in which tax and shipping may lie; what that leaves open is counted as "cannot tell"`,
        ]),
    ...(notYetDue === 0
      ? []
      : [`${notYetDue} rewards are not due yet and are no finding, paid or not, unless paid early`]),
  ]
}
