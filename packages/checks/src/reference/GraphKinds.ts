/** Cases about referral forests and graphs of trust. */
import * as ReferralForest from "@advocacy-kit/core/metric/ReferralForest"
import * as Concentration from "@advocacy-kit/core/statistics/Concentration"
import * as DirectedGraph from "@advocacy-kit/core/statistics/DirectedGraph"
import { cell, numeric, rows } from "./Csv.ts"
import { asObject, field, has, isList, isObject, type Json, text, textOr } from "./Json.ts"
import type { Given, Kind, Kinds } from "./Kind.ts"

interface Joined extends ReferralForest.Referral {
  /** Seconds; null where the case does not tell. */
  readonly joinedAt: number | null
}

const daySeconds = 86_400

/** Names that are numbers stay numbers in a case. */
const idOf = (name: string): Json => (/^-?\d+$/.test(name) ? Number(name) : name)

const compareIds = (one: string, two: string): number => {
  const [a, b] = [idOf(one), idOf(two)]
  if (typeof a === "number" && typeof b === "number") return a - b
  return one < two ? -1 : 1
}

const joinedOf = ({ folder, inputs }: Given): ReadonlyArray<Joined> | null => {
  const told = asObject(inputs)["forest"] ?? asObject(inputs)["edges"]
  if (isList(told)) {
    return told.map((one) => ({
      customer: String(field(one, "customer")),
      referrer: has(one, "referrer") ? String(field(one, "referrer")) : null,
      joinedAt: null,
    }))
  }
  if (!has(inputs, "forest")) return null
  return rows(folder, text(inputs, "forest")).map((row) => ({
    customer: cell(row, "customer"),
    referrer: cell(row, "referrer") === "" ? null : cell(row, "referrer"),
    joinedAt: row["joinedAt"] === undefined ? null : numeric(row, "joinedAt"),
  }))
}

const top = (values: Iterable<readonly [string, number]>, count: number): Json =>
  [...values]
    .sort((a, b) => b[1] - a[1] || compareIds(a[0], b[0]))
    .slice(0, count)
    .map(([name, value]) => [idOf(name), value])

const median = (values: ReadonlyArray<number>): number | null => {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

const mean = (values: ReadonlyArray<number>): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length

const cycleDays = (joined: ReadonlyArray<Joined>): ReadonlyArray<number> => {
  const at = new Map(joined.map(({ customer, joinedAt }) => [customer, joinedAt]))
  return joined.flatMap(({ joinedAt, referrer }) => {
    const before = referrer === null ? null : at.get(referrer)
    return joinedAt === null || before === null || before === undefined ? [] : [(joinedAt - before) / daySeconds]
  })
}

const forestOf = (joined: ReadonlyArray<Joined>, asked: Json): Json => {
  const forest = ReferralForest.referralForest(joined)
  const members = [...forest.members.values()]
  const direct = members.map((member) => member.direct)
  const brought = members.filter(({ depth }) => depth > 0)
  const referrers = direct.filter((count) => count > 0)
  const trees = members
    .filter(({ depth }) => depth === 0)
    .map(({ customer, descendants }) => [customer, descendants + 1] as const)
  const [largestRoot, largestCascade] = trees.reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0] as const)
  const edges = brought.map(({ customer, referrer }) => [customer, referrer ?? ""] as const)
  const katz = ReferralForest.katz(forest, 0.5)
  const cycles = cycleDays(joined)
  const list = (key: string): number => {
    const found = isObject(asked) ? asked[key] : undefined
    return isList(found) ? found.length : 0
  }
  const viralities = Object.keys(asObject(asked)).flatMap((key): ReadonlyArray<[string, Json]> => {
    const root = /^structuralVirality(?!Largest$)(.+)$/.exec(key)?.[1]
    return root === undefined ? [] : [[key, ReferralForest.structuralVirality(forest, root)]]
  })
  const influences = Object.keys(asObject(asked)).flatMap((key): ReadonlyArray<[string, Json]> => {
    // The digits after the point: katz05 is for a beta of 0.5.
    const beta = /^katz0(\d+)$/.exec(key)?.[1]
    return beta === undefined ? [] : [[key, Object.fromEntries(ReferralForest.katz(forest, Number(`0.${beta}`)))]]
  })
  const asks = (key: string): boolean => has(asked, key)
  const ranks = () => DirectedGraph.pageRank(DirectedGraph.fromEdges(edges, forest.members.keys()))
  return {
    nodes: members.length,
    edges: brought.length,
    roots: forest.roots.length,
    maxDepth: members.reduce((deepest, { depth }) => Math.max(deepest, depth), 0),
    meanDepthNonRoot: mean(brought.map(({ depth }) => depth)),
    largestCascade,
    largestRoot: idOf(largestRoot),
    cascadesGe2: trees.filter(([, size]) => size >= 2).length,
    referrers: referrers.length,
    participationRate: members.length === 0 ? null : referrers.length / members.length,
    kObserved: members.length === 0 ? null : brought.length / members.length,
    maxDirect: Math.max(0, ...direct),
    giniDirect: Concentration.gini(direct),
    giniDirectReferrers: Concentration.gini(referrers),
    shareTop1pct: Concentration.topShare(direct, 0.01),
    structuralViralityLargest: ReferralForest.structuralVirality(forest, largestRoot),
    medianCycleDays: median(cycles),
    meanCycleDays: mean(cycles),
    topDirect: top(
      members.map((member) => [member.customer, member.direct]),
      list("topDirect"),
    ),
    topDescendants: top(
      members.map((member) => [member.customer, member.descendants]),
      list("topDescendants"),
    ),
    topKatz05: top(katz, list("topKatz05")),
    topPageRankReverse: top(asks("topPageRankReverse") ? ranks() : [], list("topPageRankReverse")),
    depthHistogram: Object.fromEntries(ReferralForest.depthHistogram(forest).map((count, depth) => [depth, count])),
    descendants: Object.fromEntries(members.map((member) => [member.customer, member.descendants])),
    direct: Object.fromEntries(members.map((member) => [member.customer, member.direct])),
    depth: Object.fromEntries(members.map((member) => [member.customer, member.depth])),
    pageRank: asks("pageRank") ? Object.fromEntries(ranks()) : {},
    ...Object.fromEntries([...viralities, ...influences]),
  }
}

