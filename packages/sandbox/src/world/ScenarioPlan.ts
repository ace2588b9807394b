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

const parts = {
  overLimit: part(ReferralScenarios.overLimit, 3, 1),
  code: part(ReferralScenarios.code, 140),
  cartAttribute: part(ReferralScenarios.cartAttribute, 60),
  linkClick: part(ReferralScenarios.linkClick, 90),
  invitation: part(ReferralScenarios.invitation, 50),
  severalTouches: part(ReferralScenarios.severalTouches, 32),
  ambiguousCodes: part(ReferralScenarios.ambiguousCodes, 10),
  partiallyRefunded: part(ReferralScenarios.partiallyRefunded, 18),
  wordOfMouth: part(ReferralScenarios.wordOfMouth, 200),
  selfReferral: part(RefusalScenarios.selfReferral, 15),
  selfReferralAlias: part(RefusalScenarios.selfReferralAlias, 10),
  existingCustomer: part(RefusalScenarios.existingCustomer, 30),
  existingCustomerAlias: part(RefusalScenarios.existingCustomerAlias, 12),
  belowMinimum: part(RefusalScenarios.belowMinimum, 20),
  outsideWindow: part(RefusalScenarios.outsideWindow, 28),
  cancelled: part(RefusalScenarios.cancelled, 14),
  fullyRefunded: part(RefusalScenarios.fullyRefunded, 16),
  refundedBelowMinimum: part(RefusalScenarios.refundedBelowMinimum, 10),
  testOrder: part(RefusalScenarios.testOrder, 8),
  unknownCode: part(RefusalScenarios.unknownCode, 16),
  leakedCode: part(SuspicionScenarios.leakedCode, 2, 1),
  busyDay: part(SuspicionScenarios.busyDay, 1, 1),
  ringDevice: part(SuspicionScenarios.ringDevice, 7, 2),
  household: part(SuspicionScenarios.household, 18),
} satisfies Readonly<Record<string, Part>>

export type ScenarioName = keyof typeof parts

/** So many of a scenario at least, whatever the size of the brand. */
export type ScenarioCounts = Readonly<Partial<Record<ScenarioName, number>>>

/** Share of the customers who are advocates of the open pool; scenarios add some of their own. */
const openAdvocates = 0.06

export const play = (stage: Stage.Stage, customers: number, counts: ScenarioCounts = {}): void => {
  for (let count = Math.round(customers * openAdvocates); count > 0; count--) {
    stage.pool.set(Stage.makeAdvocate(stage), 0)
  }
  for (const [name, { atLeast, per5000, play: playOne }] of Object.entries(parts)) {
    const wanted = counts[name as ScenarioName] ?? 0
    const count = Math.max(atLeast, wanted, Math.round((per5000 * customers) / 5_000))
    for (let index = 0; index < count; index++) playOne(stage, index)
  }
}
