/** Cases about which touch is credited with a conversion. */
import * as MarkovAttribution from "@advocacy-kit/core/metric/MarkovAttribution"
import * as ShapleyAttribution from "@advocacy-kit/core/metric/ShapleyAttribution"
import * as TouchAttribution from "@advocacy-kit/core/metric/TouchAttribution"
import { cell, numeric, rows } from "./Csv.ts"
import {
  asObject,
  asText,
  field,
  has,
  isList,
  type Json,
  list,
  number,
  numberOr,
  numbers,
  text,
  textOr,
} from "./Json.ts"
import type { Given, Kind, Kinds } from "./Kind.ts"

type Journey = TouchAttribution.Journey

const journeysOf = ({ folder, inputs }: Given): ReadonlyArray<Journey> => {
  const separator = textOr(inputs, "separator", ">").trim()
  const touchesOf = (path: string): ReadonlyArray<string> =>
    path
      .split(separator)
      .map((touch) => touch.trim())
      .filter((touch) => touch !== "")
  if (!has(inputs, "file")) {
    return list(inputs, "paths").map((one) => {
      const path = field(one, "path")
      return {
        touches: isList(path) ? path.map(asText) : touchesOf(asText(path)),
        conversions: numberOr(one, "total_conversions", numberOr(one, "conversions", 0)),
        value: numberOr(one, "total_conversion_value", numberOr(one, "value", 0)),
        nulls: numberOr(one, "total_null", numberOr(one, "nulls", 0)),
      }
    })
  }
  return rows(folder, text(inputs, "file")).map((row) => {
    const optional = (column: string): number =>
      row[column] === undefined || row[column] === "" ? 0 : numeric(row, column)
    return {
      touches: touchesOf(cell(row, "path")),
      conversions: numeric(row, "total_conversions"),
      value: optional("total_conversion_value"),
      nulls: optional("total_null"),
    }
  })
}

const attribution: Kind = {
  run: (given) => {
    const journeys = journeysOf(given)
    const { credited } = TouchAttribution
    const direct = textOr(given.inputs, "direct", "direct")
    const rules = {
      firstTouch: TouchAttribution.first,
      lastTouch: TouchAttribution.last,
      lastNonDirect: TouchAttribution.lastNonDirect(direct),
      linear: TouchAttribution.linear,
      positionBased402040: TouchAttribution.positionBased(0.4),
    }
    const byRule = Object.entries(rules).flatMap(([name, rule]): ReadonlyArray<[string, Json]> => [
      [name, Object.fromEntries(credited(journeys, rule))],
      [`${name}Value`, Object.fromEntries(credited(journeys, rule, "value"))],
    ])
    const orders = Object.keys(asObject(given.expected)).flatMap((key) => /^markov(\d+)$/.exec(key)?.[1] ?? [])
    const chains = orders.map((order): [string, Json] => {
      const found = MarkovAttribution.markov(journeys, Number(order))
      return [
        `markov${order}`,
        found === null
          ? null
          : {
              baseConversionRate: found.baseConversionRate,
              removalEffects: Object.fromEntries(found.removalEffects),
              attributed: Object.fromEntries(found.attributed),
              attributedValue: Object.fromEntries(found.attributedValue),
            },
      ]
    })
    return {
      totalConversions: journeys.reduce((sum, { conversions }) => sum + conversions, 0),
      baseConversionRate: MarkovAttribution.markov(journeys)?.baseConversionRate ?? null,
      ...Object.fromEntries([...byRule, ...chains]),
      shapleySimplified: Object.fromEntries(ShapleyAttribution.simplifiedShapley(journeys)),
      shapleySimplifiedValue: Object.fromEntries(ShapleyAttribution.simplifiedShapley(journeys, "value")),
    }
  },
}

/** The players that a combination's name is made of: separated by signs, or names one after the other. */
const membersOf = (name: string, players: ReadonlyArray<string>): ReadonlyArray<string> => {
  const parts = name.split(/\s*[,;|+&>]\s*/).filter((part) => part !== "")
  if (parts.every((part) => players.includes(part))) return parts
  const longestFirst = players.toSorted((a, b) => b.length - a.length)
  const members: Array<string> = []
  for (let rest = name; rest !== "";) {
    const next = longestFirst.find((player) => rest.startsWith(player))
    if (next === undefined) throw new Error(`"${name}" is no combination of ${players.join(", ")}`)
    members.push(next)
    rest = rest.slice(next.length)
  }
  return members
}

const shapley: Kind = {
  run: ({ expected, inputs }) => {
    const players = Object.keys(asObject(expected))
    const sorted = (members: ReadonlyArray<string>): string => JSON.stringify(members.toSorted())
    const worth = new Map(
      Object.keys(asObject(field(inputs, "v"))).map((name) => [
        sorted(membersOf(name, players)),
        number(field(inputs, "v"), name),
      ]),
    )
    const found = ShapleyAttribution.shapley(players, (members) => worth.get(sorted(members)) ?? 0)
    return found === null ? null : Object.fromEntries(found)
  },
}

export const attributionKinds: Kinds = {
  attribution,
  "attribution-time-decay": {
    run: ({ inputs }) =>
      TouchAttribution.timeDecay(numbers(inputs, "daysBeforeConversion"), numberOr(inputs, "halfLifeDays", 7)),
  },
  shapley,
}
