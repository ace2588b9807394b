/**
 * The reference model: what the rules of docs/crediting.md say of a set of facts, written apart from the engine.
 *
 * Promises: people, decisions and balances for facts at a time, and the lines that the digest hashes. It imports no decision of the
 * engine, posts nothing and is slow. It gives outcomes, reasons' names and amounts, and no reasons in words. Read it beside the
 * document, part by part.
 */
import type { Fact, Lot } from "@advocacy-kit/core/fact/Fact"
import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { sheets, type Sheet } from "./ModelBalances.ts"
import { withCommands, withLone } from "./ModelCommands.ts"
import { commitments } from "./ModelCommitment.ts"
import { held, nobody, type Erasures } from "./ModelErasure.ts"
import { fold } from "./ModelFold.ts"
import { all, inOrder, make, personOf, type ModelHistory } from "./ModelHistory.ts"
import { purchases } from "./ModelPurchase.ts"
import { announced } from "./ModelTiers.ts"

export interface Answer {
  readonly history: ModelHistory
  readonly sheets: ReadonlyArray<Sheet>
}

/** What follows from facts, in any order and number of tellings, for a program at a time, once people were erased. */
export const answer = (
  facts: ReadonlyArray<Fact>,
  program: string,
  asOf: Instant,
  erasures: Erasures = nobody,
): Answer => {
  const known = make(held(facts, erasures), program, asOf)
  const history = { ...known, committed: commitments(known) }
  const bought = purchases(history)
  const earned = new Map([...fold(history, bought), ...announced(history).map((tier) => [tier.key, tier] as const)])
  return { history, sheets: sheets(history, withLone(history, bought, withCommands(history, earned)).values()) }
}

/** The lines of the digest, in order. */
export const lines = ({ history, sheets: of }: Answer): ReadonlyArray<string> => {
  const balances = new Map<string, bigint>()
  for (const { credit, legs } of of) {
    for (const { account, amountMinor } of legs) {
      const name = `${account} ${credit.unit}`
      balances.set(name, (balances.get(name) ?? 0n) + amountMinor)
    }
  }
  const records = all(history, "PersonSeen")
  return [
    ...history.facts.map((fact) => `fact ${fact.key} ${contentDigest(fact)}`),
    // People are those with a record; a merge may name somebody who has none.
    ...history.people
      .filter((handles) => records.some(({ person }) => handles.includes(person)))
      .map((handles) => `person ${handles.join(" ")}`),
    ...of.map(
      ({ credit: { amountMinor, beneficiary, key, outcome, reason, review, terms, unit } }) =>
        `decision ${key} ${outcome} ${reason ?? "-"} ${review} ${beneficiary} ${unit} ${amountMinor} ${terms}`,
    ),
    ...[...balances].filter(([, amount]) => amount !== 0n).map(([name, amount]) => `balance ${name} ${amount}`),
  ].sort()
}

/** What a person can take in a unit, the oldest first. */
export const available = ({ history, sheets: of }: Answer, person: Handle, unit: string): ReadonlyArray<Lot> =>
  of
    .filter(({ credit }) => credit.unit === unit && personOf(history, credit.beneficiary) === personOf(history, person))
    .sort((left, right) => inOrder(left.credit, right.credit))
    .flatMap(({ credit: { beneficiary, key, share, terms }, legs }) =>
      legs
        .filter(({ account, amountMinor }) => account === `${beneficiary}#available` && amountMinor > 0n)
        .map(({ amountMinor }) => ({
          credit: key,
          beneficiary,
          amountMinor,
          terms,
          ...(share === undefined ? {} : { share }),
        })),
    )
