import { describe, expect, it } from "@effect/vitest"
import {
  depthHistogram,
  katz,
  type Referral,
  referralForest,
  structuralVirality,
} from "../src/metric/ReferralForest.ts"
import { gini, topShare } from "../src/statistics/Concentration.ts"
import { components, fromEdges, pageRank, strongComponents } from "../src/statistics/DirectedGraph.ts"
import { uniform } from "./Draws.ts"

const told = (text: string): ReadonlyArray<Referral> =>
  text.split(" ").map((pair) => {
    const [customer = "", referrer] = pair.split("<")
    return { customer, referrer: referrer ?? null }
  })

describe("a referral forest", () => {
  const forest = referralForest(told("B A C<A D<A E<C F<E"))

  it("counts friends, friends of friends, and how far they are", () => {
    expect(forest.roots).toEqual(["B", "A"])
    expect(forest.members.get("A")).toMatchObject({ direct: 2, descendants: 4, depth: 0, root: "A", referrer: null })
    expect(forest.members.get("F")).toMatchObject({ direct: 0, descendants: 0, depth: 3, root: "A", referrer: "E" })
    expect(depthHistogram(forest)).toEqual([2, 2, 1, 1])
    expect(Object.fromEntries(katz(forest))).toEqual({ A: 1.375, B: 0, C: 0.75, D: 0, E: 0.5, F: 0 })
    expect(katz(forest, 0.5, (customer) => (customer === "F" ? 80 : 0)).get("A")).toBe(10)
    expect([structuralVirality(forest, "A"), structuralVirality(forest, "B")]).toEqual([2, null])
  })

  it("is the same whatever the order in which it is told", () => {
    const other = referralForest(told("F<E E<C D<A C<A A B"))
    for (const [customer, member] of forest.members) expect(other.members.get(customer)).toEqual(member)
  })

  it("keeps the first referrer, knows referrers who are told of nowhere else, and leaves circles out", () => {
    const odd = referralForest(told("A<Z A<Y B<C C<B D<C E<E"))
    expect(odd.members.get("A")?.referrer).toBe("Z")
    expect(odd.roots).toEqual(["Z"])
    expect(odd.circular).toEqual(["B", "C", "D", "E"])
  })

  it("has a structural virality of 2 − 2/n for a star, (n + 1)/3 for a chain", () => {
    const star = referralForest(told("A B<A C<A D<A E<A"))
    const chain = referralForest(told("A B<A C<B D<C E<D"))
    expect([structuralVirality(star, "A"), structuralVirality(chain, "A")]).toEqual([
      expect.closeTo(1.6, 12),
      expect.closeTo(2, 12),
    ])
    // The tree below somebody who was brought too.
    expect(structuralVirality(chain, "C")).toBeCloseTo(4 / 3, 12)
  })

  it("does not fall over a chain of twenty thousand", () => {
    const chain = referralForest(
      Array.from({ length: 20_000 }, (_, at) => ({
        customer: String(at),
        referrer: at === 0 ? null : String(at - 1),
      })),
    )
    expect(chain.members.get("0")?.descendants).toBe(19_999)
    expect(structuralVirality(chain, "0")).toBeCloseTo(20_001 / 3, 6)
    expect(
      strongComponents(
        fromEdges([...chain.members.values()].map(({ customer, referrer }) => [referrer ?? "", customer])),
      ),
    ).toHaveLength(20_001)
  })
})

describe("a directed graph", () => {
  it("has the ranks of the example that is known best", () => {
    const edges = "BC CB DA DB EB ED EF FB FE GB GE HB HE IB IE JE KE"
      .split(" ")
      .map((edge) => [edge[0] ?? "", edge[1] ?? ""] as const)
    const ranks = pageRank(fromEdges(edges))
    const published = { B: 0.384, C: 0.343, E: 0.081, D: 0.039, F: 0.039, A: 0.033, G: 0.016, K: 0.016 }
    for (const [node, rank] of Object.entries(published)) expect(ranks.get(node)).toBeCloseTo(rank, 3)
    expect([...ranks.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(pageRank(fromEdges([...edges, ...edges]))).toEqual(ranks)
    expect(pageRank(fromEdges([])).size).toBe(0)
  })

  it("falls into the parts of Tarjan's figure, and hangs together without directions", () => {
    const graph = fromEdges(
      ["12", "23", "31", "42", "43", "45", "54", "56", "63", "67", "76", "85", "87", "88"].map(
        (edge) => [edge[0] ?? "", edge[1] ?? ""] as const,
      ),
      ["9"],
    )
    expect(strongComponents(graph).map((part) => part.toSorted().join(""))).toEqual(["9", "123", "45", "67", "8"])
    expect(components(graph).map((part) => part.length)).toEqual([1, 8])
  })

  it("has the parts that a search finds, for random graphs", () => {
    const next = uniform(5)
    for (let round = 0; round < 50; round++) {
      const nodes = Array.from({ length: 12 }, (_, at) => String(at))
      const edges = Array.from(
        { length: 14 },
        () => [String(Math.floor(12 * next())), String(Math.floor(12 * next()))] as const,
      )
      const reaches = (from: string, both: boolean) => {
        const seen = new Set([from])
        for (const node of seen) {
          for (const [a, b] of edges) {
            if (a === node) seen.add(b)
            if (both && b === node) seen.add(a)
          }
        }
        return seen
      }
      const graph = fromEdges(edges, nodes)
      const [forward, around] = [
        new Map(nodes.map((node) => [node, reaches(node, false)])),
        new Map(nodes.map((node) => [node, reaches(node, true)])),
      ]
      const partsBy = (same: (a: string, b: string) => boolean) =>
        nodes.flatMap((node) => {
          const part = nodes.filter((other) => same(node, other))
          return part[0] === node ? [part] : []
        })
      expect(components(graph)).toEqual(partsBy((a, b) => around.get(a)?.has(b) === true))
      expect(strongComponents(graph)).toEqual(
        partsBy((a, b) => forward.get(a)?.has(b) === true && forward.get(b)?.has(a) === true),
      )
    }
  })
})

describe("concentration", () => {
  it("is 0 where all have the same, (n − 1)/n where one has everything, null where there is nothing", () => {
    expect([gini([3, 3, 3]), gini([0, 0, 0, 8]), gini([1, 3])]).toEqual([
      expect.closeTo(0, 12),
      expect.closeTo(0.75, 12),
      expect.closeTo(0.25, 12),
    ])
    expect([gini([]), gini([0, 0]), topShare([0], 0.01), topShare([], 0.5)]).toEqual([null, null, null, null])
  })

  it("tells what the few who have most have, a fraction of a person being one", () => {
    expect(topShare([1, 5, 3, 1], 0.25)).toBe(0.5)
    expect(topShare([1, 5, 3, 1], 0.26)).toBe(0.8)
    expect(
      topShare(
        Array.from({ length: 100 }, () => 1),
        0.07,
      ),
    ).toBeCloseTo(0.07, 12)
  })
})
