/**
 * The reference model, part 5: what refuses a purchase for one advocate, before people and limits have their say. See
 * docs/crediting.md, "What refuses".
 */
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import type { Program } from "@advocacy-kit/core/program/Program"
import type { Qualification, ReferralMechanic } from "@advocacy-kit/core/program/Referral"
import { all, companiesOf, isBack, personOf, type ModelHistory } from "./ModelHistory.ts"
import { boughtBefore, buyerCompanies, isBuyer, type ModelPurchase } from "./ModelPurchase.ts"

/** Whether there is a purchase at all. */
export const standing = ({ cancelled, test }: ModelPurchase): string | null =>
  test ? "test-order" : cancelled ? "cancelled" : null

const breaks = (rule: Qualification, { fact, netMinor }: ModelPurchase, program: Program): string | null => {
  const order = fact._tag === "OrderPlaced" ? fact : null
  if (rule.rule === "minimum")
    return netMinor < fromDecimal(rule.amount, program.currency).amountMinor ? "below-minimum" : null
  if (rule.rule === "products") {
    const isKept = order?.lines.some((line) => line.currentQuantity > 0 && rule.anyOf.includes(line.product ?? ""))
    return isKept === true ? null : "other-products"
  }
  if (rule.rule === "channels") return rule.anyOf.includes(order?.channel ?? "") ? null : "other-channel"
  return null
}

/** What was bought, and what is left of it. */
export const aboutThePurchase = (
  purchase: ModelPurchase,
  program: Program,
  qualifies: ReadonlyArray<Qualification>,
): string | null => {
  if (purchase.currency !== program.currency) return "other-currency"
  if (purchase.netMinor === 0n) return "refunded"
  return qualifies.map((rule) => breaks(rule, purchase, program)).find((reason) => reason !== null) ?? null
}

export const isEnrolled = (history: ModelHistory, person: Handle, purchase: ModelPurchase): boolean =>
  all(history, "Enrolled").some(
    (enrolment) =>
      enrolment.program === history.program &&
      enrolment.occurredAt <= purchase.at &&
      personOf(history, enrolment.person) === personOf(history, person),
  )

/** Who bought, and who would earn; nobody in particular where the evidence names several. */
export const aboutThePeople = (
  history: ModelHistory,
  purchase: ModelPurchase,
  mechanic: ReferralMechanic,
  advocate: Handle | null,
): string | null => {
  if (purchase.buyers.length === 0) return "unknown-buyer"
  if (advocate === null) return null
  if (isBuyer(history, purchase, advocate)) return "self-referral"
  const companies = buyerCompanies(history, purchase)
  for (const { rule } of mechanic.qualifies) {
    if (rule === "other-company" && companiesOf(history, advocate).some((one) => companies.includes(one)))
      return "same-company"
    if (rule === "enrolled" && !isEnrolled(history, advocate, purchase)) return "not-enrolled"
  }
  return null
}

/** Only what the mechanic counts as a conversion makes a customer known; where any rule asks it of companies, of the company. Who is back is known. */
export const isKnown = (
  history: ModelHistory,
  bought: ReadonlyArray<ModelPurchase>,
  purchase: ModelPurchase,
  { conversions, qualifies }: ReferralMechanic,
): boolean =>
  purchase.buyers.some((buyer) => isBack(history, buyer)) ||
  boughtBefore(
    history,
    bought.filter(({ kind }) => conversions.includes(kind)),
    purchase,
    qualifies.some((rule) => rule.rule === "new-customer" && rule.per === "company") ? "company" : "person",
  )
