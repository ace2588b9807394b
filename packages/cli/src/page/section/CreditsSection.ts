/**
 * What was decided about purchases with referral evidence, with every reason.
 */
import { outcomes, reasonTexts } from "@advocacy-kit/core/program/DecisionTexts"
import type { Counted } from "../../report/Report.ts"
import { bars } from "../chart/Bars.ts"
import type { Tone } from "../chart/Frame.ts"
import { figure, missing } from "../Figure.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const toneOf = (outcome: string): Tone =>
  outcome === "credited" ? "a" : outcome === "held" ? "c" : outcome === "recorded" ? "d" : "b"

const nameOf = ({ outcome, reason }: Counted): string =>
  reason === null ? outcome : `${outcome}: ${reason.replaceAll("-", " ")}`

const meaning = ({ outcome, reason }: Counted): string =>
  reason === null
    ? (Object.entries(outcomes).find(([name]) => name === outcome)?.[1].operator ?? "")
    : reasonTexts(reason).operator

export const creditsSection = ({ report }: PageModel): Section => {
  const { credits } = report
  const title = "Decisions on referrals, by reason"
  const own = credits.filter(({ role }) => role === "advocate").toSorted((a, b) => b.count - a.count)
  const all = table({
    name: "All credits by role, outcome and reason",
    columns: [
      text("Outcome"),
      text("Role"),
      text("What it means"),
      text("Review"),
      number("How many"),
      number("Worth"),
    ],
    rows: credits.map((one) => [
      nameOf(one),
      one.role,
      meaning(one),
      one.review,
      Said.count(one.count),
      Said.amount(one.unit, one.amountMinor),
    ]),
  })
  const count = own.reduce((sum, one) => sum + one.count, 0)
  const granted = own.filter(({ outcome }) => outcome === "credited").reduce((sum, one) => sum + one.count, 0)
  const heading = "Credits and refusals"
  if (own.length === 0)
    return section("credits", heading, [
      missing("reasons", title, "No referral evidence yet: no purchase came with a code, a link or an invitation."),
      credits.length === 0 ? null : all,
    ])
  return section("credits", heading, [
    figure({
      id: "reasons",
      title,
      says: `${Said.plural(count, "purchase")} with referral evidence, ${Said.count(granted)} of them credited (${Said.percent(granted / count)}).`,
      legend: [
        { says: "Credited", tone: "a", shape: "bar" },
        { says: "Held for a human", tone: "c", shape: "bar" },
        { says: "Refused or taken back", tone: "b", shape: "bar" },
      ],
      draw: (frame) =>
        bars(
          frame,
          own.map((one) => ({
            name: nameOf(one),
            value: one.count,
            says: Said.count(one.count),
            tone: toneOf(one.outcome),
          })),
        ),
      table: all,
      notes: ["Each decision explains itself: advocacy explain ORDER tells every rule that was tried."],
    }),
  ])
}
