/**
 * A golden story: who did what when, and what has to come of it, as data that a marketer can read.
 *
 * Promises: it is told to any stores through the flow that everybody uses (record, credit, hand over), and what came of it is
 * said in the same words as what was expected. A story names people; how they are recognised is in the facts it is made of.
 */
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import type { SourceError } from "@advocacy-kit/core/connector/FactSource"
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog, type FactLogError } from "@advocacy-kit/core/fact/FactLog"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { fulfil } from "@advocacy-kit/core/flow/Fulfilling"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { fromIso } from "@advocacy-kit/core/id/Instant"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { Ledger, type LedgerError } from "@advocacy-kit/core/ledger/Ledger"
import { amountIn } from "@advocacy-kit/core/program/Draft"
import type { Evaluation } from "@advocacy-kit/core/program/Evaluation"
import type { Program } from "@advocacy-kit/core/program/Program"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"

/** What happens, or what has to be true then. Times are ISO 8601. */
export type Step =
  | { readonly at: string; readonly says: string; readonly facts: ReadonlyArray<Fact> }
  /** Everything that is due is handed over. */
  | { readonly at: string; readonly handOver: string }
  | { readonly at: string; readonly decisions: ReadonlyArray<string>; readonly balances: ReadonlyArray<string> }

export interface GoldenStory {
  readonly title: string
  /** What it shows, in a sentence. */
  readonly moral: string
  readonly program: Program
  /** The rules in words, for the page. */
  readonly rules: string
  /** By a handle of theirs. */
  readonly people: Readonly<Record<string, string>>
  readonly steps: ReadonlyArray<Step>
}

/** What came of a story at one of its looks. */
export interface Seen {
  readonly at: string
  readonly decisions: ReadonlyArray<string>
  readonly balances: ReadonlyArray<string>
}

const nameIn = ({ people: names }: GoldenStory, { history }: Evaluation, handle: Handle): string => {
  const person = history.people.personOf(handle)
  const named = Object.entries(names)
    .filter(([known]) => history.people.personOf(known as Handle) === person)
    .map(([, name]) => name)
  return named.length === 0 ? handle : [...new Set(named)].join(" = ")
}

const outcomeOf = ({ outcome, reason, review }: Credit): string =>
  [
    outcome,
    ...(reason === null ? [] : [`(${reason})`]),
    ...(review === "held" && outcome !== "held" ? ["held"] : []),
  ].join(" ")

/** `order/1: Ada, credited, 10.00 EUR`, in order of the cause. */
const decisionsOf = (story: GoldenStory, evaluation: Evaluation): ReadonlyArray<string> =>
  [...evaluation.credits.values()]
    .toSorted((left, right) => left.at - right.at || (left.key < right.key ? -1 : 1))
    .map((one) => {
      const cause = one.cause.slice(one.cause.indexOf(":") + 1)
      const who = one.reason === "ambiguous" ? "nobody yet" : nameIn(story, evaluation, one.beneficiary)
      return `${cause}: ${who}, ${outcomeOf(one)}, ${amountIn(one.unit, one.amountMinor)}`
    })

/** `Ada: 10.00 EUR available`, by what the ledger says, summed over all handles of a person. */
const balancesOf = (story: GoldenStory, evaluation: Evaluation) =>
  Effect.map(
    Effect.flatMap(Ledger, (ledger) => ledger.balances),
    (balances) => {
      const sums = new Map<string, { readonly unit: string; readonly text: string; amountMinor: bigint }>()
      for (const { account, amountMinor, unit } of balances) {
        if (account.startsWith("program:")) continue
        const cut = account.lastIndexOf("#")
        const who = nameIn(story, evaluation, account.slice(0, cut) as Handle)
        const text = `${who} ${account.slice(cut + 1)} ${unit}`
        const known = sums.get(text)
        if (known !== undefined) known.amountMinor += amountMinor
        else sums.set(text, { unit, text: `${who}: AMOUNT ${account.slice(cut + 1)}`, amountMinor })
      }
      return [...sums.values()]
        .filter(({ amountMinor }) => amountMinor !== 0n)
        .map(({ amountMinor, text, unit }) => text.replace("AMOUNT", amountIn(unit, amountMinor)))
        .toSorted()
    },
  )

/** A shop that does whatever it is asked. */
const willing = Fulfiller.of({
  platforms: new Map([["shopify", { perMinute: 100_000, perSend: 250 }]]),
  issue: (effects) =>
    Effect.succeed(new Map(effects.map(({ key }) => [key, { state: "confirmed", reference: `shop ${key}` } as const]))),
  find: (effects) => Effect.succeed(new Map(effects.map(({ key }) => [key, { reference: `shop ${key}` }]))),
})

export type TellingNeeds = FactLog | Ledger | Tallies | CurrentTenant

/** Tells a story, and answers what was seen at each of its looks. */
export const tell = Effect.fn("GoldenStory.tell")(function* (
  story: GoldenStory,
): Effect.fn.Return<ReadonlyArray<Seen>, FactLogError | LedgerError | SourceError, TellingNeeds> {
  const log = yield* FactLog
  const seen: Array<Seen> = []
  for (const step of story.steps) {
    const at = fromIso(step.at)
    if ("facts" in step) yield* log.append({ facts: step.facts, personal: [] })
    else if ("handOver" in step) {
      yield* credit(story.program.name, at)
      yield* Effect.provideService(fulfil, Fulfiller, willing)
      yield* credit(story.program.name, at)
    } else {
      const { evaluation } = yield* credit(story.program.name, at)
      seen.push({
        at: step.at,
        decisions: decisionsOf(story, evaluation),
        balances: yield* balancesOf(story, evaluation),
      })
    }
  }
  return seen
})

/** What a story says has to be seen. */
export const expected = ({ steps }: GoldenStory): ReadonlyArray<Seen> =>
  steps.flatMap((step) => ("decisions" in step ? [step] : []))
