/** Methods for what people answered. */
import { countScores, netPromoter, weighted } from "@advocacy-kit/core/statistics/NetPromoter"
import { newcombe, wilson } from "@advocacy-kit/core/statistics/Proportion"
import { values, type Method } from "./Method.ts"

export const nps: Method = {
  name: "nps",
  question: "How many more would recommend the brand than would not?",
  columns: [
    { name: "score", what: "0 to 10" },
    { name: "weight", what: "how much the answer counts", optional: true },
  ],
  apply: (file) => {
    const { leftOut, used } = file.each((row) => ({
      score: row.between("score", 0, 10),
      weight: row.optionalNumber("weight") ?? 1,
    }))
    const isWeighted = used.some(({ weight }) => weight !== 1)
    const counts = countScores(used.map(({ score }) => score))
    const plain = netPromoter(counts)
    const heavy = isWeighted ? weighted(used) : null
    return {
      sections: [
        values("Net Promoter Score", [
          ["score", plain?.score ?? null],
          ["low (95 %, adjusted Wald)", plain?.low ?? null],
          ["high", plain?.high ?? null],
          ["promoters", counts.promoters],
          ["passives", counts.passives],
          ["detractors", counts.detractors],
        ]),
        ...(heavy === null
          ? []
          : [
              values("Weighted", [
                ["score", heavy.score],
                ["low (95 %)", heavy.low],
                ["high", heavy.high],
                ["answers in effect (Kish)", heavy.effectiveAnswers],
              ]),
            ]),
      ],
      notes: plain === null ? ["there are no answers, hence no score"] : [],
      leftOut,
    }
  },
}

export const shares: Method = {
  name: "shares",
  question: "What share of each group has done something, and how far are two groups apart?",
  columns: [
    { name: "done", what: "yes or no" },
    { name: "group", what: "whom to compare", optional: true },
  ],
  apply: (file) => {
    const { leftOut, used } = file.each((row) => ({
      group: row.optionalText("group") ?? "all",
      done: row.truth("done"),
    }))
    const groups = [...Map.groupBy(used, ({ group }) => group)]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, of]) => ({ name, trials: of.length, successes: of.filter(({ done }) => done).length }))
    const [first, second] = groups
    const apart = groups.length === 2 && first !== undefined && second !== undefined ? newcombe(first, second) : null
    return {
      sections: [
        {
          title: "Shares, with Wilson's 95 % interval",
          columns: ["group", "done", "of", "share", "low", "high"],
          rows: groups.map(({ name, successes, trials }) => {
            const interval = wilson(successes, trials)
            return [name, successes, trials, successes / trials, interval?.low ?? null, interval?.high ?? null]
          }),
        },
        ...(apart === null
          ? []
          : [
              values(`${first?.name} less ${second?.name}, with Newcombe's interval`, [
                ["difference", apart.difference],
                ["low (95 %)", apart.low],
                ["high", apart.high],
              ]),
            ]),
      ],
      notes: [],
      leftOut,
    }
  },
}
