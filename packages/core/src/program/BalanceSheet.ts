/**
 * Where a credit's amount lies, given what was handed over of it already.
 *
 * Promises: the legs sum to zero; what was handed over stays settled; the rest is pending or available; what was handed over
 * beyond the amount is a debt, never more than was handed over. A leg of nothing is left out.
 */
import type { RewardCommitted } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { handleAccount, programAccount, type Leg } from "../ledger/Credit.ts"

export interface Sheet {
  readonly program: string
  readonly beneficiary: Handle
  /** What the credit is worth now; not negative. */
  readonly amountMinor: bigint
  readonly committed: ReadonlyArray<RewardCommitted>
  /** Where the part lies that was not handed over. */
  readonly rest: "pending" | "available"
}

export const legsOf = ({ amountMinor, beneficiary, committed, program, rest }: Sheet): ReadonlyArray<Leg> => {
  const settledMinor = committed.reduce((total, commitment) => total + commitment.amountMinor, 0n)
  const openMinor = amountMinor > settledMinor ? amountMinor - settledMinor : 0n
  const debtMinor = settledMinor > amountMinor ? settledMinor - amountMinor : 0n
  return [
    { account: programAccount(program), amountMinor: -amountMinor },
    { account: handleAccount(beneficiary, rest), amountMinor: openMinor },
    { account: handleAccount(beneficiary, "settled"), amountMinor: settledMinor },
    { account: handleAccount(beneficiary, "debt"), amountMinor: -debtMinor },
  ].filter((leg) => leg.amountMinor !== 0n)
}
