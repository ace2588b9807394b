/**
 * The promises of the project, checked on a user's own data.
 *
 * Each promise has parts: what holds, what does not and where, and what cannot be seen from here (`holds: null`, with where
 * it is checked instead). Nothing is written. The stored state is read once and every part is a pure function of it.
 */
import { Effect } from "effect"
import { Inbox, type InboxError } from "../connector/Inbox.ts"
import type { Fact } from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import type { Handle } from "../id/Handle.ts"
import { kindOf } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import { State } from "../ledger/OutboundEffect.ts"
import { evaluate } from "../program/Evaluation.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { factsAt } from "./Crediting.ts"
import { programsIn } from "./Digesting.ts"
import * as FactPromises from "./FactPromises.ts"
import * as LedgerPromises from "./LedgerPromises.ts"
import { part, promise, unseen, type PromiseCheck, type Stored } from "./PromiseCheck.ts"

const personalKinds = new Set(["email", "phone", "address", "device", "payment"])
const sampleSize = 200

/** Personal handles spread evenly over all that the facts name. */
const sampleOf = (facts: ReadonlyArray<Fact>): ReadonlyArray<Handle> => {
  const handles = new Set<Handle>()
  for (const fact of facts) {
    if (fact._tag !== "PersonSeen") continue
    for (const handle of [...fact.aliases, ...fact.soft]) if (personalKinds.has(kindOf(handle))) handles.add(handle)
  }
  const step = Math.max(1, Math.ceil(handles.size / sampleSize))
  return [...handles].sort().filter((_, index) => index % step === 0)
}

export type VerifyingError = FactLogError | LedgerError | InboxError
export type VerifyingNeeds = FactLog | Ledger | Inbox | CurrentTenant

/** Reads what the checks need. */
export const read = Effect.fn("Verifying.read")(function* (
  asOf: Instant,
): Effect.fn.Return<Stored, VerifyingError, VerifyingNeeds> {
  const [log, ledger, inbox] = [yield* FactLog, yield* Ledger, yield* Inbox]
  const facts = yield* factsAt(asOf)
  const programs = programsIn(facts)
  const perProgram = yield* Effect.forEach(programs, ledger.posted)
  const posted = new Map(perProgram.flatMap((credits) => [...credits]))
  const revised = [...posted].filter(([, { revision }]) => revision > 1).map(([key]) => key)
  const histories = yield* Effect.forEach(
    revised,
    (key) => Effect.map(ledger.history(key), (history) => [key, history] as const),
    { concurrency: 8 },
  )
  return {
    asOf,
    facts,
    evaluations: programs.map((program) => evaluate(facts, program, asOf)),
    posted,
    histories: new Map(histories),
    balances: yield* ledger.balances,
    effects: yield* ledger.effects({ states: State.literals }),
    inbox: yield* inbox.counts,
    parked: yield* inbox.parked,
    personal: yield* log.personal(sampleOf(facts)),
  }
})

const inboxPromise = ({ inbox, parked }: Stored): PromiseCheck =>
  promise(6, "nothing accepted is lost", [
    part(
      "every message that was kept is waiting, done or parked",
      `${inbox.open} waiting, ${inbox.done} done, ${inbox.parked} parked`,
      parked.length === inbox.parked ? [] : [`${inbox.parked} are counted as parked and ${parked.length} are listed`],
    ),
    unseen("a 2xx is sent only for what is committed", "seen where messages arrive: the tests of the webhook routes"),
  ])

const boundsPromise = ({ parked }: Stored): PromiseCheck =>
  promise(10, "a poisoned message is parked with its reason and blocks nobody", [
    part(
      "every parked message has a reason",
      `${parked.length} parked`,
      parked.filter(({ reason }) => reason.trim() === "").map(({ eventKey, source }) => `${source} ${eventKey}`),
    ),
    unseen("memory is bounded for any size of input", "seen under load, not in stored data"),
  ])

/** The check of each promise, in order: the first is promise 1. */
export const checks: ReadonlyArray<(stored: Stored) => PromiseCheck> = [
  LedgerPromises.zeroSum,
  LedgerPromises.oneRowPerCredit,
  FactPromises.sameInAnyOrder,
  LedgerPromises.ruleOfNet,
  LedgerPromises.exactMoney,
  inboxPromise,
  FactPromises.newestWins,
  FactPromises.noSelfReferral,
  FactPromises.privacy,
  boundsPromise,
]

/** Checks every promise on what is stored, as at `asOf`. */
export const verify = (asOf: Instant): Effect.Effect<ReadonlyArray<PromiseCheck>, VerifyingError, VerifyingNeeds> =>
  Effect.map(read(asOf), (stored) => checks.map((check) => check(stored)))
