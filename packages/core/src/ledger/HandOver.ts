/**
 * In what form a reward reaches whom it is for. Absent: a discount code, as it was before there were other forms.
 *
 * It travels with the credit to the effect, so that a platform needs to know no program. It says nothing of amounts.
 */
import { Schema } from "effect"

export const HandOver = Schema.Struct({
  as: Schema.Literals(["discount-code", "store-credit", "gift-card"]),
  /** How long it can be spent, from when it was planned; absent: without an end. */
  validDays: Schema.optionalKey(Schema.Int),
  /** Whether it is taken back on the platform, as far as that goes, when the whole of it is owed back. */
  takeBack: Schema.optionalKey(Schema.Literal(true)),
})
export type HandOver = typeof HandOver.Type

export const isSame = (left: HandOver | undefined, right: HandOver | undefined): boolean =>
  left?.as === right?.as && left?.validDays === right?.validDays && left?.takeBack === right?.takeBack
