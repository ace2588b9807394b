/**
 * Ledgers that each break one law and no other: the proof that the laws can fail.
 *
 * Each is the memory layer with one plausible fault laid over it. They are for tests of laws, never for use.
 */
import { FactLog, StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import * as FactLogMemory from "@advocacy-kit/core/fact/FactLogMemory"
import type { CreditKey, Leg } from "@advocacy-kit/core/ledger/Credit"
import {
  type Balance,
  type Commit,
  Ledger,
  LedgerError,
  type Posted,
  type Revision,
} from "@advocacy-kit/core/ledger/Ledger"
import * as LedgerMemory from "@advocacy-kit/core/ledger/LedgerMemory"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import type * as Broken from "../Broken.ts"

type Book = Ledger["Service"]
type Stores = Ledger | FactLog

/** The memory layer with members replaced. */
export const over = (fault: (inner: Book, log: FactLog["Service"]) => Partial<Book>): Layer.Layer<Stores> =>
  Layer.effect(
    Ledger,
    Effect.gen(function* () {
      const inner = yield* Ledger
      return { ...inner, ...fault(inner, yield* FactLog) }
    }),
  ).pipe(Layer.provide(LedgerMemory.layerMemory), Layer.provideMerge(FactLogMemory.layerMemory))

const rewriting = (rewrite: (revision: Revision) => Revision): Layer.Layer<Stores> =>
  over((inner) => ({ commit: (commit) => inner.commit({ ...commit, revisions: commit.revisions.map(rewrite) }) }))

const rebalancing = (rebalance: (balances: ReadonlyArray<Balance>) => ReadonlyArray<Balance>): Layer.Layer<Stores> =>
  over((inner) => ({ balances: Effect.map(inner.balances, rebalance) }))

/** Takes a refusal for a fault of its own. */
const blamingTheStore = (tag: "Unbalanced" | "Overtaken"): Layer.Layer<Stores> =>
  over((inner) => ({
    commit: (commit) =>
      Effect.mapError(inner.commit(commit), (error) =>
        error.reason._tag === tag
          ? new LedgerError({ reason: new StoreUnavailable({ operation: "commit", cause: error }) })
          : error,
      ),
  }))

/** Writes what it can one by one, without a transaction, and then says that it failed. */
const storingHalves = (tag: "Unbalanced" | "Overtaken"): Layer.Layer<Stores> =>
  over((inner) => ({
    commit: (commit: Commit) =>
      Effect.tapError(inner.commit(commit), ({ reason }) =>
        reason._tag === tag && commit.revisions.some(({ key }) => key !== reason.credit)
          ? Effect.forEach(commit.revisions, (revision) =>
              Effect.ignore(inner.commit({ revisions: [revision], effects: [], undo: [] })),
            )
          : Effect.void,
      ),
  }))

const dropsRepeatsInACommit = over((inner) => ({
  commit: (commit) => {
    const revisions = new Map(commit.revisions.map((revision) => [`${revision.revision} ${revision.key}`, revision]))
    return inner.commit({ ...commit, revisions: [...revisions.values()] })
  },
}))

/** Looks whether the revision exists, lets others in, and lets the last one believe that it wrote. */
const looksBeforeItWrites = over((inner) => ({
  commit: (commit) =>
    Effect.gen(function* () {
      const [first, ...others] = commit.revisions
      if (first === undefined || others.length > 0) return yield* inner.commit(commit)
      const known = yield* inner.history(first.key)
      yield* Effect.yieldNow
      const writing = inner.commit(commit)
      return yield* known.some(({ revision }) => revision === first.revision) ? writing : Effect.ignore(writing)
    }),
}))

const givesTheNewestFirst = over((inner) => ({
  history: (key) => Effect.map(inner.history(key), (revisions) => [...revisions].reverse()),
}))

/** Takes what a revision is dated by for the time that it was decided for, and keeps no digest. */
const forgetsTheInputs = rewriting((revision) => ({ ...revision, asOf: revision.effectiveAt, inputs: "" }))

const postsTheLastLegs = over((inner) => ({
  posted: (program) =>
    Effect.flatMap(inner.posted(program), (credits) =>
      Effect.map(
        Effect.forEach(credits, ([key, posted]) =>
          Effect.map(inner.history(key), (revisions): readonly [CreditKey, Posted] => [
            key,
            { ...posted, legs: revisions.at(-1)?.legs ?? [] },
          ]),
        ),
        (entries) => new Map(entries),
      ),
    ),
}))

const mixesPrograms = over((inner) => {
  const programs = new Set<string>()
  return {
    commit: (commit) => {
      for (const { credit } of commit.revisions) programs.add(credit.program)
      return inner.commit(commit)
    },
    posted: () =>
      Effect.map(
        Effect.forEach([...programs], (program) => inner.posted(program)),
        (all) => new Map(all.flatMap((credits) => [...credits])),
      ),
  }
})

/** Joins credits with their postings, and so loses those that have none. */
const losesRefusals = over((inner) => ({
  posted: (program) =>
    Effect.map(inner.posted(program), (credits) => new Map([...credits].filter(([, { legs }]) => legs.length > 0))),
}))

const overlooksDebts = rebalancing((balances) => balances.filter(({ account }) => !account.endsWith("#debt")))

const showsZeros = over((inner) => {
  const seen = new Map<string, Balance & { readonly tenant: string }>()
  return {
    commit: (commit) =>
      Effect.andThen(
        inner.commit(commit),
        Effect.map(CurrentTenant, ({ id }) => {
          for (const { legs, unit } of commit.revisions) {
            for (const { account } of legs) seen.set(`${id} ${account}`, { account, unit, amountMinor: 0n, tenant: id })
          }
        }),
      ),
    balances: Effect.zipWith(inner.balances, CurrentTenant, (balances, { id }) => {
      const known = new Set<string>(balances.map(({ account }) => account))
      return [...balances, ...[...seen.values()].filter(({ account, tenant }) => tenant === id && !known.has(account))]
    }),
  }
})

const addsUnits = rebalancing((balances) => {
  const sums = new Map<string, Balance>()
  for (const balance of balances) {
    const known = sums.get(balance.account)
    sums.set(
      balance.account,
      known === undefined ? balance : { ...known, amountMinor: known.amountMinor + balance.amountMinor },
    )
  }
  return [...sums.values()]
})

const sortsAsJavaScript = rebalancing((balances) =>
  [...balances].sort((left, right) => (left.account < right.account ? -1 : 1)),
)

const keeps64Bits = rewriting((revision) => ({
  ...revision,
  legs: revision.legs.map((leg): Leg => ({ ...leg, amountMinor: BigInt.asIntN(64, leg.amountMinor) })),
}))

const everybodysTenant = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(16) }
const asEverybody = <A, E>(effect: Effect.Effect<A, E, CurrentTenant>) =>
  Effect.provideService(effect, CurrentTenant, everybodysTenant)

