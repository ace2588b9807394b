/** Tells tier and points; changes nothing. */
import { Effect } from "effect"
import { z } from "zod"
import * as Action from "./Action.ts"
import { programInput } from "./ActionDefinition.ts"
import { succeeded } from "./ActionOutcome.ts"
import * as Standing from "./Standing.ts"

export const checkTier = Action.make({
  definition: {
    uid: "adv_check_tier",
    name: "Check advocate tier",
    description: "Tells whether the contact is an advocate, their tier and their points.",
    card: "Check the tier in {{program}}",
    inputs: [programInput],
    outputs: [
      { name: "isAdvocate", type: "bool", label: "Is an advocate" },
      { name: "tier", type: "string", label: "Tier" },
      { name: "tierLevel", type: "number", label: "Tier, from 1" },
      { name: "points", type: "number", label: "Points now" },
    ],
    isReadOnly: true,
  },
  reading: "once",
  inputs: z.object({ program: Action.program }),
  perform: ({ program }, occasion) =>
    Effect.map(Standing.read(program, occasion), ({ evaluation, facts, isEnrolled }) => {
      const tier = Standing.tierOf(facts, evaluation, occasion.contact)
      return succeeded({
        isAdvocate: isEnrolled,
        tier: tier?.tier ?? "",
        tierLevel: tier?.level ?? 0,
        points: Standing.pointsOf(evaluation, occasion.contact).now,
      })
    }),
})
