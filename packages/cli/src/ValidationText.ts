/**
 * What came of validating the advocate score, as a text and as JSON: the score beside every single signal, and who is better.
 */
import { enoughPositives, enoughToTell, type Validated } from "@advocacy-kit/core/advocate/ScoreValidation"
import type { Population, ScoreValidated } from "@advocacy-kit/core/flow/ValidatingScore"
import { toIso } from "@advocacy-kit/core/id/Instant"
import * as Terminal from "./Terminal.ts"

const populationJson = ({ friends, people, positives, report }: Population) => ({
  people,
  positives,
  friends,
  enough: report !== null,
  score: report?.score ?? null,
  baselines: report === null ? null : Object.fromEntries(report.baselines),
  unbeaten: report?.unbeaten ?? null,
})

export const toJson = (found: ScoreValidated) => ({
  program: found.program,
  scoredAt: toIso(found.scoredAt),
  until: toIso(found.until),
  horizonDays: found.horizonDays,
  neededPositives: enoughToTell,
  holders: populationJson(found.holders),
  everybody: populationJson(found.everybody),
  calibration: found.calibration,
  model: found.model,
  choice: found.choice,
})

const digits = (value: number | null): string => (value === null ? "-" : value.toFixed(2))

const row = (name: string, one: Validated, remark: string): ReadonlyArray<string> => [
  name,
  `${one.auc.toFixed(3)}  (95 %: ${one.interval.low.toFixed(3)} to ${one.interval.high.toFixed(3)})`,
  digits(one.lift10),
  Terminal.percent(one.capture10),
  remark,
]

/** Whether a signal is better than the score, by more than chance alone would have it or not. */
const against = (found: { readonly difference: { readonly difference: number; readonly p: number | null } | null }) => {
  const { difference, p } = found.difference ?? { difference: 0, p: null }
  const sure = p !== null && p < 0.05
  return difference > 0
    ? sure
      ? "better than the score"
      : "better, may be chance"
    : difference < 0
      ? sure
        ? "worse"
        : "worse, may be chance"
      : "alike"
}

const populationText = (
  terminal: Terminal.Terminal,
  title: string,
  { friends, people, positives, report }: Population,
): ReadonlyArray<string> => [
  Terminal.heading(terminal, title),
  `  ${Terminal.count(people)} people, ${Terminal.count(positives)} of them brought ${Terminal.count(friends)} new customers`,
  ...(report === null
    ? [
        `  not enough data: at least ${enoughToTell} who brought somebody and ${enoughToTell} who did not are needed; there are ${positives} and ${people - positives}`,
      ]
    : [
        Terminal.table(
          terminal,
          [
            { title: "ranked by" },
            { title: "AUC" },
            { title: "lift at 10 %", align: "right" },
            { title: "captured", align: "right" },
            { title: "" },
          ],
          [
            row("default score", report.score, ""),
            ...[...report.baselines].map(([name, one]) => row(name, one, against(one))),
          ],
        ),
        report.unbeaten.length === 0
          ? "  the score is better than every single signal"
          : `  not worse than the score here: ${report.unbeaten.join("; ")}. Rank by the simpler signal, or do not trust the score.`,
      ]),
]

const choiceText = ({ choice, holders, model }: ScoreValidated): string =>
  choice.use === "logistic"
    ? `  a logistic model of this shop is better on people it had not seen: AUC ${digits(model?.validated?.auc ?? null)}, ${choice.difference.difference.toFixed(3)} more`
    : choice.because === "too few outcomes"
      ? `  no model of this shop: ${holders.positives} brought somebody, ${enoughPositives} are needed`
      : `  the default score stands: ${choice.because === "no model" ? "a model of this shop has no single best fit" : "a model of this shop is not better on people it had not seen"}`

export const text = (terminal: Terminal.Terminal, found: ScoreValidated): string =>
  [
    `Scored as at ${toIso(found.scoredAt)}, held against who brought a new customer by ${toIso(found.until)} (${found.horizonDays} days)`,
    ...populationText(terminal, "Customers who held a code", found.holders),
    ...populationText(terminal, "All customers (without a code nobody could be seen to bring any)", found.everybody),
    Terminal.heading(terminal, "Chances"),
    ...(found.calibration === null
      ? ["  not enough data"]
      : [
          `  Brier score ${found.calibration.brier.toFixed(3)}, of chances read off the score for people not seen`,
          Terminal.table(
            terminal,
            [
              { title: "people", align: "right" },
              { title: "predicted", align: "right" },
              { title: "came", align: "right" },
            ],
            found.calibration.reliability.map(({ observed, people, predicted }) => [
              Terminal.count(people),
              Terminal.percent(predicted),
              Terminal.percent(observed),
            ]),
          ),
        ]),
    choiceText(found),
    "  The score predicts who brings friends; whether asking changes that only a randomised ask can tell.",
  ].join("\n")