/** The graph of who trusts whom; parts and ranks are of its positive edges. */
const trustOf = ({ expected, folder, inputs }: Given): Json => {
  const all = rows(folder, text(inputs, "edges")).map((row) => ({
    edge: [cell(row, "src"), cell(row, "dst")] as const,
    rating: row["rating"] === undefined ? 1 : numeric(row, "rating"),
  }))
  const whole = DirectedGraph.fromEdges(all.map(({ edge }) => edge))
  const positive = all.filter(({ rating }) => rating > 0).map(({ edge }) => edge)
  // Who is only distrusted belongs to the graph, alone.
  const graph = DirectedGraph.fromEdges(positive, whole.nodes)
  const names = new Set(positive.map((edge) => edge.join("\n")))
  const strong = DirectedGraph.strongComponents(graph).map((part) => part.length)
  const weak = DirectedGraph.components(graph).map((part) => part.length)
  const asked = asObject(expected)["topPageRankPositive"]
  return {
    nodes: whole.nodes.length,
    edges: all.length,
    edgesPositive: positive.length,
    positiveShare: positive.length / all.length,
    sccCountPositive: strong.length,
    largestScc: Math.max(0, ...strong),
    sccSizeGe2: strong.filter((size) => size >= 2).length,
    wccCountPositive: weak.length,
    largestWcc: Math.max(0, ...weak),
    reciprocalEdges: [...names].filter((name) => names.has(name.split("\n").toReversed().join("\n"))).length,
    topPageRankPositive: top(DirectedGraph.pageRank(graph), isList(asked) ? asked.length : 10),
  }
}

const referralGraph: Kind = {
  run: (given) => {
    const joined = joinedOf(given)
    const nested = has(given.expected, "forest")
    const forest = joined === null ? {} : forestOf(joined, nested ? field(given.expected, "forest") : given.expected)
    const trust = typeof asObject(given.inputs)["edges"] === "string" ? asObject(trustOf(given)) : {}
    return { tag: textOr(given.expected, "tag", ""), ...(nested ? { forest } : asObject(forest)), ...trust }
  },
}

export const graphKinds: Kinds = { "referral-graph": referralGraph }
