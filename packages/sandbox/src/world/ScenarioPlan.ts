/**
 * Which scenarios a brand has and how often, by its number of customers.
 *
 * Promises: every truth class occurs, at least four times in the smallest brand, in proportion in larger ones.
 * The counts are those of a brand with 5,000 customers.
 */
import * as ReferralScenarios from "./ReferralScenarios.ts"
import * as RefusalScenarios from "./RefusalScenarios.ts"
import * as Stage from "./Stage.ts"
import * as SuspicionScenarios from "./SuspicionScenarios.ts"

interface Part {
  readonly play: Stage.Scenario
  readonly per5000: number
  readonly atLeast: number
}

const part = (play: Stage.Scenario, per5000: number, atLeast = 4): Part => ({ play, per5000, atLeast })

const parts: ReadonlyArray<Part> = [
  part(ReferralScenarios.overLimit, 3, 1),
  part(ReferralScenarios.code, 140),
  part(ReferralScenarios.cartAttribute, 60),
  part(ReferralScenarios.linkClick, 90),
  part(ReferralScenarios.invitation, 50),
  part(ReferralScenarios.severalTouches, 32),
  part(ReferralScenarios.ambiguousCodes, 10),
  part(ReferralScenarios.partiallyRefunded, 18),
  part(ReferralScenarios.wordOfMouth, 200),
  part(RefusalScenarios.selfReferral, 15),
  part(RefusalScenarios.selfReferralAlias, 10),
  part(RefusalScenarios.existingCustomer, 30),
  part(RefusalScenarios.existingCustomerAlias, 12),
  part(RefusalScenarios.belowMinimum, 20),
  part(RefusalScenarios.outsideWindow, 28),
  part(RefusalScenarios.cancelled, 14),
  part(RefusalScenarios.fullyRefunded, 16),
  part(RefusalScenarios.refundedBelowMinimum, 10),
  part(RefusalScenarios.testOrder, 8),
  part(RefusalScenarios.unknownCode, 16),
  part(SuspicionScenarios.leakedCode, 2, 1),
  part(SuspicionScenarios.busyDay, 1, 1),
  part(SuspicionScenarios.ringDevice, 7, 2),
  part(SuspicionScenarios.household, 18),
]

/** Share of the customers who are advocates of the open pool; scenarios add some of their own. */
const openAdvocates = 0.06

export const play = (stage: Stage.Stage, customers: number): void => {
  for (let count = Math.round(customers * openAdvocates); count > 0; count--) {
    stage.pool.set(Stage.makeAdvocate(stage), 0)
  }
  for (const { atLeast, per5000, play: playOne } of parts) {
    const count = Math.max(atLeast, Math.round((per5000 * customers) / 5_000))
    for (let index = 0; index < count; index++) playOne(stage, index)
  }
}
