/**
 * Stores that each break one law of erasure and no other: the proof that the laws can fail.
 *
 * Each is the memory stores with one plausible fault laid over them. They are for tests of laws, never for use.
 */
import { Inbox, type InboxRow } from "@advocacy-kit/core/connector/Inbox"
import { Erasure } from "@advocacy-kit/core/fact/Erasure"
import type { Fact, FactTag } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { isTombstone, tombstone, type Handle } from "@advocacy-kit/core/id/Handle"
import type { Account } from "@advocacy-kit/core/ledger/Credit"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Context, Effect, Layer, Stream } from "effect"
import type * as Broken from "../Broken.ts"
import type { Stores } from "../laws/ErasureLaws.ts"

interface Services {
  readonly log: FactLog["Service"]
  readonly ledger: Ledger["Service"]
  readonly inbox: Inbox["Service"]
  readonly erasure: Erasure["Service"]
}

/** The memory stores with members of some of them replaced. */
const over = (
  fault: (inner: Services) => { [Name in keyof Services]?: Partial<Services[Name]> },
): Layer.Layer<Stores> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const inner = { log: yield* FactLog, ledger: yield* Ledger, inbox: yield* Inbox, erasure: yield* Erasure }
      const faulty = fault(inner)
      return Context.empty().pipe(
        Context.add(FactLog, { ...inner.log, ...faulty.log }),
        Context.add(Ledger, { ...inner.ledger, ...faulty.ledger }),
        Context.add(Inbox, { ...inner.inbox, ...faulty.inbox }),
        Context.add(Erasure, { ...inner.erasure, ...faulty.erasure }),
      )
    }),
  ).pipe(Layer.provide(MemoryStores.layerMemory))

/** Shows facts of a kind as they were told, where `when` holds for whether the erasure had come. */
const remembering = (tag: FactTag, when: "before" | "after" | "always"): Layer.Layer<Stores> =>
  over(({ erasure, log }) => {
    const handles = new Set<string>()
    let hasErased = false
    return {
      erasure: { erase: (request) => Effect.tap(erasure.erase(request), () => Effect.sync(() => (hasErased = true))) },
      log: {
        append: (batch) => {
          const isIn = when === "always" || (when === "after") === hasErased
          if (isIn)
            Tombstone.candidatesIn(
              batch.facts.filter((fact) => fact._tag === tag),
              handles,
            )
          return log.append(batch)
        },
        newest: (options) =>
          log
            .newest(options)
            .pipe(
              Stream.mapEffect((fact) =>
                Effect.map(CurrentTenant, ({ handleKey }) =>
                  fact._tag === tag ? restored(fact, handles, handleKey) : fact,
                ),
              ),
            ),
      },
    }
  })

const restored = (fact: Fact, handles: ReadonlySet<string>, key: Uint8Array): Fact => {
  const handleOf = new Map([...handles].map((handle) => [tombstone(key, handle as Handle) as string, handle]))
  return Tombstone.inValue(fact, (text) => handleOf.get(text))
}

const forgetsOrders = remembering("OrderPlaced", "before")
const erasesTheNamedHandleAlone = remembering("PersonSeen", "before")
const opensForLateFacts = remembering("LinkVisited", "after")
const knowsNobodyWhoIsJoinedLate = remembering("SurveyAnswered", "always")

const keepsSilentAboutComebacks = over(({ log }) => ({
  log: { newest: (options) => log.newest(options).pipe(Stream.filter(({ _tag }) => _tag !== "PersonReturned")) },
}))

const tellsOf = (tag: FactTag): boolean => tag === "PersonErased" || tag === "PersonReturned"

const entersNoNames = over(({ log }) => ({
  log: {
    mentioning: (wanted) => Effect.map(log.mentioning(wanted), (facts) => facts.filter(({ _tag }) => !tellsOf(_tag))),
  },
}))

const queuesNothing = over(({ log }) => ({
  log: {
    changes: (wanted) => Effect.map(log.changes(wanted), (changes) => changes.filter(({ tag }) => !tellsOf(tag))),
  },
}))

/** Takes an erased handle out of what later facts are found by, and enters only what it has changed. */
const losesLaterNames = over(({ erasure, log }) => {
  let erasedAt = Infinity
  return {
    erasure: {
      erase: (request) => Effect.tap(erasure.erase(request), () => Effect.sync(() => (erasedAt = request.at))),
    },
    log: {
      mentioning: (wanted) =>
        Effect.map(log.mentioning(wanted), (facts) => facts.filter(({ occurredAt }) => occurredAt <= erasedAt)),
    },
  }
})

const losesLaterJoins = over(({ erasure, log }) => {
  let hasErased = false
  return {
    erasure: { erase: (request) => Effect.tap(erasure.erase(request), () => Effect.sync(() => (hasErased = true))) },
    log: {
      joined: (wanted) => (hasErased ? Effect.succeed(wanted.handles.map((one) => [one])) : log.joined(wanted)),
    },
  }
})

const keepsValues = over(({ erasure, log }) => {
  const values = new Map<Handle, string>()
  let hasErased = false
  return {
    erasure: { erase: (request) => Effect.tap(erasure.erase(request), () => Effect.sync(() => (hasErased = true))) },
    log: {
      append: (batch) => {
        if (!hasErased) for (const { handle, value } of batch.personal) values.set(handle, value)
        return log.append(batch)
      },
      personal: (handles) =>
        Effect.map(log.personal(handles), (known) => {
          const kept = handles.flatMap((handle) => {
            const value = values.get(handle)
            return value === undefined ? [] : [[handle, value] as const]
          })
          return new Map([...known, ...kept])
        }),
    },
  }
})

