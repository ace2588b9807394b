/**
 * The way from enrolment to a friend who qualifies, advocates and friends apart.
 */
import type { Step } from "@advocacy-kit/core/metric/Funnel"
import { bars } from "../chart/Bars.ts"
import type { Tone } from "../chart/Frame.ts"
import { figure, missing } from "../Figure.ts"
import { html, type Html } from "../Html.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const side = (options: {
  readonly id: string
  readonly title: string
  readonly steps: ReadonlyArray<Step>
  readonly tone: Tone
  readonly none: string
  readonly notes: ReadonlyArray<string>
}): Html => {
  const { id, none, notes, steps, title, tone } = options
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined || first.people === 0)
    return html`${missing(id, title, none)}${notes.map((note) => html`<p class="note">${note}</p>`)}`
  return figure({
    id,
    title,
    says: `Of ${Said.plural(first.people, "person", "people")} ${first.name}, ${Said.count(last.people)} ${last.name} (${Said.percent(last.people / first.people)}).`,
    draw: (frame) =>
      bars(
        frame,
        steps.map(({ name, people, share }) => ({
          name: Said.title(name),
          value: people,
          says:
            share === null
              ? Said.count(people)
              : `${Said.count(people)} (${Said.percent(share)}${frame.name === "wide" ? " of the step before" : ""})`,
          tone,
        })),
      ),
    table: table({
      name: title,
      columns: [
        text("Step"),
        text("Question"),
        number("People"),
        number("Of the step before"),
        number("95 % interval"),
      ],
      rows: steps.map(({ interval, name, people, question, share }) => [
        Said.title(name),
        question,
        Said.count(people),
        share === null ? "" : Said.percent(share),
        interval === null ? "" : Said.range("share", interval, null),
      ]),
    }),
    notes,
  })
}

export const funnelSection = ({ funnel }: PageModel): Section => {
  const { advocates, friends, immature, matureDays, unseen } = funnel
  return section("funnel", "Funnel", [
    side({
      id: "funnel-advocates",
      title: "Advocates",
      steps: advocates,
      tone: "a",
      none: "Nobody yet: no customer is enrolled in the program.",
      notes: [],
    }),
    side({
      id: "funnel-friends",
      title: "Friends",
      steps: friends,
      tone: "b",
      none: "Nobody yet: no friend was seen to follow a link or be invited long enough ago.",
      notes: [
        `${Said.plural(immature, "friend")} reached in the last ${matureDays} days could not go all the way yet and ${immature === 1 ? "is" : "are"} left out.`,
        `${Said.plural(unseen, "friend")} used a code without having been seen before: credited, and in no step of this figure.`,
      ],
    }),
  ])
}
