/**
 * What commands of people share: their options, and how they tell what was done and what everybody has now.
 */
import type { FactOf } from "@advocacy-kit/core/fact/Fact"
import type { Done } from "@advocacy-kit/core/flow/Commanding"
import { toIso } from "@advocacy-kit/core/id/Instant"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { totalMinor } from "@advocacy-kit/core/points/Lots"
import { Flag } from "effect/cli"
import * as HoldingsText from "./HoldingsText.ts"
import * as Output from "./Output.ts"

export const key = Flag.String("key").pipe(
  Flag.withDescription("Your own name for this command: the same again is the same command, done once"),
)
export const by = Flag.String("by").pipe(Flag.withDescription("Who answers for it"))
export const reason = Flag.String("reason").pipe(Flag.withDescription("Why, for whoever asks later"))
export const unit = Flag.String("unit").pipe(
  Flag.withDescription("points, or the program's currency; points where the program has any"),
  Flag.optional,
)

type Moved = FactOf<"ValueRedeemed"> | FactOf<"ValueTransferred"> | FactOf<"ValueAdjusted">

/** Prints a command that moved value: what was taken, and what the people have after it. */
export const print = (json: boolean, done: Done<Moved>, said: string, people: ReadonlyArray<Handle>) => {
  const { evaluation, fact, isRepeated } = done
  const result = {
    fact: fact.key,
    at: toIso(fact.occurredAt),
    repeated: isRepeated,
    unit: fact.unit,
    taken: totalMinor(fact.lots),
    lots: fact.lots.map(({ amountMinor, credit }) => ({ credit, amount: amountMinor })),
    gives: fact._tag === "ValueRedeemed" ? fact.gives : null,
    people: people.map((person) => HoldingsText.of(evaluation, person)),
  }
  return Output.print(json, result, (terminal) =>
    [
      isRepeated
        ? `  ${terminal.style("yellow", "done before")}, at ${result.at}: ${said}`
        : `  ${terminal.style("green", "done")}: ${said}`,
      ...result.people.map((holdings) => HoldingsText.text(terminal, holdings)),
    ].join("\n"),
  )
}
