/**
 * What customers say: the recommendation question after no event and after one, never pooled.
 */
import { columns } from "../chart/Columns.ts"
import type { Tone } from "../chart/Frame.ts"
import { intervals } from "../chart/Intervals.ts"
import { figure, missing } from "../Figure.ts"
import { html, type Html } from "../Html.ts"
import type { Answers } from "../model/Answers.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const toneOf = (score: number): Tone => (score >= 9 ? "a" : score >= 7 ? "d" : "b")
const groupOf = (score: number): string => (score >= 9 ? "promoter" : score >= 7 ? "passive" : "detractor")
const points = (value: number): string => Said.value("points", value, null)

const distribution = ({ counts, histogram, occasion, reading }: Answers, title: string): Html => {
  const { detractors, passives, promoters } = counts
  const interval = reading.interval === null ? "" : `, 95 % interval ${Said.range("points", reading.interval, null)}`
  return figure({
    id: `nps-${occasion}`,
    title,
    says: `Score ${points(reading.estimate ?? 0)}${interval}, from ${Said.plural(reading.sample, "answer")}: ${Said.plural(promoters, "promoter")}, ${Said.count(passives)} passive, ${Said.plural(detractors, "detractor")}.`,
    legend: [
      { says: "Detractors, 0 to 6", tone: "b", shape: "bar" },
      { says: "Passives, 7 and 8", tone: "d", shape: "bar" },
      { says: "Promoters, 9 and 10", tone: "a", shape: "bar" },
    ],
    draw: (frame) =>
      columns(frame, {
        columns: histogram.map((value, score) => ({
          name: String(score),
          parts: [{ value, tone: toneOf(score) }],
          says: Said.count(value),
        })),
        xTitle: "Answer, 0 to 10",
        yTitle: "People",
        format: Said.count,
      }),
    table: table({
      name: title,
      columns: [number("Answer"), text("Group"), number("People")],
      rows: histogram.map((value, score) => [score, groupOf(score), Said.count(value)]),
    }),
    notes: ["Of each person the newest answer counts. Who stays silent is not made up for."],
  })
}

const overMonths = ({ months, occasion }: Answers): Html | null => {
  const drawn = months.flatMap(({ isWhole, month, reading }) =>
    reading.estimate === null || reading.interval === null
      ? []
      : [{ name: Said.month(month), value: reading.estimate, ...reading.interval, isWhole }],
  )
  const last = months.at(-1)
  if (drawn.length < 2 || last === undefined) return null
  const title = "Score by month"
  return figure({
    id: `nps-${occasion}-months`,
    title,
    says: `${drawn.length} months with answers, each with its 95 % interval; the newest, ${Said.month(last.month)}, stands at ${points(last.reading.estimate ?? 0)} from ${Said.plural(last.reading.sample, "answer")}.`,
    draw: (frame) =>
      intervals(frame, {
        points: drawn,
        xTitle: "Month of the answer",
        y: {
          title: "Score, −100 to 100",
          domain: [-100, 100],
          format: (tick) => points(tick).replace(/\.0$/, ""),
          ticks: [-100, -50, 0, 50, 100],
        },
      }),
    table: table({
      name: title,
      columns: [text("Month"), number("Score"), number("95 % interval"), number("Answers"), text("Remark")],
      rows: months.map(({ isWhole, month, reading }) => [
        Said.month(month),
        points(reading.estimate ?? 0),
        reading.interval === null ? "" : Said.range("points", reading.interval, null),
        Said.count(reading.sample),
        isWhole ? "" : "the month is cut short",
      ]),
    }),
    notes: ["A hollow point is a month that the report cuts short. Whiskers that overlap widely are no trend."],
  })
}

const occasion = (answers: Answers, title: string, none: string): ReadonlyArray<Html | null> =>
  answers.reading.estimate === null
    ? [missing(`nps-${answers.occasion}`, title, none)]
    : [distribution(answers, title), overMonths(answers)]

export const answersSection = ({ relational, transactional }: PageModel): Section =>
  section(
    "answers",
    "Would they recommend?",
    html` ${occasion(relational, "Net Promoter Score, asked at no particular event", "No answers yet: no relational survey was brought in.")}
    ${occasion(transactional, "Net Promoter Score, asked after an event", "No answers yet: no survey after a purchase or a contact was brought in.")}`,
  )
