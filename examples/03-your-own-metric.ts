/**
 * A metric of one's own is a value: a question, a unit, and a pure function over what people bought, said and were credited.
 *
 *     node examples/03-your-own-metric.ts
 */
import { Catalogue, Evaluation, Metric, Program, Proportion, Referral, Reward, Study } from "@advocacy-kit/core"
import { Scenario } from "@advocacy-kit/testing"

/** Of the referred purchases that were credited, how many did the friend keep whole? */
const keptWhole: Metric.Metric<Study.Study> = {
  name: "kept-whole",
  question: "What share of credited purchases was kept without any refund?",
  unit: "share",
  grain: "purchase",
  standing: "counted",
  read: ({ purchases }) => {
    const bought = purchases.filter(({ advocate }) => advocate !== null)
    const whole = bought.filter(({ grossMinor, netMinor }) => netMinor === grossMinor)
    return bought.length === 0
      ? Metric.none("no credited purchase yet")
      : {
          estimate: whole.length / bought.length,
          interval: Proportion.wilson(whole.length, bought.length),
          sample: bought.length,
          note: null,
        }
  },
}

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: [Referral.Qualify.newCustomer],
      hold: "14 days",
      advocate: Reward.discount({ amount: "10.00" }),
      friend: null,
    }),
  ],
})

// Forty friends buy with Ada's code, one every day; every fifth gets something back.
const friends = Array.from({ length: 40 }, (_, index) => index + 1)
const facts = [
  Program.publication(program, Scenario.start),
  Scenario.asset({ code: "ADA-7", owner: "ada" }),
  ...friends.map((day) =>
    Scenario.order({ order: day, customer: `friend-${day}`, code: "ADA-7", total: "50.00", day }),
  ),
  ...friends
    .filter((day) => day % 5 === 0)
    .map((day) => Scenario.refund({ refund: day, order: day, amount: "5.00", day: day + 3 })),
]

// No store and no services: an evaluation is a pure function of facts and a time.
const evaluation = Evaluation.evaluate(facts, program.name, Scenario.at({ day: 60 }))
const ready = Catalogue.catalogue.filter(({ unit }) => unit === "share")
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

for (const reading of Catalogue.readAll(Study.make({ facts, evaluation }), [...ready, keptWhole])) {
  const { estimate, interval, name, note, sample } = reading
  const range = interval === null ? "" : `, 95 % between ${percent(interval.low)} and ${percent(interval.high)}`
  console.log(estimate === null ? `${name}: none (${note})` : `${name}: ${percent(estimate)}${range}, of ${sample}`)
}
