/**
 * Everything that is held about a person, for themselves to read.
 *
 * Promises: every fact that names them, the personal values behind their handles, their credits with reasons, what lies in their
 * accounts, what was and is to be handed over. Other people are in it by neutral labels alone, the same one for the same handle; whose
 * code they used is told by the code. It writes nothing. Superseded versions of records are not in it, nor are messages that wait.
 */
import { Effect } from "effect"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import type { Fact } from "../fact/Fact.ts"
import * as Tombstone from "../fact/Tombstone.ts"
import { isSoft, isTombstone, kindOf, type Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit } from "../ledger/Credit.ts"
import { Ledger, type Balance, type LedgerError } from "../ledger/Ledger.ts"
import { State, type EffectRow } from "../ledger/OutboundEffect.ts"
import * as People from "../person/People.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { factsAt } from "./Crediting.ts"
import { programsIn } from "./Digesting.ts"

export interface PersonExport {
  readonly asOf: Instant
  /** How sources know them. */
  readonly handles: ReadonlyArray<Handle>
  /** The values behind these handles: names, addresses. */
  readonly personal: Readonly<Record<string, string>>
  /** By kind, oldest first. */
  readonly facts: Readonly<Record<string, ReadonlyArray<Fact>>>
  /** Decisions in their favour, refused and held ones too. */
  readonly credits: ReadonlyArray<Credit>
  readonly balances: ReadonlyArray<Balance>
  readonly effects: ReadonlyArray<EffectRow>
}

export type ExportingError = FactLogError | LedgerError
export type ExportingNeeds = FactLog | Ledger | CurrentTenant

const platformRecords = /^(?:shopify:customer|hubspot:contact)\//

/** Whether a text is somebody's handle, as opposed to an order's or a company's. */
const isSomebody = (text: string): boolean => {
  const handle = text as Handle
  return platformRecords.test(text) || isTombstone(text) || isSoft(handle) || ["email", "code"].includes(kindOf(handle))
}

/** Replaces everybody who is not among `own`. */
const anonymous = (own: ReadonlySet<string>) => {
  const labels = new Map<string, string>()
  const labelOf = (text: string): string => {
    const known = labels.get(text)
    if (known !== undefined) return known
    const label = `somebody-else-${labels.size + 1}`
    labels.set(text, label)
    return label
  }
  return <A>(value: A): A =>
    Tombstone.inValue(value, (text) => (isSomebody(text) && !own.has(text) ? labelOf(text) : undefined))
}

const ownerOf = (account: string): string => account.slice(0, account.lastIndexOf("#"))

/** The handles of the person behind `handle`, and what only they are known by. */
export const handlesOf = (facts: ReadonlyArray<Fact>, handle: Handle): ReadonlyArray<Handle> => {
  const people = People.resolve(facts)
  const person = people.personOf(handle)
  const own = new Set<Handle>(people.handlesOf(person))
  const soft = facts.flatMap((fact) => Tombstone.softOf(fact, (one) => own.has(one)))
  return [...new Set([handle, ...own, ...soft])].sort()
}

/** Collects what is stored about the person behind `handle`, as at a time. */
export const exportPerson = Effect.fn("Exporting.exportPerson")(function* (
  handle: Handle,
  asOf: Instant,
): Effect.fn.Return<PersonExport, ExportingError, ExportingNeeds> {
  const [log, ledger] = [yield* FactLog, yield* Ledger]
  const facts = yield* factsAt(asOf)
  const handles = handlesOf(facts, handle)
  const own = new Set<string>(handles)
  const withoutOthers = anonymous(own)
  const named = facts
    .filter((fact) => Tombstone.namesAny(fact, own))
    .sort((left, right) => left.occurredAt - right.occurredAt || (left.key < right.key ? -1 : 1))
  const posted = yield* Effect.forEach(programsIn(facts), ledger.posted)
  const credits = posted.flatMap((of) => [...of.values()].map(({ credit }) => credit))
  const effects = yield* ledger.effects({ states: State.literals })
  return {
    asOf,
    handles,
    personal: Object.fromEntries(yield* log.personal(handles)),
    facts: Object.fromEntries(
      [...Map.groupBy(named.map(withoutOthers), ({ _tag }) => _tag)].sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    credits: credits.filter(({ beneficiary }) => own.has(beneficiary)).map(withoutOthers),
    balances: (yield* ledger.balances).filter(({ account }) => own.has(ownerOf(account))),
    effects: effects.filter(({ effect }) => Tombstone.namesAny(effect, own)).map(withoutOthers),
  }
})
