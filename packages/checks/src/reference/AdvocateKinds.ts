/** Cases about who will refer: the default score, held against single signals and a model. */
import * as AdvocateScore from "@advocacy-kit/core/advocate/AdvocateScore"
import * as ScoreValidation from "@advocacy-kit/core/advocate/ScoreValidation"
import * as Logistic from "@advocacy-kit/core/statistics/Logistic"
import { percentiles } from "@advocacy-kit/core/statistics/Proportion"
import { cell, numeric, numericOrNull, type Row, rows } from "./Csv.ts"
import { expression } from "./Expression.ts"
import { asObject, field, has, isObject, type Json, number, text, textOr } from "./Json.ts"
import type { Given, Kind, Kinds } from "./Kind.ts"

/** The second weighting that shop cases compare with. */
const balanced = { sentiment: 0.3, provenAdvocacy: 0.35, liveLoyalty: 0.15, reach: 0.2 }
const defaultName = "default score (.15/.25/.40/.20)"
const balancedName = "balanced (.30/.35/.15/.20)"
const logisticName = "logistic 5-fold CV"
const scores: ReadonlySet<string> = new Set([defaultName, balancedName, logisticName])

const ratingOf = (row: Row): number | null => {
  const nps = numericOrNull(row, "nps")
  return nps === null || nps < 0 ? null : nps
}

const signalsOf = (row: Row): AdvocateScore.Signals => {
  const orders = numeric(row, "orders")
  return {
    nps: ratingOf(row),
    stars: numericOrNull(row, "avgReviewRating"),
    refundedShare: numeric(row, "refunds") / Math.max(1, orders),
    // Such a table has no dates of referrals, so that all count whole.
    recentReferrals: numeric(row, "pastReferrals"),
    referrals: numeric(row, "pastReferrals"),
    conversions: numeric(row, "pastReferralConversions"),
    shares90d: numeric(row, "shares90d"),
    reviews: numeric(row, "reviews"),
    recency: -numeric(row, "recencyDays"),
    orders,
    shares: numeric(row, "shares90d"),
    emailEngagement: numericOrNull(row, "emailOpenRate"),
  }
}

/** Customers by their numbers: single signals, scores, and a model held out by every fifth row. */
const scoresOfShop = (
  all: ReadonlyArray<Row>,
  outcomes: ReadonlyArray<boolean>,
): ReadonlyArray<readonly [string, ReadonlyArray<number> | null]> => {
  const read = (column: string) => all.map((row) => numeric(row, column))
  const nps = all.map(ratingOf)
  const known = nps.filter((one) => one !== null)
  const mean = known.reduce((a, b) => a + b, 0) / Math.max(1, known.length)
  const orders = read("orders")
  const [aov, recency] = [read("aov"), read("recencyDays")]
  const revenue = orders.map((count, at) => count * (aov[at] ?? 0))
  const [byRecency, byOrders, byRevenue] = [
    percentiles(recency.map((days) => -days)),
    percentiles(orders),
    percentiles(revenue),
  ]
  const signals = all.map(signalsOf)
  const components = AdvocateScore.components(signals)
  const features = signals.map((one, at) => [
    one.nps ?? mean,
    one.nps === null ? 1 : 0,
    one.refundedShare,
    Math.log1p(one.recentReferrals),
    Math.log1p(one.conversions),
    Math.log1p(one.shares90d ?? 0),
    Math.log1p(one.reviews ?? 0),
    Math.log1p(-one.recency),
    Math.log1p(one.orders),
    Math.log1p(aov[at] ?? 0),
    one.emailEngagement ?? 0,
  ])
  return [
    ["NPS only", nps.map((one) => one ?? mean)],
    ["promoter flag", nps.map((one) => (one !== null && one >= 9 ? 1 : 0))],
    ["orders only", orders],
    ["revenue only", revenue],
    ["RFM", byRecency.map((share, at) => share + (byOrders[at] ?? 0) + (byRevenue[at] ?? 0))],
    ["past referrals", read("pastReferrals")],
    [defaultName, components.map((one) => AdvocateScore.combine(one).score)],
    [balancedName, components.map((one) => AdvocateScore.combine(one, balanced).score)],
    [
      logisticName,
      Logistic.heldOut(
        features,
        outcomes,
        all.map((_, at) => at % 5),
      ),
    ],
  ]
}

const measured = (
  values: ReadonlyArray<number> | null,
  outcomes: ReadonlyArray<boolean>,
  amounts: ReadonlyArray<number>,
): Json => {
  const found = values === null ? null : ScoreValidation.validate(values, outcomes, amounts)
  return found === null
    ? null
    : {
        auc: found.auc,
        se: found.standardError,
        lift10: found.lift10,
        capture10: found.capture10,
        captureConversions10: found.capture10,
      }
}

/** Members of a community: the components are told by the case, in its `columns`. */
const scoresOfCommunity = (all: ReadonlyArray<Row>): ReadonlyArray<readonly [string, ReadonlyArray<number>]> => {
  const read = (column: string) => all.map((row) => numeric(row, column))
  const [recency, orders] = [percentiles(read("recency").map((days) => -days)), percentiles(read("orders"))]
  const [S, A, R] = [read("rating"), read("recw"), read("received")]
  const L = recency.map((share, at) => 0.5 * share + 0.5 * (orders[at] ?? 0))
  const [sentiment, provenAdvocacy, liveLoyalty, reach] = [percentiles(S), percentiles(A), L, percentiles(R)]
  const combined = all.map(
    (_, at) =>
      AdvocateScore.combine({
        sentiment: sentiment?.[at] ?? 0,
        provenAdvocacy: provenAdvocacy?.[at] ?? 0,
        liveLoyalty: liveLoyalty?.[at] ?? 0,
        reach: reach?.[at] ?? 0,
      }).score,
  )
  return [
    ["default", combined],
    ["S", S],
    ["A", A],
    ["L", L],
    ["R", R],
  ]
}

const advocateScore: Kind = {
  run: ({ folder, inputs }: Given) => {
    const all = rows(folder, text(inputs, "file"))
    const community = all[0]?.["recw"] !== undefined
    const label = expression(textOr(inputs, "label", "y>0"), all)
    const outcomes = all.map((row, index) => label(row, index) === 1)
    const amount = textOr(inputs, "count", "futureRecruits180d")
    const amounts = all.map((row) => Number(cell(row, amount)))
    const found = community ? scoresOfCommunity(all) : scoresOfShop(all, outcomes)
    return {
      n: all.length,
      base: outcomes.filter(Boolean).length / all.length,
      ...Object.fromEntries(found.map(([name, values]) => [name, measured(values, outcomes, amounts)])),
    }
  },
  // Where an acceptance stands it alone decides the scores; without one they are compared like everything else.
  group: ([name], { tolerance }) =>
    name !== undefined && scores.has(name) && has(tolerance, "acceptance") ? null : "metric",
  accept: (actual, { tolerance }) => {
    if (!has(tolerance, "acceptance")) return []
    const aucOf = (name: string): number => number(field(actual, name), "auc")
    const own = aucOf(defaultName)
    const single = Object.entries(asObject(actual)).flatMap(([name, value]) =>
      isObject(value) && !scores.has(name) ? [name] : [],
    )
    return [
      ...(own >= aucOf(balancedName) - 0.01
        ? []
        : [`the default has AUC ${own}, the balanced score ${aucOf(balancedName)}`]),
      ...single.flatMap((name) => (own > aucOf(name) ? [] : [`the default has AUC ${own}, ${name} ${aucOf(name)}`])),
    ]
  },
}

export const advocateKinds: Kinds = { "advocate-score": advocateScore }
