/**
 * A directed graph: its connected parts, its circles, and who matters in it.
 *
 * Promises: nodes keep the order of their first mention, results follow it; the same edge named twice is one edge; no
 * recursion, so that depth is limited by memory alone. Work is linear in nodes and edges, for PageRank times the rounds.
 */

export interface DirectedGraph {
  readonly nodes: ReadonlyArray<string>
  /** For each node the positions of those it points to, each once. */
  readonly to: ReadonlyArray<ReadonlyArray<number>>
}

export type Edge = readonly [from: string, to: string]

/** `alone` names nodes that need not have an edge. */
export const fromEdges = (edges: Iterable<Edge>, alone: Iterable<string> = []): DirectedGraph => {
  const places = new Map<string, number>()
  const to: Array<Set<number>> = []
  const placeOf = (node: string): number => {
    const known = places.get(node)
    if (known !== undefined) return known
    places.set(node, to.length)
    to.push(new Set())
    return to.length - 1
  }
  for (const node of alone) placeOf(node)
  for (const [from, target] of edges) to[placeOf(from)]?.add(placeOf(target))
  return { nodes: [...places.keys()], to: to.map((targets) => [...targets]) }
}

const named = (
  { nodes }: DirectedGraph,
  groups: Iterable<ReadonlyArray<number>>,
): ReadonlyArray<ReadonlyArray<string>> =>
  [...groups]
    .map((group) => group.toSorted((a, b) => a - b))
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
    .map((group) => group.map((at) => nodes[at] ?? ""))

/** The parts that hang together when directions are ignored (union–find with halved paths). */
export const components = (graph: DirectedGraph): ReadonlyArray<ReadonlyArray<string>> => {
  const above = graph.nodes.map((_, at) => at)
  const top = (node: number): number => {
    let at = node
    for (let next = above[at] ?? at; next !== at; next = above[at] ?? at) {
      above[at] = above[next] ?? next
      at = above[at] ?? at
    }
    return at
  }
  graph.to.forEach((targets, from) => {
    for (const target of targets) {
      const [one, two] = [top(from), top(target)]
      // The earlier node stays on top, so that the order of the edges does not matter.
      above[Math.max(one, two)] = Math.min(one, two)
    }
  })
  return named(graph, Map.groupBy(graph.nodes.keys(), top).values())
}

/** The largest parts in which everybody reaches everybody (Tarjan 1972); a node in no circle is a part of its own. */
export const strongComponents = (graph: DirectedGraph): ReadonlyArray<ReadonlyArray<string>> => {
  const count = graph.nodes.length
  const [index, low, next] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)]
  const open = new Uint8Array(count)
  const stack: Array<number> = []
  const groups: Array<Array<number>> = []
  let clock = 0
  const enter = (node: number): void => {
    index[node] = low[node] = ++clock
    open[node] = 1
    stack.push(node)
  }
  const lower = (node: number, value: number): void => {
    low[node] = Math.min(low[node] ?? 0, value)
  }
  const close = (node: number): void => {
    const group: Array<number> = []
    for (let member = -1; member !== node;) {
      member = stack.pop() ?? node
      open[member] = 0
      group.push(member)
    }
    groups.push(group)
  }
  for (let root = 0; root < count; root++) {
    if (index[root] !== 0) continue
    const path = [root]
    enter(root)
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const turn = next[node] ?? 0
      next[node] = turn + 1
      const target = graph.to[node]?.[turn]
      if (target === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent !== undefined) lower(parent, low[node] ?? 0)
        if (low[node] === index[node]) close(node)
      } else if (index[target] === 0) {
        enter(target)
        path.push(target)
      } else if (open[target] === 1) lower(node, index[target] ?? 0)
    }
  }
  return named(graph, groups)
}

/**
 * PageRank (Page et al. 1999), shares that sum to 1: p ← (1 − d)/n + d · (Σ p_from/out_from + dangling/n), until a round
 * moves less than 1e-13 in all, at most 1,000 rounds. Every edge weighs the same; what nodes without an edge out hold is
 * spread over all.
 */
export const pageRank = ({ nodes, to }: DirectedGraph, damping = 0.85): ReadonlyMap<string, number> => {
  const count = nodes.length
  let ranks = new Float64Array(count).fill(1 / count)
  for (let round = 0, moved = Infinity; round < 1000 && moved > 1e-13; round++) {
    const given = new Float64Array(count)
    let dangling = 0
    to.forEach((targets, from) => {
      const rank = ranks[from] ?? 0
      if (targets.length === 0) dangling += rank
      for (const target of targets) given[target] = (given[target] ?? 0) + rank / targets.length
    })
    const base = (1 - damping + damping * dangling) / count
    const updated = given.map((share) => base + damping * share)
    moved = updated.reduce((sum, rank, at) => sum + Math.abs(rank - (ranks[at] ?? 0)), 0)
    ranks = updated
  }
  return new Map(nodes.map((node, at) => [node, ranks[at] ?? 0]))
}
