/**
 * Whom to ask in private, and whom to win back: customers between willing and influential.
 */
import { marks, type Mark } from "../chart/Marks.ts"
import { figure, missing } from "../Figure.ts"
import { html, type Html } from "../Html.ts"
import { fields, type ScoreField, type Standing } from "../model/ScoreField.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const looks: Readonly<Record<Standing, Pick<Mark, "shape" | "tone">>> = {
  other: { shape: "circle", tone: "d" },
  ask: { shape: "triangle", tone: "a" },
  save: { shape: "square", tone: "b" },
}

const list = (of: ScoreField, name: "ask" | "save", title: string): Html =>
  table({
    name: `${title}: ${of.lists[name].customers === of.lists[name].first.length ? "all" : `the first ${of.lists[name].first.length}`} of ${Said.count(of.lists[name].customers)}, the most influential first`,
    columns: [
      text("Record"),
      number("Score"),
      number("Willing"),
      number("Influential"),
      number("Orders"),
      number("Days since the last"),
      number("Friends brought"),
      number("NPS answer"),
    ],
    rows: of.lists[name].first.map(({ influential, inputs, record, score, willing }) => [
      Said.record(record),
      score,
      Math.round(willing * 100),
      Math.round(influential * 100),
      inputs.orders ?? "",
      inputs.daysSinceLastOrder ?? "",
      inputs.friendsBrought ?? "",
      inputs.nps ?? "",
    ]),
    none: "nobody",
  })

export const scoreSection = ({ scores }: PageModel): Section => {
  const title = "Willing and influential"
  const { ask, save } = scores.lists
  if (scores.customers === 0)
    return section(
      "score",
      "Whom to ask",
      missing("scores", title, "No customers yet: nobody has bought, so nobody is scored."),
    )
  return section("score", "Whom to ask", [
    figure({
      id: "scores",
      title,
      says: `${Said.plural(scores.customers, "customer")} scored within the shop, ${Said.count(scores.eligible)} may be asked. ${Said.count(ask.customers)} on the ask-list, ${Said.count(save.customers)} on the save-list.`,
      legend: [
        { says: "Ask-list: loyal, and has not brought anybody lately", ...looks.ask },
        { says: "Save-list: heard by others, and less content than most", ...looks.save },
        { says: "Other customers", ...looks.other },
      ],
      draw: (frame) =>
        marks(frame, {
          marks: scores.fields
            .toSorted((a, b) => Number(a.standing !== "other") - Number(b.standing !== "other"))
            .map(({ customers, influential, standing, willing }) => ({
              x: willing,
              y: influential,
              count: customers,
              ...looks[standing],
            })),
          xTitle: "Willing, 0 to 100",
          yTitle: "Influential, 0 to 100",
          quarters: ["influential", "willing and influential", "willing", "neither"],
          fields,
        }),
      table: html`${list(scores, "ask", "Ask-list")}${list(scores, "save", "Save-list")}`,
      notes: [
        `A mark stands for the customers of one field of ${100 / fields} by ${100 / fields} points; its area grows with their number.`,
        "Willing is sentiment and proven advocacy, influential is loyalty and reach, as percentiles within the shop. The lists follow from the parts of the score, not from the quarters alone; whoever may not be asked is on no ask-list.",
        "For private asks only: who is asked for a public review never depends on a score. It predicts who refers, not what asking changes.",
      ],
    }),
  ])
}
