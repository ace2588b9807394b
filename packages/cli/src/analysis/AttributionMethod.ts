/** The method for which touch is credited with conversions. */
import * as MarkovAttribution from "@advocacy-kit/core/metric/MarkovAttribution"
import * as ShapleyAttribution from "@advocacy-kit/core/metric/ShapleyAttribution"
import * as TouchAttribution from "@advocacy-kit/core/metric/TouchAttribution"
import type { Method } from "./Method.ts"

export const attribution: Method = {
  name: "attribution",
  question: "What is each channel credited with, by rules and by data?",
  columns: [
    { name: "path", what: "search > referral > e-mail" },
    { name: "conversions", what: "how often the path ended in one" },
    { name: "nulls", what: "how often it did not", optional: true },
  ],
  apply: (file) => {
    const { leftOut, used: journeys } = file.each((row): TouchAttribution.Journey => ({
      touches: row
        .text("path")
        .split(">")
        .map((touch) => touch.trim())
        .filter((touch) => touch !== ""),
      conversions: row.number("conversions"),
      value: 0,
      nulls: row.optionalNumber("nulls") ?? 0,
    }))
    const rules = {
      first: TouchAttribution.credited(journeys, TouchAttribution.first),
      last: TouchAttribution.credited(journeys, TouchAttribution.last),
      linear: TouchAttribution.credited(journeys, TouchAttribution.linear),
      "40/20/40": TouchAttribution.credited(journeys, TouchAttribution.positionBased(0.4)),
      Shapley: ShapleyAttribution.simplifiedShapley(journeys),
      ...(journeys.some(({ nulls }) => nulls > 0)
        ? { Markov: MarkovAttribution.markov(journeys)?.attributed ?? new Map<string, number>() }
        : {}),
    }
    const channels = [...new Set(journeys.flatMap(({ touches }) => touches))].sort()
    return {
      sections: [
        {
          title: "Conversions credited",
          columns: ["channel", ...Object.keys(rules)],
          rows: channels.map((channel) => [channel, ...Object.values(rules).map((of) => of.get(channel) ?? 0)]),
        },
      ],
      notes: [
        "credited, not caused: none of these says what would have happened without a channel",
        ...("Markov" in rules ? [] : ["removal effects (Markov) take a column nulls: paths without a conversion"]),
      ],
      leftOut,
    }
  },
}
