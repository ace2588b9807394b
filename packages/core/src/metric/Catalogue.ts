/**
 * The metrics that come with the library, in the order of a report.
 *
 * One registry for the command line, the report, the page of metrics and whatever else shows them. Names are unique.
 */
import * as Ask from "./AskMetrics.ts"
import * as Content from "./ContentMetrics.ts"
import * as Customer from "./CustomerMetrics.ts"
import * as Experience from "./ExperienceMetrics.ts"
import * as Metric from "./Metric.ts"
import * as Program from "./ProgramMetrics.ts"
import type { Study } from "./Study.ts"

export interface Family {
  readonly title: string
  readonly metrics: ReadonlyArray<Metric.Metric<Study>>
}

export const families: ReadonlyArray<Family> = [
  {
    title: "Experience",
    metrics: [Experience.relational, Experience.transactional, Experience.satisfaction, Experience.effort],
  },
  {
    title: "Program",
    metrics: [
      Program.participationRate,
      Program.advocateRate,
      Program.referralRate,
      Program.qualificationRate,
      Program.visitConversion,
      Program.viralCoefficient,
      Program.cycleTime,
      Program.topTenth,
      Program.concentration,
      Program.rewardCostRatio,
      Program.acquisitionCost,
      Program.liability,
      Program.heldRate,
      Program.selfReferralRate,
    ],
  },
  {
    title: "Asks",
    metrics: [
      Ask.surveyResponse,
      Ask.reviewResponse,
      Ask.contentResponse,
      Ask.referralResponse,
      Ask.oftenAsked,
      Ask.fatigue,
    ],
  },
  {
    title: "Content",
    metrics: [
      Content.published,
      Content.creators,
      Content.rating,
      Content.engagement,
      Content.rights,
      Content.incentivised,
      Content.sharesEach,
    ],
  },
  {
    title: "Customers",
    metrics: [
      Customer.repeatRate,
      Customer.secondPurchaseWithin(90),
      Customer.daysToSecond,
      Customer.orderValue,
      Customer.referredReturnDifference(90),
    ],
  },
]

export const catalogue: ReadonlyArray<Metric.Metric<Study>> = families.flatMap(({ metrics }) => metrics)

/** Reads all metrics of the catalogue, or those given. */
export const readAll = (
  study: Study,
  metrics: ReadonlyArray<Metric.Metric<Study>> = catalogue,
): ReadonlyArray<Metric.Reading> => metrics.map((metric) => Metric.read(metric, study))