const forgetsTheTenant = over((inner) => ({
  posted: (program) => asEverybody(inner.posted(program)),
  commit: (commit) => asEverybody(inner.commit(commit)),
  balances: asEverybody(inner.balances),
  history: (credit) => asEverybody(inner.history(credit)),
  effects: (options) => asEverybody(inner.effects(options)),
}))

const breaking = (layer: Layer.Layer<Stores>, breaks: string): Broken.Store<Stores> => ({ breaks, layer })

export const stores: ReadonlyArray<Broken.Store<Stores>> = [
  breaking(blamingTheStore("Unbalanced"), "legs that do not sum to zero are refused by the name of their credit"),
  breaking(storingHalves("Unbalanced"), "of a commit that does not balance nothing is stored"),
  breaking(blamingTheStore("Overtaken"), "a revision that exists is refused as overtaken, by its name"),
  breaking(storingHalves("Overtaken"), "of an overtaken commit nothing is stored"),
  breaking(dropsRepeatsInACommit, "one revision twice in one commit is refused"),
  breaking(looksBeforeItWrites, "of two that commit one revision at the same time exactly one wins"),
  breaking(givesTheNewestFirst, "history gives every revision exactly, oldest first"),
  breaking(forgetsTheInputs, "history says for which time and by which inputs each revision was decided"),
  breaking(postsTheLastLegs, "posted gives the last revision of a credit and the sum of its legs"),
  breaking(mixesPrograms, "posted gives the credits of the asked program alone"),
  breaking(losesRefusals, "a decision that posts nothing is kept"),
  breaking(overlooksDebts, "balances sum the postings of every program and maturity"),
  breaking(showsZeros, "balances leave out what is zero"),
  breaking(addsUnits, "units never add"),
  breaking(sortsAsJavaScript, "balances come in the byte order of their accounts"),
  breaking(keeps64Bits, "amounts beyond 64 bits are exact"),
  breaking(forgetsTheTenant, "no tenant sees another's credits, balances or effects"),
]
