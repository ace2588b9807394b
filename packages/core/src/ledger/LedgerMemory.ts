/**
 * The ledger and its outbox in memory, for tests, examples and backtests.
 *
 * Promises what `Ledger` promises within one process: a commit is checked whole before any of it is stored; `take` and
 * `move` let nobody in between their comparison, their facts and their change. Balances are summed when asked for. It
 * ends with the process.
 * Exclusive work takes turns per tenant, whatever its names, and is NOT rolled back when it fails: what it wrote stays.
 */
import { Context, Effect, Layer, Option, Semaphore } from "effect"
import { Forgetting, type Part, type Renaming } from "../fact/Forgetting.ts"
import { FactLog, type FactLogError, type Mark } from "../fact/FactLog.ts"
import * as ByteOrder from "../id/ByteOrder.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import * as PerTenant from "../tenant/PerTenant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { Account, CreditKey, Leg } from "./Credit.ts"
import {
  type Balance,
  type Commit,
  Ledger,
  LedgerError,
  Overtaken,
  type Posted,
  type Recorded,
  type Revision,
  Unbalanced,
  type CreditedTo,
  unsettledIn,
  type Which,
} from "./Ledger.ts"
import * as OutboxMemory from "./OutboxMemory.ts"
import * as Renamed from "./Renaming.ts"

interface Book {
  readonly revisions: Map<CreditKey, Map<number, Recorded>>
  readonly outbox: OutboxMemory.Shelf
  /** Held by whoever changes the book. */
  readonly lock: Semaphore.Semaphore
  /** Held by exclusive work. */
  readonly turn: Semaphore.Semaphore
}

const emptyBook = (): Book => ({
  revisions: new Map(),
  outbox: OutboxMemory.emptyShelf(),
  lock: Semaphore.makeUnsafe(1),
  turn: Semaphore.makeUnsafe(1),
})

/** Exclusive work that is going on, and whether a call inside it has failed. */
interface Turn {
  spoiled: boolean
}

/** The turns that the running work has: exclusive work inside exclusive work goes on. */
const Turns = Context.Reference<ReadonlyMap<Book, Turn>>("@advocacy-kit/core/ledger/LedgerMemory/Turns", {
  defaultValue: () => new Map(),
})

const inTurn = <A, E, R>(book: Book, body: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Turns, (turns) =>
    Effect.suspend(() => {
      const turn: Turn = { spoiled: false }
      const work = Effect.tap(Effect.provideService(body, Turns, new Map([...turns, [book, turn]])), () =>
        turn.spoiled
          ? Effect.die(new Error("a call failed inside this exclusive work, which therefore fails"))
          : Effect.void,
      )
      return turns.has(book) ? work : book.turn.withPermit(work)
    }),
  )

