/**
 * What a ledger and its outbox say once a person was erased. Pure.
 *
 * Promises: accounts take the name of the tombstone, so their sums are as they were; a planned effect for the person will not take place.
 */
import { inValue } from "../fact/Tombstone.ts"
import { kindOf, type Handle } from "../id/Handle.ts"
import type { Revision } from "./Ledger.ts"
import type { EffectRow, OutboundEffect } from "./OutboundEffect.ts"

export type Replace = (handle: string) => Handle | undefined

/** The same object where nothing in it names the person. */
export const revision = <Of extends Revision>(posted: Of, replace: Replace): Of => inValue(posted, replace)

const isFor = (effect: OutboundEffect, replace: Replace): boolean =>
  replace(effect.beneficiary) !== undefined || ("recipient" in effect && replace(effect.recipient) !== undefined)

/** The recipient's tombstone says still which platform the effect belongs to: there it is looked up if it is in doubt. */
const renamedEffect = (effect: OutboundEffect, replace: Replace): OutboundEffect => {
  const renamed = inValue(effect, replace)
  if (effect._tag !== "IssueReward" || renamed._tag !== "IssueReward") return renamed
  const stone = replace(effect.recipient)
  return stone === undefined
    ? renamed
    : { ...renamed, recipient: `${kindOf(effect.recipient)}:erased-${stone.slice(stone.indexOf(":") + 1)}` as Handle }
}

/** The same object where nothing in it names the person. */
export const effectRow = <Row extends EffectRow>(row: Row, replace: Replace): Row => {
  const effect = renamedEffect(row.effect, replace)
  if (effect === row.effect) return row
  const renamed = { ...row, effect }
  return row.state === "planned" && isFor(row.effect, replace) ? { ...renamed, state: "undone", dueAt: null } : renamed
}
