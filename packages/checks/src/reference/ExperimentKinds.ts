/** Cases about what was caused: experiments, their size, and looking at them before they end. */
import * as ConfidenceSequence from "@advocacy-kit/core/statistics/ConfidenceSequence"
import * as CovariateAdjustment from "@advocacy-kit/core/statistics/CovariateAdjustment"
import * as InstrumentalVariable from "@advocacy-kit/core/statistics/InstrumentalVariable"
import * as Mean from "@advocacy-kit/core/statistics/Mean"
import * as Power from "@advocacy-kit/core/statistics/Power"
import * as Proportion from "@advocacy-kit/core/statistics/Proportion"
import * as SampleRatio from "@advocacy-kit/core/statistics/SampleRatio"
import { cell, numeric, type Row, rows } from "./Csv.ts"
import {
  asNumber,
  asObject,
  has,
  isList,
  isObject,
  type Json,
  list,
  number,
  numberOr,
  numbers,
  text,
  textOr,
} from "./Json.ts"
import type { Given, Kind, Kinds } from "./Kind.ts"

const pair = (interval: Proportion.Interval | null): Json => (interval === null ? null : [interval.low, interval.high])

const sequence = (difference: number, standardError: number, count: number, asked: Json | undefined): Json => {
  const [alpha, tightestAt] = [numberOr(asked, "alpha", 0.05), numberOr(asked, "Nstar", 5000)]
  const rho = ConfidenceSequence.asymptoticRho(tightestAt, alpha)
  return {
    N: count,
    alpha,
    Nstar: tightestAt,
    rho,
    halfWidth: ConfidenceSequence.halfWidth(standardError, count, rho, alpha),
    ci: pair(ConfidenceSequence.asymptotic(difference, standardError, count, tightestAt, alpha)),
  }
}

const outcomeOf = (treated: ReadonlyArray<Row>, control: ReadonlyArray<Row>, outcome: string, asked: Json): Json => {
  const valuesOf = (group: ReadonlyArray<Row>) => group.map((row) => numeric(row, outcome))
  const [first, second] = [valuesOf(treated), valuesOf(control)]
  const [one, two] = [Mean.moments(first), Mean.moments(second)]
  const difference = Mean.welch(one, two)
  if (difference === null) return null
  const lift = Mean.relativeLift(one, two)
  const covariate = textOr(asObject(asked)["cuped"], "covariate", "history")
  const paired = (group: ReadonlyArray<Row>) =>
    group.map((row) => ({ value: numeric(row, outcome), covariate: numeric(row, covariate) }))
  const adjusted = has(asked, "cuped") ? CovariateAdjustment.cuped(paired(treated), paired(control)) : null
  const counted = [...first, ...second].every((value) => value === 0 || value === 1)
  const shareOf = (values: ReadonlyArray<number>) => ({
    successes: values.filter((value) => value === 1).length,
    trials: values.length,
  })
  return {
    meanT: one.mean,
    meanC: two.mean,
    diff: difference.difference,
    se: difference.standardError,
    ci: pair(difference.normalInterval),
    welchT: difference.t,
    welchP: difference.p,
    welchDf: difference.degrees,
    relLift: lift?.lift ?? null,
    relLiftDeltaSE: lift?.standardError ?? null,
    asympCS: sequence(
      difference.difference,
      difference.standardError,
      one.count + two.count,
      asObject(asked)["asympCS"],
    ),
    cuped:
      adjusted === null
        ? null
        : {
            covariate,
            theta: adjusted.theta,
            diff: adjusted.difference,
            se: adjusted.standardError,
            varianceReduction: adjusted.varianceReduction,
          },
    newcombe: counted ? pair(Proportion.newcombe(shareOf(first), shareOf(second))) : null,
  }
}

/** Text columns are asked for by the inputs; the outcomes are what the case expects something of. */
const incrementality: Kind = {
  run: ({ expected, folder, inputs }: Given) => {
    const all = rows(folder, text(inputs, "file"))
    const arm = textOr(inputs, "armColumn", "segment")
    const inArm = (name: string) => all.filter((row) => cell(row, arm) === name)
    const [treated, control] = [inArm(text(inputs, "treatment")), inArm(text(inputs, "control"))]
    const outcomes = Object.entries(asObject(expected)).flatMap(([name, asked]): ReadonlyArray<[string, Json]> =>
      isObject(asked) && has(asked, "diff") ? [[name, outcomeOf(treated, control, name, asked)]] : [],
    )
    const ratio = has(inputs, "expectedRatio") ? numbers(inputs, "expectedRatio") : undefined
    const taken = textOr(inputs, "uptake", "visit")
    const outcome = textOr(inputs, "outcome", "spend")
    const encouragement = has(expected, "encouragement")
      ? InstrumentalVariable.localEffect(
          [treated, control].flatMap((group) =>
            group.map((row) => ({
              encouraged: group === treated,
              taken: numeric(row, taken),
              outcome: numeric(row, outcome),
            })),
          ),
        )
      : null
    return {
      nT: treated.length,
      nC: control.length,
      srm_p: SampleRatio.sampleRatio([treated.length, control.length], ratio)?.p ?? null,
      ...Object.fromEntries(outcomes),
      encouragement:
        encouragement === null
          ? null
          : {
              itt: encouragement.intentionToTreat,
              firstStage: encouragement.firstStage,
              late: encouragement.effect,
              seHC0: encouragement.standardError,
            },
    }
  },
}

const confidenceSequence: Kind = {
  run: ({ inputs }) => {
    const alpha = numberOr(inputs, "alpha", 0.05)
    const rho = has(inputs, "rho")
      ? number(inputs, "rho")
      : ConfidenceSequence.mixtureRho(number(inputs, "v_opt"), numberOr(inputs, "alpha_opt", alpha))
    const at = asObject(inputs)["v"]
    const bound = (v: number): number => ConfidenceSequence.normalMixture(v, rho, alpha)
    return isList(at) ? numbers(inputs, "v").map(bound) : bound(asNumber(at))
  },
}

export const experimentKinds: Kinds = {
  incrementality,
  "confidence-sequence": confidenceSequence,
  "sample-ratio-mismatch": {
    run: ({ inputs }) => {
      const ratio = has(inputs, "expectedRatio") ? numbers(inputs, "expectedRatio") : undefined
      const found = SampleRatio.sampleRatio(numbers(inputs, "observed"), ratio)
      return found === null
        ? null
        : { p: found.p, chisq: found.statistic, statistic: found.statistic, df: found.degrees }
    },
  },
  power: {
    run: ({ inputs }) =>
      Power.sizeForShares(number(inputs, "p1"), number(inputs, "p2"), {
        power: numberOr(inputs, "power", 0.8),
        alpha: numberOr(inputs, "alpha", 0.05),
        sides: numberOr(inputs, "sides", 2) === 1 ? 1 : 2,
      }),
  },
  msprt: {
    run: ({ inputs }) => {
      const look = (one: Json): ConfidenceSequence.Look => ({
        difference: number(one, "diff"),
        variance: has(one, "V") ? number(one, "V") : number(one, "se") ** 2,
        mixingVariance: number(one, "tau2"),
      })
      return has(inputs, "looks")
        ? ConfidenceSequence.alwaysValid(list(inputs, "looks").map(look))
        : ConfidenceSequence.mixtureP(look(inputs))
    },
  },
}
