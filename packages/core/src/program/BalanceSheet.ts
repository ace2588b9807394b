/**
 * Where a credit's amount lies, given what was taken of it already.
 *
 * Promises: the legs sum to zero; what was handed over or given away stays so; the rest lies where its time says; what was handed
 * over beyond the amount is a debt, never more than was handed over; debts that other credits of the same person pay are less by
 * that. A leg of nothing is left out.
 */
import type { Handle } from "../id/Handle.ts"
import { handleAccount, programAccount, type Leg, type Maturity } from "../ledger/Credit.ts"
import type { Commitment } from "./Commitment.ts"

/** Where the part of a credit lies that nobody has taken. */
export type Rest = "pending" | "available" | "expired" | "forfeited"

export interface Sheet {
  readonly program: string
  readonly beneficiary: Handle
  /** What the credit is worth now; not negative. */
  readonly amountMinor: bigint
  readonly committed: ReadonlyArray<Pick<Commitment, "kind" | "amountMinor">>
  readonly rest: Rest
  /** Accounts that the value comes from; the program unless told. */
  readonly sources?: ReadonlyArray<Leg>
  /** How much of the rest pays debts of the same person. */
  readonly repaysMinor?: bigint
  /** How much of the debt is paid by other credits of the same person. */
  readonly repaidMinor?: bigint
}

const sumOf = (sheet: Sheet, kind: Commitment["kind"]): bigint =>
  sheet.committed.reduce((total, one) => (one.kind === kind ? total + one.amountMinor : total), 0n)

/** What nobody has taken yet. */
export const openMinor = (sheet: Sheet): bigint => {
  const left = sheet.amountMinor - sumOf(sheet, "settled") - sumOf(sheet, "transferred")
  return left > 0n ? left : 0n
}

/** What was taken beyond what the credit is worth now. */
export const shortMinor = (sheet: Sheet): bigint => {
  const short = sumOf(sheet, "settled") + sumOf(sheet, "transferred") - sheet.amountMinor
  return short > 0n ? short : 0n
}

export const legsOf = (sheet: Sheet): ReadonlyArray<Leg> => {
  const { amountMinor, beneficiary, program, repaidMinor = 0n, repaysMinor = 0n, rest } = sheet
  const leg = (maturity: Maturity, minor: bigint): Leg => ({
    account: handleAccount(beneficiary, maturity),
    amountMinor: minor,
  })
  const { sources = [] } = sheet
  const fromSources = sources.reduce((total, source) => total + source.amountMinor, 0n)
  return [
    { account: programAccount(program), amountMinor: fromSources - amountMinor },
    ...sources.map(({ account, amountMinor: minor }) => ({ account, amountMinor: -minor })),
    leg(rest, openMinor(sheet) - repaysMinor),
    leg("settled", sumOf(sheet, "settled")),
    leg("transferred", sumOf(sheet, "transferred")),
    leg("repaid", repaysMinor - repaidMinor),
    leg("debt", repaidMinor - shortMinor(sheet)),
  ].filter((one) => one.amountMinor !== 0n)
}
