/**
 * Does this purchase earn its buyer points? The rules of one points mechanic, before limits.
 */
import type { Conversion } from "../referral/Conversion.ts"
import type { PointsMechanic } from "../points/Points.ts"
import type { Currency } from "../money/Currency.ts"
import { toIso } from "../id/Instant.ts"
import type { Verdict } from "./Case.ts"
import { check, purchaseChecks, standing, tryAll } from "./ConversionCheck.ts"
import type { History } from "./History.ts"

/** Null for a purchase by nobody known: there is nobody to credit or to refuse. */
export const judgePoints = (
  history: History,
  mechanic: PointsMechanic,
  currency: Currency,
  conversion: Conversion,
): Verdict | null => {
  const [beneficiary] = conversion.friends
  if (beneficiary === undefined) return null
  const member = history.people.personOf(beneficiary)
  const since = history.enrolledAt.get(member)
  const before = standing(conversion)
  const after = tryAll([
    ...(mechanic.members === "enrolled"
      ? [
          check(
            "was enrolled",
            since !== undefined && since <= conversion.at,
            "not-enrolled",
            since === undefined ? {} : { since: toIso(since) },
          ),
        ]
      : []),
    ...purchaseChecks(conversion, currency, mechanic.qualifies),
  ])
  const reason = before.reason ?? after.reason
  return {
    conversion,
    role: "member",
    part: "",
    share: { index: 0, of: 1 },
    outcome: reason === null ? "eligible" : "refused",
    reason,
    touch: null,
    advocate: member,
    beneficiary,
    trials: [...before.trials, ...(before.reason === null ? after.trials : [])],
    newBuyer: false,
    recurring: null,
  }
}
