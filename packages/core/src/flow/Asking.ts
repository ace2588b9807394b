/**
 * The command of asking a person for something: a referral, a reference, content. It records the ask; sending it is another's work.
 *
 * Promises: nobody is asked who does not want marketing, or sooner after the last ask, of whatever kind, than was said. Public
 * reviews and testimonials are not asked for here: who is asked for those must not depend on anything a human chose.
 */
import { Effect, Result } from "effect"
import { marketingOf } from "../advocate/Identification.ts"
import type { AskSent } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import { AskedLately, type CommandReason, NoConsent } from "./CommandError.ts"
import { carryOut, type CommandingError, type CommandingNeeds, type Done, type Situation } from "./Commanding.ts"
import { factKey, recordedAs } from "./CommandInput.ts"

export interface Ask {
  readonly program: string
  readonly person: Handle
  readonly ask: "referral" | "reference" | "content"
  /** Such as `email`, `sms`, `hubspot-workflow`. */
  readonly channel: string
  /** No sooner than this many days after the last ask. 0 asks whenever. */
  readonly minimumDaysBetween: number
  /** The caller's own name for this ask: the same again is the same ask. */
  readonly key: string
  readonly asOf: Instant
}

const lastAsk = ({ evaluation, facts }: Situation, person: Handle): Instant | null => {
  const { personOf } = evaluation.history.people
  const asked = personOf(person)
  return facts.reduce<Instant | null>(
    (latest, fact) =>
      fact._tag === "AskSent" && personOf(fact.person) === asked && (latest === null || fact.occurredAt > latest)
        ? fact.occurredAt
        : latest,
    null,
  )
}

const decide = (asked: Ask, situation: Situation): Result.Result<AskSent, CommandReason> => {
  const { at, evaluation } = situation
  const { people } = evaluation.history
  const { ask, channel, minimumDaysBetween, person } = asked
  if (marketingOf(people, people.personOf(person)) === "denied") return Result.fail(new NoConsent({ person }))
  const last = lastAsk(situation, person)
  const nextAt = last === null ? at : last + days(minimumDaysBetween)
  if (last !== null && nextAt > at) return Result.fail(new AskedLately({ person, at: last, nextAt }))
  return Result.succeed({
    _tag: "AskSent",
    key: factKey(asked.program, asked.key),
    version: 0,
    rank: Facts.rank.own,
    occurredAt: at,
    person,
    ask,
    channel,
  })
}

/** Records an ask, or says why this person is not to be asked now. */
export const ask: (asked: Ask) => Effect.Effect<Done<AskSent>, CommandingError, CommandingNeeds> = Effect.fn(
  "Asking.ask",
)((asked: Ask) =>
  carryOut({
    program: asked.program,
    asOf: asked.asOf,
    people: [asked.person],
    key: factKey(asked.program, asked.key),
    recorded: recordedAs(
      "AskSent",
      factKey(asked.program, asked.key),
      (fact, { personOf }) => personOf(fact.person) === personOf(asked.person) && fact.ask === asked.ask,
    ),
    decide: (situation) => decide(asked, situation),
  }),
)
