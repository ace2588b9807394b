/**
 * Key figures as cards, and every metric in a table: estimate, interval, what it rests on, how far it may be read.
 */
import * as Catalogue from "@advocacy-kit/core/metric/Catalogue"
import type { Reading } from "@advocacy-kit/core/metric/Metric"
import { html, type Html } from "../Html.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const key = [
  "referral-rate",
  "participation-rate",
  "advocate-rate",
  "viral-coefficient",
  "net-promoter-score",
  "referral-acquisition-cost",
  "reward-cost-ratio",
  "reward-liability",
]

const restsOn = ({ grain, sample }: Reading): string => `of ${Said.plural(sample, grain)}`

const interval = (reading: Reading, currency: string | null): string =>
  reading.interval === null
    ? "no interval by this method"
    : `95 % interval ${Said.range(reading.unit, reading.interval, currency)}`

const card = (reading: Reading, currency: string | null): Html =>
  html`<li class="card" data-metric="${reading.name}">
    <h3>${Said.title(reading.name)}</h3>
    ${
      reading.estimate === null
        ? html`<p class="value none">no figure</p>
            <p>${reading.note ?? "no data"}</p>`
        : html`<p class="value">${Said.value(reading.unit, reading.estimate, currency)}</p>
            <p>${interval(reading, currency)}, ${restsOn(reading)}</p>`
    }
    <p class="question">${reading.question}</p>
    <p class="standing ${reading.standing}">${reading.standing}</p>
  </li> `

const row = (reading: Reading, currency: string | null) => [
  html`${Said.title(reading.name)}<span class="question">${reading.question}</span>`,
  reading.estimate === null ? "none" : Said.value(reading.unit, reading.estimate, currency),
  reading.interval === null ? "" : Said.range(reading.unit, reading.interval, currency),
  Said.plural(reading.sample, reading.grain),
  reading.standing,
  reading.note ?? "",
]

export const figures = ({ report }: PageModel): Section => {
  const { currency, metrics } = report
  const columns = [
    text("Metric"),
    number("Estimate"),
    number("95 % interval"),
    number("Rests on"),
    text("Standing"),
    text("Remark"),
  ]
  return section(
    "figures",
    "Key figures",
    html`<ul class="cards">
        ${key.flatMap((name) => metrics.filter((one) => one.name === name)).map((one) => card(one, currency))}
      </ul>
      <details>
        <summary>All ${metrics.length} metrics</summary>
        ${Catalogue.families.map(({ metrics: of, title }) => {
          const names = new Set(of.map(({ name }) => name))
          return table({
            name: title,
            columns,
            rows: metrics.filter(({ name }) => names.has(name)).map((reading) => row(reading, currency)),
          })
        })}
      </details>`,
  )
}