/** Changes the book while nobody else does. */
const changing = <A, E, R>(book: Book, change: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.tapCause(book.lock.withPermit(change), () =>
    Effect.map(Turns, (turns) => {
      const turn = turns.get(book)
      if (turn !== undefined) turn.spoiled = true
    }),
  )

const historyOf = (book: Book, key: CreditKey): ReadonlyArray<Recorded> =>
  [...(book.revisions.get(key)?.values() ?? [])].sort((left, right) => left.revision - right.revision)

/** Why a commit must not be stored. */
const objectionTo = (book: Book, commit: Commit): Overtaken | Unbalanced | undefined => {
  const own = new Set<string>()
  for (const { key, legs, revision } of commit.revisions) {
    if (legs.reduce((sum, leg) => sum + leg.amountMinor, 0n) !== 0n) return new Unbalanced({ credit: key })
    const name = `${revision} ${key}`
    if (own.has(name) || book.revisions.get(key)?.has(revision)) return new Overtaken({ credit: key, revision })
    own.add(name)
  }
  const begun = commit.undo.find((key) => !["planned", "undone", undefined].includes(book.outbox.rows.get(key)?.state))
  return begun === undefined ? undefined : new Overtaken({ credit: begun, revision: 0 })
}

const store = (book: Book, commit: Commit, mark: Mark): void => {
  for (const revision of commit.revisions) {
    const known = book.revisions.get(revision.key) ?? new Map<number, Recorded>()
    book.revisions.set(revision.key, known.set(revision.revision, { ...revision, mark }))
  }
  OutboxMemory.undo(book.outbox, commit.undo)
  OutboxMemory.planEffects(book.outbox, commit.effects)
}

/** Puts tombstones for handles, in what was posted and what is planned. */
const forgetIn = (book: Book, { replace }: Renaming) => {
  const posted = [...book.revisions.values()].flatMap((of) => [...of.values()])
  const revisions = posted.map((one) => Renamed.revision(one, replace))
  book.revisions.clear()
  for (const one of revisions)
    book.revisions.set(one.key, (book.revisions.get(one.key) ?? new Map<number, Recorded>()).set(one.revision, one))
  return {
    revisions: revisions.filter((one, index) => one !== posted[index]).length,
    ...OutboxMemory.forget(book.outbox, replace),
  }
}

const summed = (legs: Iterable<Leg>): ReadonlyArray<Leg> => {
  const sums = new Map<Account, bigint>()
  for (const { account, amountMinor } of legs) sums.set(account, (sums.get(account) ?? 0n) + amountMinor)
  return [...sums]
    .filter(([, amountMinor]) => amountMinor !== 0n)
    .sort(([left], [right]) => ByteOrder.compare(left, right))
    .map(([account, amountMinor]) => ({ account, amountMinor }))
}

const postedIn = (book: Book, program: string): ReadonlyMap<CreditKey, Posted> => {
  const posted = new Map<CreditKey, Posted>()
  for (const key of book.revisions.keys()) {
    const history = historyOf(book, key)
    const last = history.at(-1)
    if (last === undefined || last.credit.program !== program) continue
    posted.set(key, { revision: last.revision, credit: last.credit, legs: summed(history.flatMap(({ legs }) => legs)) })
  }
  return posted
}

const postedForIn = (book: Book, program: string, causes: ReadonlySet<string>): ReadonlyMap<CreditKey, Posted> =>
  new Map([...postedIn(book, program)].filter(([, { credit }]) => causes.has(credit.cause)))

const dueIn = (book: Book, program: string, asOf: Instant, limit: number): ReadonlyArray<string> => {
  const due = [...postedIn(book, program).values()].flatMap(({ credit: { cause, nextDueAt } }) =>
    nextDueAt !== null && nextDueAt <= asOf ? [{ cause, nextDueAt }] : [],
  )
  due.sort((left, right) => left.nextDueAt - right.nextDueAt || ByteOrder.compare(left.cause, right.cause))
  return [...new Set(due.map(({ cause }) => cause))].slice(0, limit)
}

const creditedTo = (
  book: Book,
  program: string,
  beneficiaries: ReadonlySet<Handle>,
  which: Which,
): ReadonlyArray<CreditedTo> =>
  [...postedIn(book, program).values()]
    .filter(
      ({ credit }) => beneficiaries.has(credit.beneficiary) && (which === "any" || unsettledIn(credit.legs)[which]),
    )
    .map(({ credit: { beneficiary, cause, unit } }) => ({ cause, beneficiary, unit }))
    .sort((left, right) => ByteOrder.compare(left.cause, right.cause))

const balancesOf = (book: Book): ReadonlyArray<Balance> => {
  const legsByUnit = new Map<Revision["unit"], Array<Leg>>()
  for (const revisions of book.revisions.values()) {
    for (const { legs, unit } of revisions.values()) {
      const known = legsByUnit.get(unit)
      if (known === undefined) legsByUnit.set(unit, [...legs])
      else known.push(...legs)
    }
  }
  return [...legsByUnit]
    .flatMap(([unit, legs]) => summed(legs).map(({ account, amountMinor }) => ({ account, unit, amountMinor })))
    .sort((left, right) => ByteOrder.compare(left.account, right.account) || ByteOrder.compare(left.unit, right.unit))
}

/** Facts that no store can hold are the caller's error: here they come from our own commands, so they die. */
const asLedgerError = ({ reason }: FactLogError): Effect.Effect<never, LedgerError> =>
  reason._tag === "Unstorable" ? Effect.die(reason) : Effect.fail(new LedgerError({ reason }))

export const layerMemory: Layer.Layer<Ledger, never, FactLog> = Layer.effect(
  Ledger,
  Effect.gen(function* () {
    const log = yield* FactLog
    const books = PerTenant.make(emptyBook)
    /** Changes a book together with the fact log, and nobody else meanwhile. */
    const alone = <A>(change: (book: Book) => Effect.Effect<A, FactLogError, CurrentTenant>) =>
      Effect.flatMap(books, (book) =>
        changing(book, Effect.uninterruptible(change(book).pipe(Effect.catch(asLedgerError)))),
      )
    const part: Part = (renaming) =>
      Effect.flatMap(books, (book) => book.lock.withPermit(Effect.sync(() => forgetIn(book, renaming))))
    Option.map(yield* Effect.serviceOption(Forgetting), ({ takePart }) => takePart(part))
    return Ledger.of({
      posted: (program) => Effect.map(books, (book) => postedIn(book, program)),
      postedFor: ({ causes, program }) => Effect.map(books, (book) => postedForIn(book, program, new Set(causes))),
      due: ({ asOf, limit, program }) => Effect.map(books, (book) => dueIn(book, program, asOf, limit)),
      creditedTo: ({ beneficiaries, program, which }) =>
        Effect.map(books, (book) => creditedTo(book, program, new Set(beneficiaries), which)),
      commit: (commit) =>
        Effect.flatMap(books, (book) =>
          changing(
            book,
            Effect.gen(function* () {
              const erasures = yield* log.erasures.pipe(Effect.catch(asLedgerError))
              const objection =
                commit.erasures !== undefined && commit.erasures < erasures
                  ? new Overtaken({ credit: commit.revisions[0]?.key ?? "", revision: 0 })
                  : objectionTo(book, commit)
              if (objection !== undefined) return yield* new LedgerError({ reason: objection })
              store(book, commit, yield* log.mark.pipe(Effect.catch(asLedgerError)))
            }),
          ),
        ),
      balances: Effect.map(books, balancesOf),
      history: (credit) => Effect.map(books, (book) => historyOf(book, credit)),
      effects: (options) => Effect.map(books, (book) => OutboxMemory.list(book.outbox, options)),
      take: (taking) =>
        alone(({ outbox }) =>
          Effect.gen(function* () {
            const chosen = OutboxMemory.choose(outbox, taking)
            if (taking.facts !== undefined && chosen.rows.length > 0)
              yield* log.append(taking.facts(chosen.rows.map(({ effect }) => effect)))
            return OutboxMemory.take(outbox, taking, chosen)
          }),
        ),
      move: (wanted) =>
        alone(({ outbox }) =>
          Effect.gen(function* () {
            const moved = OutboxMemory.movable(outbox, wanted)
            if (wanted.facts !== undefined && moved.size > 0) yield* log.append(wanted.facts(moved))
            OutboxMemory.move(outbox, wanted, moved)
            return moved
          }),
        ),
      exclusively: (_names, body) => Effect.flatMap(books, (book) => inTurn(book, body)),
    })
  }),
)
