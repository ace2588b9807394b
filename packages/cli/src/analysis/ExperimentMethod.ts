/** The method for what a program caused: a holdout. */
import { incrementality, type Group, type Incrementality } from "@advocacy-kit/core/metric/Incrementality"
import { values, type Method } from "./Method.ts"

/** What may be said of it; there is no figure where nothing may. */
const verdictOf = (found: Incrementality): string => {
  switch (found._tag) {
    case "Caused":
      return "caused: the arms were drawn by chance, and the experiment is large enough for what it was to find"
    case "SampleRatioMismatch":
      return `no figure: the arms are not as large as they were to be (p ${found.p.toExponential(1)}); look for what lost people of one of them`
    case "BelowPower":
      return `no figure: it could find ${found.detectable.toPrecision(3)} at least; for the smallest effect worth knowing it takes ${found.unitsNeeded} people`
    case "NotEnoughData":
      return "no figure: each arm needs two people at least"
  }
}

export const experiment: Method = {
  name: "experiment",
  question: "What did treating people cause, against those who were held out by chance?",
  columns: [
    { name: "arm", what: "treated or control" },
    { name: "outcome", what: "a number; 0 for who did nothing" },
    { name: "before", what: "the same before the start", optional: true },
  ],
  settings: [
    { name: "smallest-effect", what: "the smallest difference worth knowing, as planned", fallback: null },
    { name: "treated-share", what: "how many were to be treated", fallback: 0.5 },
  ],
  apply: (file, setting) => {
    const { leftOut, used } = file.each((row) => ({
      arm: row.text("arm"),
      outcome: row.number("outcome"),
      before: row.optionalNumber("before"),
    }))
    const groupOf = (arm: string): Group => {
      const own = used.filter((one) => one.arm === arm)
      const before = own.flatMap((one) => (one.before === null ? [] : [one.before]))
      return {
        values: own.map(({ outcome }) => outcome),
        ...(before.length === own.length && own.length > 0 ? { before } : {}),
      }
    }
    const [treated, control] = [groupOf("treated"), groupOf("control")]
    const others = used.length - treated.values.length - control.values.length
    const found = incrementality(treated, control, {
      treatedShare: setting("treated-share"),
      smallestEffect: setting("smallest-effect"),
    })
    return {
      sections: [
        values("People", [
          ["treated", treated.values.length],
          ["control", control.values.length],
        ]),
        ...(found._tag !== "Caused"
          ? []
          : [
              values("Difference caused", [
                ["per person", found.difference.difference],
                ["low (95 %, Welch)", found.difference.interval.low],
                ["high", found.difference.interval.high],
                ["p", found.difference.p],
                ["relative", found.lift?.lift ?? null],
                ["low at any look (always valid)", found.alwaysValid?.low ?? null],
                ["high at any look", found.alwaysValid?.high ?? null],
              ]),
              ...(found.adjusted === null
                ? []
                : [
                    values("Adjusted by what was known before (CUPED)", [
                      ["per person", found.adjusted.difference],
                      ["low (95 %)", found.adjusted.interval.low],
                      ["high", found.adjusted.interval.high],
                      ["variance saved", found.adjusted.varianceReduction],
                    ]),
                  ]),
            ]),
      ],
      notes: [verdictOf(found), ...(others === 0 ? [] : [`${others} rows have another arm than treated or control`])],
      leftOut,
    }
  },
}
