/**
 * Who brought whom, for the page: how deep referrals go, how large cascades are, and the largest trees to be drawn.
 *
 * Drawn trees are cut at `drawnPeople`; the numbers beside them are of the whole tree.
 */
import {
  depthHistogram,
  referralForest,
  structuralVirality,
  type Member,
} from "@advocacy-kit/core/metric/ReferralForest"
import type { Study } from "@advocacy-kit/core/metric/Study"
import { principalHandle, type People, type PersonId } from "@advocacy-kit/core/person/People"

const drawnTrees = 3
const drawnPeople = 60

export interface Tree {
  readonly record: string
  /** With the one at the root. */
  readonly people: number
  readonly depth: number
  readonly direct: number
  readonly virality: number | null
  /** The first people of the tree, who brought before who was brought. */
  readonly drawn: ReadonlyArray<{ readonly id: string; readonly parent: string | null }>
}

export interface Forest {
  readonly customers: number
  readonly brought: number
  /** Customers by steps from a customer whom nobody brought. */
  readonly depths: ReadonlyArray<number>
  /** Trees of at least two people, by how many they hold. */
  readonly sizes: ReadonlyArray<{ readonly name: string; readonly trees: number }>
  readonly trees: ReadonlyArray<Tree>
  readonly members: ReadonlyMap<string, Member>
  /** Customers who brought each other in a circle. */
  readonly circular: number
}

const classes: ReadonlyArray<readonly [name: string, from: number, to: number]> = [
  ["2 people", 2, 2],
  ["3 people", 3, 3],
  ["4 or 5", 4, 5],
  ["6 to 10", 6, 10],
  ["11 to 20", 11, 20],
  ["more than 20", 21, Number.POSITIVE_INFINITY],
]

export const make = (study: Study, people: People): Forest => {
  const forest = referralForest(
    study.purchases.flatMap(({ advocate, isFirst, person }) =>
      isFirst && person !== null ? [{ customer: person, referrer: advocate }] : [],
    ),
  )
  const below = Map.groupBy(forest.members.values(), ({ root }) => root)
  const large = forest.roots
    .flatMap((root) => forest.members.get(root) ?? [])
    .filter(({ descendants }) => descendants > 0)
    .sort((a, b) => b.descendants - a.descendants || (a.customer < b.customer ? -1 : 1))
  return {
    customers: forest.members.size,
    brought: [...forest.members.values()].filter(({ referrer }) => referrer !== null).length,
    depths: depthHistogram(forest),
    sizes: classes.map(([name, from, to]) => ({
      name,
      trees: large.filter(({ descendants }) => descendants + 1 >= from && descendants + 1 <= to).length,
    })),
    trees: large.slice(0, drawnTrees).map(({ customer, descendants, direct }) => {
      const members = below.get(customer) ?? []
      return {
        record: principalHandle(people, customer as PersonId),
        people: descendants + 1,
        depth: members.reduce((most, { depth }) => Math.max(most, depth), 0),
        direct,
        virality: structuralVirality(forest, customer),
        drawn: members.slice(0, drawnPeople).map((member) => ({ id: member.customer, parent: member.referrer })),
      }
    }),
    members: forest.members,
    circular: forest.circular.length,
  }
}
