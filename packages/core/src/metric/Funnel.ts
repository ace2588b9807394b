/**
 * The way from an enrolment to a friend who qualifies: how many people reach each step, and what share of the step before that is.
 *
 * People are counted, not events: an advocate who shares ten times is one. Friends are followed from the first time that they were
 * reached; those who were reached less than `matureDays` before the end could not go all the way yet and are left out (right-censored),
 * so that the last weeks do not look like a fall. Who uses a code without having followed a link or been invited was not
 * seen before the purchase: `unseen` counts them, and no step does.
 */
import { days, type Instant } from "../id/Instant.ts"
import type { PersonId } from "../person/People.ts"
import { wilson, type Interval } from "../statistics/Proportion.ts"
import type { Study } from "./Study.ts"

export interface Step {
  readonly name: "enrolled" | "shared" | "brought" | "reached" | "bought" | "qualified"
  readonly question: string
  readonly people: number
  /** Of the people of the step before; null for the first step of each side, and where the step before is empty. */
  readonly share: number | null
  /** Wilson's at 95 %. */
  readonly interval: Interval | null
}

export interface Funnel {
  readonly advocates: ReadonlyArray<Step>
  readonly friends: ReadonlyArray<Step>
  readonly matureDays: number
  /** Friends who were reached too late to be counted. */
  readonly immature: number
  /** Friends who were credited for and never seen before they bought. */
  readonly unseen: number
}

type Drawn = Pick<Step, "name" | "question" | "people">

const steps = (drawn: ReadonlyArray<Drawn>): ReadonlyArray<Step> =>
  drawn.map((step, index) => {
    const before = drawn[index - 1]?.people ?? 0
    return {
      ...step,
      share: before === 0 ? null : step.people / before,
      interval: before === 0 ? null : wilson(step.people, before),
    }
  })

/** When each friend was reached first. */
const reachedAt = ({ shares }: Study): ReadonlyMap<PersonId, Instant> => {
  const first = new Map<PersonId, Instant>()
  for (const { at, friend } of shares) first.set(friend, Math.min(first.get(friend) ?? at, at))
  return first
}

/** `matureDays` is how long a friend has to buy and to qualify: the window of attribution and the hold together. */
export const funnel = (study: Study, matureDays = 60): Funnel => {
  const judged = study.credits.filter(({ role }) => role === "advocate")
  const credited = judged.filter(({ outcome, review }) => outcome === "credited" && review === "clear")
  const sharing = new Set([
    ...study.shares.map(({ advocate }) => advocate),
    ...judged.flatMap(({ person, reason }) => (reason === "unknown-code" ? [] : [person])),
  ])
  const bringing = new Set(credited.map(({ person }) => person))
  const enrolled = [...study.advocates.keys()]
  const shared = enrolled.filter((person) => sharing.has(person))

  const reached = reachedAt(study)
  const mature = [...reached].filter(([, at]) => at + days(matureDays) <= study.until)
  const boughtAt = new Map<PersonId, Array<Instant>>()
  const causes = new Set<string>(credited.map(({ cause }) => cause))
  const qualified = new Set<PersonId>()
  for (const { at, cause, person } of study.purchases) {
    if (person === null) continue
    boughtAt.set(person, [...(boughtAt.get(person) ?? []), at])
    if (causes.has(cause)) qualified.add(person)
  }
  const bought = mature.filter(([person, since]) => boughtAt.get(person)?.some((at) => at >= since) === true)
  return {
    advocates: steps([
      { name: "enrolled", question: "Who takes part?", people: enrolled.length },
      { name: "shared", question: "Who of them has shared?", people: shared.length },
      {
        name: "brought",
        question: "Who of these has brought a friend who qualified?",
        people: shared.filter((person) => bringing.has(person)).length,
      },
    ]),
    friends: steps([
      { name: "reached", question: "Who followed a link or was invited?", people: mature.length },
      { name: "bought", question: "Who of them bought afterwards?", people: bought.length },
      {
        name: "qualified",
        question: "Whose purchase was credited and is clear?",
        people: bought.filter(([person]) => qualified.has(person)).length,
      },
    ]),
    matureDays,
    immature: reached.size - mature.length,
    unseen: [...qualified].filter((person) => !reached.has(person)).length,
  }
}
