/**
 * Who comes back: cohorts by month of the first purchase, and how soon referred customers return beside others.
 */
import { monthName, monthNumber } from "@advocacy-kit/core/metric/Purchase"
import type { Cohort } from "@advocacy-kit/core/metric/Retention"
import { atRisk, type ReturnComparison, type ReturnGroup } from "@advocacy-kit/core/metric/ReturnComparison"
import { survivalAt } from "@advocacy-kit/core/statistics/Survival"
import { steps, type StepCurve, type StepPoint } from "../chart/Steps.ts"
import { figure, missing } from "../Figure.ts"
import { html, type Html } from "../Html.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const cohortsShown = 15
const monthsShown = 12

const monthAfter = (cohort: string, k: number): string =>
  monthName(monthNumber(Date.parse(`${cohort}-01T00:00:00Z`) / 86_400_000) + k)

/** A share with a ground that grows darker with it; the number says it. */
const shade = ({ active, cohort, size }: Cohort, k: number, unfinished: string | null): Html | string => {
  const count = active[k]
  if (count === undefined || count === null) return ""
  const share = count / size
  const mark = monthAfter(cohort, k) === unfinished ? "*" : ""
  return html`<span class="shade s${Math.min(9, Math.floor(share * 20))}">${Math.round(share * 100)}${mark}</span>`
}

const cohorts = ({ cohorts: table_ }: PageModel): Html => {
  const { cohorts: all, unfinishedMonth } = table_
  const title = "Cohorts by month of the first purchase"
  if (all.length < 2) return missing("cohorts", title, "No cohorts yet: customers of at least two months are needed.")
  const shown = all.slice(-cohortsShown)
  const months = Math.min(
    monthsShown,
    Math.max(...shown.map(({ active }) => active.filter((one) => one !== null).length)) - 1,
  )
  return html`<figure id="cohorts">
    <figcaption>
      <h3>${title}</h3>
      <p>Of the customers of each month: the share, in per cent, who bought in the 1st, 2nd, … month after.</p>
    </figcaption>
    ${table({
      name: `${title}: per cent who bought in the n-th month after`,
      columns: [
        text("First purchase"),
        number("Customers"),
        ...Array.from({ length: months }, (_, k) => number(String(k + 1))),
      ],
      rows: shown.map((cohort) => [
        Said.month(cohort.cohort),
        Said.count(cohort.size),
        ...Array.from({ length: months }, (_, k) => shade(cohort, k + 1, unfinishedMonth)),
      ]),
    })}
    <p class="note">
      ${all.length > shown.length ? `The newest ${shown.length} of ${all.length} cohorts. ` : ""}${unfinishedMonth === null ? "" : `* ${Said.month(unfinishedMonth)} is cut short and counts too few. `}Empty
      cells lie in the future.
    </p>
  </figure> `
}

const horizon = 360
const ticks = [0, 60, 120, 180, 240, 300, 360]
const names: Readonly<Record<string, string>> = { referred: "Referred customers", other: "Other customers" }

const returned = (group: ReturnGroup, days: number): number => 1 - survivalAt(group.curve, days)
const lastWatched = ({ observations }: ReturnGroup): number =>
  observations.reduce((most, { time }) => Math.max(most, time), 0)

const curveOf = (group: ReturnGroup): StepCurve => {
  const end = Math.min(horizon, lastWatched(group))
  const inside = group.curve
    .filter(({ time }) => time <= end)
    .map(({ high, low, survival, time }): StepPoint => ({
      x: time,
      y: 1 - survival,
      low: high === null ? null : 1 - high,
      high: low === null ? null : 1 - low,
    }))
  const last = inside.at(-1)
  return {
    name: `${names[group.value] ?? group.value} (${Said.count(group.customers)})`,
    tone: group.value === "referred" ? "a" : "b",
    points: [{ x: 0, y: 0, low: null, high: null }, ...inside, ...(last === undefined ? [] : [{ ...last, x: end }])],
    watched: (days) => atRisk(group, days),
  }
}

const tested = ({ test }: ReturnComparison): string =>
  test === null
    ? "There are no two groups to compare."
    : `Log-rank test: chi-squared ${test.chiSquared.toFixed(2)}, p ${Said.chance(test.p)}: ${
        test.p < 0.05 ? "chance alone would seldom part them so far" : "no difference that chance would not explain"
      }.`

const returns = ({ returns: comparison }: PageModel): Html => {
  const title = "Time to the second purchase, referred and other customers"
  const groups = comparison.groups.filter(({ customers, value }) => value in names && customers > 0)
  if (groups.every(({ returned: back }) => back === 0))
    return missing("returns", title, "No second purchase yet: nobody has come back, so there is no curve.")
  const at90 = groups.map(
    (group) => `${Said.percent(returned(group, 90))} of ${(names[group.value] ?? "").toLowerCase()}`,
  )
  return figure({
    id: "returns",
    title,
    says: `Within 90 days ${at90.join(" and ")} have bought again. ${tested(comparison)}`,
    legend: groups.map(({ value }) => ({
      says: names[value] ?? value,
      tone: value === "referred" ? "a" : "b",
      shape: "curve",
    })),
    draw: (frame) =>
      steps(frame, {
        curves: groups.map(curveOf),
        x: {
          title: "Days since the first purchase",
          domain: [0, horizon],
          format: String,
          ticks: frame.name === "wide" ? ticks : ticks.filter((_, index) => index % 2 === 0),
        },
        y: {
          title: "Share who have bought again",
          domain: [0, 1],
          format: (tick) => `${Math.round(tick * 100)} %`,
          ticks: [0, 0.25, 0.5, 0.75, 1],
        },
      }),
    table: table({
      name: title,
      columns: [
        number("Days"),
        ...groups.flatMap(({ value }) => [
          number(`${names[value]}: bought again`),
          number("95 % interval"),
          number("Still watched"),
        ]),
      ],
      rows: ticks.slice(1).map((days) => [
        days,
        ...groups.flatMap((group) => {
          const step = group.curve.findLast(({ time }) => time <= days)
          const interval =
            step === undefined || step.low === null || step.high === null
              ? null
              : { low: 1 - step.high, high: 1 - step.low }
          return lastWatched(group) < days
            ? ["not watched so long", "", "0"]
            : [
                Said.percent(returned(group, days)),
                interval === null ? "" : Said.range("share", interval, null),
                Said.count(atRisk(group, days)),
              ]
        }),
      ]),
    }),
    notes: [
      "Kaplan-Meier: who has not come back yet is watched until the day of the report, not counted as lost. Bands are 95 % intervals.",
      "An association: referred customers may differ from others in more than how they came.",
    ],
  })
}

export const retentionSection = (model: PageModel): Section =>
  section("retention", "Do they come back?", [cohorts(model), returns(model)])
