/**
 * Who brought whom, how far it went on, and the largest trees.
 */
import { bars } from "../chart/Bars.ts"
import { tree } from "../chart/Tree.ts"
import { figure, missing } from "../Figure.ts"
import type { Html } from "../Html.ts"
import type { Tree } from "../model/Forest.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const places = ["the first", "the second", "the third"]

const drawn = (one: Tree, index: number): Html => {
  const title = `${index === 0 ? "The largest tree" : `Tree ${index + 1} by size`}`
  return figure({
    id: `tree-${index + 1}`,
    title,
    says: `${Said.plural(one.people, "person", "people")} in ${Said.plural(one.depth, "step")} from ${one.record}, who brought ${Said.count(one.direct)} of them directly.`,
    draw: (frame) => tree(frame, one.drawn),
    table: table({
      name: `${title}, ${places[index] ?? ""} by number of people`,
      columns: [
        text("Begins with"),
        number("People"),
        number("Steps"),
        number("Brought directly"),
        number("Structural virality"),
      ],
      rows: [
        [Said.record(one.record), Said.count(one.people), one.depth, one.direct, one.virality?.toFixed(2) ?? "none"],
      ],
    }),
    notes:
      one.drawn.length < one.people
        ? [`The first ${one.drawn.length} of ${Said.count(one.people)} people are drawn.`]
        : [],
  })
}

export const forestSection = ({ forest }: PageModel): Section => {
  const { brought, circular, customers, depths, sizes, trees } = forest
  const heading = "Who brought whom"
  if (brought === 0)
    return section(
      "forest",
      heading,
      missing("depths", "Cascades", "No credited referral yet: nobody was brought by a customer."),
    )
  const people = depths.map((value, depth) => ({
    name: depth === 0 ? "Came on their own" : `${Said.plural(depth, "step")} away`,
    value,
  }))
  return section("forest", heading, [
    figure({
      id: "depths",
      title: "How far referrals go on",
      says: `Of ${Said.plural(customers, "customer")}, ${Said.count(brought)} were brought by another; the longest chain has ${Said.plural(depths.length - 1, "step")}.`,
      draw: (frame) =>
        bars(
          frame,
          people
            .slice(0, 12)
            .map((one, depth) => ({ ...one, says: Said.count(one.value), tone: depth === 0 ? "d" : "a" })),
        ),
      table: table({
        name: "Customers by steps from one whom nobody brought",
        columns: [text("Distance"), number("Customers")],
        rows: people.map(({ name, value }) => [name, Said.count(value)]),
      }),
      notes: [
        "Credited by the rules of attribution, not caused. A friend of a friend counts for both, so that trees do not add up.",
        ...(circular === 0
          ? []
          : [`${Said.plural(circular, "customer")} brought each other in a circle and are left out.`]),
      ],
    }),
    figure({
      id: "cascades",
      title: "How large cascades are",
      says: `${Said.plural(
        sizes.reduce((sum, one) => sum + one.trees, 0),
        "tree",
      )} of at least two people; the largest holds ${Said.plural(trees[0]?.people ?? 0, "person", "people")}.`,
      draw: (frame) =>
        bars(
          frame,
          sizes.map(({ name, trees: value }) => ({ name, value, says: Said.count(value), tone: "a" })),
        ),
      table: table({
        name: "Trees by how many people they hold",
        columns: [text("Size"), number("Trees")],
        rows: sizes.map(({ name, trees: value }) => [name, Said.count(value)]),
      }),
    }),
    ...trees.map(drawn),
  ])
}
