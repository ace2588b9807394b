/**
 * The outbox of one tenant in memory: rows by key, and the platforms that are away.
 *
 * Its functions are synchronous and change the shelf in one go, so nobody comes in between; whoever holds the shelf sees
 * to it that facts and changes are stored together.
 */
import * as ByteOrder from "../id/ByteOrder.ts"
import type { Instant } from "../id/Instant.ts"
import type { CreditKey } from "./Credit.ts"
import {
  type EffectKey,
  type EffectRow,
  type OutboundEffect,
  plannedRow,
  platformOf,
  type State,
} from "./OutboundEffect.ts"
import type { Change, Move, Outage, Taken, Taking } from "./Outbox.ts"
import { minute, plan } from "./OutboxPlan.ts"
import * as Renaming from "./Renaming.ts"

/** `takenAt`: when its last attempt began. */
export interface Shelved extends EffectRow {
  readonly takenAt: Instant | null
}

export interface Shelf {
  readonly rows: Map<EffectKey, Shelved>
  readonly outages: Map<string, Outage>
}

export const emptyShelf = (): Shelf => ({ rows: new Map(), outages: new Map() })

const shown = ({ takenAt: _takenAt, ...row }: Shelved): EffectRow => row

const byKey = (left: Shelved, right: Shelved): number => ByteOrder.compare(left.effect.key, right.effect.key)

export const list = (
  shelf: Shelf,
  options: {
    readonly states: ReadonlyArray<State>
    readonly credits?: ReadonlyArray<CreditKey>
    readonly after?: EffectKey
    readonly limit?: number
  },
): ReadonlyArray<EffectRow> =>
  [...shelf.rows.values()]
    .filter(
      ({ effect, state }) =>
        options.states.includes(state) &&
        (options.credits === undefined || ("credit" in effect && options.credits.includes(effect.credit))),
    )
    .sort(byKey)
    .filter(({ effect }) => options.after === undefined || ByteOrder.compare(effect.key, options.after) > 0)
    .slice(0, options.limit)
    .map(shown)

/** Plans effects; one that has begun stays as it is. */
export const planEffects = (shelf: Shelf, effects: ReadonlyArray<OutboundEffect>): void => {
  for (const effect of effects) {
    const row = shelf.rows.get(effect.key)
    if (row !== undefined && row.state !== "planned" && row.state !== "undone") continue
    shelf.rows.set(effect.key, { ...plannedRow(effect), attempts: row?.attempts ?? 0, takenAt: row?.takenAt ?? null })
  }
}

export const undo = (shelf: Shelf, keys: ReadonlyArray<EffectKey>): void => {
  for (const key of keys) {
    const row = shelf.rows.get(key)
    if (row?.state === "planned") shelf.rows.set(key, { ...row, state: "undone", dueAt: null })
  }
}

/** Puts tombstones for handles. */
export const forget = (shelf: Shelf, replace: Renaming.Replace) => {
  const before = [...shelf.rows.values()]
  const after = before.map((row) => Renaming.effectRow(row, replace))
  shelf.rows.clear()
  for (const row of after) shelf.rows.set(row.effect.key, row)
  return {
    effects: after.filter((row, index) => row !== before[index]).length,
    undone: after.filter((row, index) => row.state !== before[index]?.state).length,
  }
}

const isDoubtful = ({ state }: Shelved): boolean => state === "sending" || state === "unknown"

/** The longest waiting first; planned ones after them. */
const inTurn = (left: Shelved, right: Shelved): number =>
  isDoubtful(left) && isDoubtful(right)
    ? (left.dueAt ?? 0) - (right.dueAt ?? 0) || byKey(left, right)
    : isDoubtful(left)
      ? -1
      : isDoubtful(right)
        ? 1
        : byKey(left, right)

/** What may be taken: decided before its facts are stored, so that nothing is taken when they cannot be. */
export const choose = (shelf: Shelf, { at, doubtfulOnly, limit, platform }: Taking): Taken => {
  const rows = [...shelf.rows.values()].filter(({ effect }) => platformOf(effect) === platform)
  const recent = rows.flatMap(({ takenAt }) => (takenAt !== null && takenAt > at - minute ? [takenAt] : []))
  const open = rows.filter((row) => isDoubtful(row) || (row.state === "planned" && doubtfulOnly !== true))
  const free = open.filter(({ dueAt }) => dueAt !== null && dueAt <= at).sort(inTurn)
  const later = open.flatMap(({ dueAt }) => (dueAt !== null && dueAt > at ? [dueAt] : []))
  const outage = shelf.outages.get(platform)
  const { take, waiting } = plan(
    {
      recent: { count: recent.length, firstAt: recent.length === 0 ? null : Math.min(...recent) },
      pausedUntil: outage?.until ?? null,
      free: free.length,
      nextFreeAt: later.length === 0 ? null : Math.min(...later),
    },
    limit,
    at,
  )
  return { rows: free.slice(0, take).map(shown), waiting, outages: outage?.times ?? 0 }
}

/** Takes what was chosen. */
export const take = (shelf: Shelf, { at, leasedUntil }: Taking, { rows, ...told }: Taken): Taken => {
  const taken = rows.map((row): Shelved => ({
    ...row,
    state: "sending",
    attempts: row.attempts + 1,
    dueAt: leasedUntil,
    takenAt: at,
  }))
  for (const row of taken) shelf.rows.set(row.effect.key, row)
  return { ...told, rows: taken.map(shown) }
}

const named = <A>(value: A | undefined, known: A): A => (value === undefined ? known : value)

const changed = (row: Shelved, { dueAt, goneAt, note, to, unanswered }: Change): Shelved => ({
  ...row,
  state: to,
  dueAt,
  note: named(note?.replaceAll("\0", "") ?? note, row.note),
  unanswered: named(unanswered, row.unanswered),
  goneAt: named(goneAt, row.goneAt),
})

/** The keys that a move would change. */
export const movable = (shelf: Shelf, { changes, from }: Move): ReadonlySet<EffectKey> =>
  new Set(
    changes.flatMap(({ attempt, key }) => {
      const row = shelf.rows.get(key)
      return row !== undefined && from.includes(row.state) && row.attempts === attempt ? [key] : []
    }),
  )

export const move = (shelf: Shelf, { changes, outage }: Move, moved: ReadonlySet<EffectKey>): void => {
  for (const change of changes) {
    const row = shelf.rows.get(change.key)
    if (row !== undefined && moved.has(change.key)) shelf.rows.set(change.key, changed(row, change))
  }
  if (outage === undefined) return
  if (outage.times === 0) shelf.outages.delete(outage.platform)
  else shelf.outages.set(outage.platform, outage)
}