const takesValuesAgain = over(({ erasure, log }) => {
  const late = new Map<Handle, string>()
  let hasErased = false
  return {
    erasure: { erase: (request) => Effect.tap(erasure.erase(request), () => Effect.sync(() => (hasErased = true))) },
    log: {
      append: (batch) => {
        if (hasErased) for (const { handle, value } of batch.personal) late.set(handle, value)
        return log.append(batch)
      },
      personal: (handles) =>
        Effect.map(
          log.personal(handles),
          (known) => new Map([...known, ...[...late].filter(([handle]) => handles.includes(handle))]),
        ),
    },
  }
})

const keepsBodies = over(({ inbox }) => {
  const bodies = new Map<string, Uint8Array>()
  return {
    inbox: {
      accept: (deliveries) => {
        for (const { body, eventKey } of deliveries) bodies.set(eventKey, body)
        return inbox.accept(deliveries)
      },
      claim: (source, limit) =>
        Effect.map(inbox.claim(source, limit), (rows) =>
          rows.map((row): InboxRow => ({ ...row, body: bodies.get(row.eventKey) ?? row.body })),
        ),
    },
  }
})

const emptiesAccounts = over(({ ledger }) => ({
  ledger: {
    balances: Effect.map(ledger.balances, (balances) =>
      balances.map((one) => (isTombstone(one.account) ? { ...one, account: "nobody#pending" as Account } : one)),
    ),
  },
}))

const leavesPlans = over(({ ledger }) => ({
  ledger: {
    effects: (options) =>
      Effect.map(ledger.effects(options), (rows) =>
        rows.map((row) => (isTombstone(row.effect.beneficiary) ? { ...row, state: "planned" as const } : row)),
      ),
  },
}))

const postsWhatWasDecidedBefore = over(({ ledger }) => ({
  ledger: { commit: ({ effects, revisions, undo }) => ledger.commit({ effects, revisions, undo }) },
}))

const everybody = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(32) }

const forgetsTheTenant = over(({ erasure, log }) => ({
  erasure: {
    erase: (request) =>
      Effect.andThen(Effect.provideService(erasure.erase(request), CurrentTenant, everybody), erasure.erase(request)),
  },
  log: {
    append: (batch) =>
      isEnrolment(batch.facts) ? Effect.provideService(log.append(batch), CurrentTenant, everybody) : log.append(batch),
    newest: (options) =>
      options.tags?.includes("Enrolled") === true
        ? Stream.provideService(log.newest(options), CurrentTenant, everybody)
        : log.newest(options),
  },
}))

const isEnrolment = (facts: ReadonlyArray<Fact>): boolean => facts.some(({ _tag }) => _tag === "Enrolled")

/** Finds what is open anew after an erasure, and takes what has expired for gone. */
const overlooksWhatExpired = over(({ erasure, ledger }) => {
  let hasErased = false
  return {
    erasure: { erase: (request) => Effect.tap(erasure.erase(request), () => Effect.sync(() => (hasErased = true))) },
    ledger: {
      creditedTo: (wanted) =>
        Effect.gen(function* () {
          const found = yield* ledger.creditedTo(wanted)
          if (!hasErased || wanted.which !== "open") return found
          const credits = yield* ledger.postedFor({ program: wanted.program, causes: found.map(({ cause }) => cause) })
          const lying = [...credits.values()].filter(
            ({ legs }) => !legs.some(({ account }) => account.endsWith("#expired")),
          )
          const causes = new Set(lying.map(({ credit }) => credit.cause))
          return found.filter(({ cause }) => causes.has(cause))
        }),
    },
  }
})

const breaking = (layer: Layer.Layer<Stores>, breaks: string): Broken.Store<Stores> => ({ breaks, layer })

export const stores: ReadonlyArray<Broken.Store<Stores>> = [
  breaking(forgetsOrders, "what occurred by an erasure carries the tombstone, and other people's handles stay"),
  breaking(erasesTheNamedHandleAlone, "everybody whom facts join to the person is erased with them"),
  breaking(opensForLateFacts, "a fact that occurred earlier carries the tombstone when it arrives later"),
  breaking(
    keepsSilentAboutComebacks,
    "a fact that occurred later keeps the handle, and it is told that the person came back",
  ),
  breaking(
    knowsNobodyWhoIsJoinedLate,
    "an earlier record that arrives later and is joined to an erased person is erased too, and so are its other facts",
  ),
  breaking(entersNoNames, "what an erasure tells of is found by name and is among the changes, like any other fact"),
  breaking(queuesNothing, "what an erasure tells of is found by name and is among the changes, like any other fact"),
  breaking(
    losesLaterNames,
    "what occurred later is found by the handle that it keeps, and joins, after the erasure as before",
  ),
  breaking(
    losesLaterJoins,
    "what occurred later is found by the handle that it keeps, and joins, after the erasure as before",
  ),
  breaking(keepsValues, "personal values are destroyed with the person"),
  breaking(takesValuesAgain, "a personal value that comes with an earlier fact is not stored again"),
  breaking(keepsBodies, "a waiting message that names the person keeps ids alone"),
  breaking(emptiesAccounts, "accounts take the tombstone's name and keep their sums, other people's as they were"),
  breaking(
    overlooksWhatExpired,
    "whose credits there are, and what of them is open or expired, is known after an erasure as before",
  ),
  breaking(leavesPlans, "a planned effect for the person is undone"),
  breaking(postsWhatWasDecidedBefore, "what was decided before an erasure is refused as overtaken"),
  breaking(forgetsTheTenant, "no tenant's erasure touches another's facts"),
]
