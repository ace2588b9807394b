/** Gives points by hand, with the reason that the marketer wrote. */
import { adjust } from "@advocacy-kit/core/flow/Adjusting"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { Effect } from "effect"
import { z } from "zod"
import * as Action from "./Action.ts"
import { programInput } from "./ActionDefinition.ts"
import { succeeded } from "./ActionOutcome.ts"
import * as Standing from "./Standing.ts"

/** Nobody means more by one step of a workflow. */
const most = 1_000_000n

export const awardPoints = Action.make({
  definition: {
    uid: "adv_award_points",
    name: "Award points",
    description: "Gives the contact points. Below zero takes them back. With a key, the same key gives them once.",
    card: "Award {{points}} points in {{program}}",
    inputs: [
      programInput,
      {
        name: "points",
        type: "number",
        label: "Points",
        description: "How many; a whole number",
        isRequired: true,
        mayBeProperty: true,
      },
      {
        name: "reason",
        type: "string",
        label: "Reason",
        description: "For whoever looks at the balance later",
        isRequired: true,
        mayBeProperty: false,
      },
      {
        name: "dedupeKey",
        type: "string",
        label: "Once per",
        description: "Points are given once for each value, such as an order's number; where empty, once per enrolment",
        isRequired: false,
        mayBeProperty: true,
      },
    ],
    outputs: [
      { name: "newBalance", type: "number", label: "Points now" },
      { name: "lifetimePoints", type: "number", label: "Points ever" },
      { name: "tier", type: "string", label: "Tier" },
      { name: "alreadyAwarded", type: "bool", label: "Was awarded before" },
    ],
    isReadOnly: false,
  },
  reading: "once",
  inputs: z.object({
    program: Action.program,
    points: Action.whole("the points").refine(
      (points) => points !== 0n && points <= most && points >= -most,
      `give 1 to ${most} points, or as many below zero`,
    ),
    reason: z.string({ error: "give a reason" }).trim().min(1, "give a reason").max(300, "use at most 300 characters"),
    dedupeKey: z.string().trim().max(200, "use at most 200 characters").optional(),
  }),
  perform: ({ dedupeKey, points, program, reason }, { asOf, contact, key }) =>
    Effect.gen(function* () {
      const { evaluation, isRepeated } = yield* adjust({
        program,
        person: contact,
        amountMinor: points,
        unit: "points",
        by: "HubSpot workflow",
        reason,
        // A marketer's key is theirs per contact: "first order" is not the same for everybody.
        key: dedupeKey === undefined ? key : `hubspot workflow|${contact}|${dedupeKey}`,
        asOf,
      })
      const facts = yield* factsAt(asOf)
      const balance = Standing.pointsOf(evaluation, contact)
      return succeeded({
        newBalance: balance.now,
        lifetimePoints: balance.ever,
        tier: Standing.tierOf(facts, evaluation, contact)?.tier ?? "",
        alreadyAwarded: isRepeated,
      })
    }),
})
