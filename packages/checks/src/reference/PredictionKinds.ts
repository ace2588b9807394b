/** Cases about predicting: logistic regression and uplift. */
import * as Logistic from "@advocacy-kit/core/statistics/Logistic"
import * as Roc from "@advocacy-kit/core/statistics/Roc"
import * as Uplift from "@advocacy-kit/core/statistics/Uplift"
import { rows } from "./Csv.ts"
import { expression, named } from "./Expression.ts"
import { asObject, text } from "./Json.ts"
import type { Kind, Kinds } from "./Kind.ts"

const logistic: Kind = {
  run: ({ folder, inputs }) => {
    const all = rows(folder, text(inputs, "file"))
    const features = named(text(inputs, "x"), all)
    const happened = expression(text(inputs, "y"), all)
    const matrix = all.map((row, index) => features.map(([, read]) => read(row, index)))
    const outcomes = all.map((row, index) => happened(row, index) === 1)
    const found = Logistic.fit(matrix, outcomes)
    if (found === null) return null
    const names = ["const", ...features.map(([name]) => name)]
    const byName = (values: ReadonlyArray<number>) =>
      Object.fromEntries(names.map((name, at) => [name, values[at] ?? null]))
    const chances = matrix.map((row) => Logistic.chance(found, row))
    return {
      coef: byName(found.coefficients),
      se: byName(found.standardErrors),
      logLik: found.logLikelihood,
      n: all.length,
      trainAUC: Roc.auc(chances, outcomes)?.auc ?? null,
    }
  },
}

const qini: Kind = {
  run: ({ expected, folder, inputs }) => {
    const all = rows(folder, text(inputs, "file"))
    const [outcome, treated, score] = [
      expression(text(inputs, "outcome"), all),
      expression(text(inputs, "treatment"), all),
      expression(text(inputs, "score"), all),
    ]
    const people = all.map((row, index) => ({
      outcome: outcome(row, index),
      treated: treated(row, index) === 1,
      score: score(row, index),
    }))
    return {
      qini: Uplift.qini(people),
      upliftAuc: Uplift.upliftArea(people),
      ...Object.fromEntries(
        Object.keys(asObject(expected)).flatMap((key) => {
          const percent = /^upliftAt(\d+)Overall$/.exec(key)?.[1]
          return percent === undefined ? [] : [[key, Uplift.upliftAmongBest(people, Number(percent) / 100)]]
        }),
      ),
    }
  },
}

export const predictionKinds: Kinds = { logistic, qini }
