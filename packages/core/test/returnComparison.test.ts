import { expect, it } from "vitest"
import { atRisk, compareReturn } from "../src/metric/ReturnComparison.ts"
import type { Segment } from "../src/metric/Segment.ts"
import type { Purchase, Study } from "../src/metric/Study.ts"
import { days, fromIso } from "../src/id/Instant.ts"
import type { PersonId } from "../src/person/People.ts"

const start = fromIso("2026-01-01T12:00:00Z")

const bought = (person: string, day: number): Purchase => ({
  cause: `order/${person}/${day}`,
  at: start + days(day),
  date: new Date(start + days(day)).toISOString().slice(0, 10),
  person: person as PersonId,
  currency: "EUR",
  grossMinor: 100n,
  netMinor: 100n,
  channel: null,
  isFirst: day === 0,
  advocate: null,
})

const study = (purchases: ReadonlyArray<Purchase>): Study => ({
  asOf: start + days(100),
  from: null,
  until: start + days(100) + 1,
  segment: null,
  timeZone: "UTC",
  currency: "EUR",
  asks: [],
  answers: [],
  content: [],
  sharings: [],
  purchases,
  credits: [],
  shares: [],
  advocates: new Map(),
  firstPurchases: new Map(),
})

const byLetter: Segment = { name: "letter", question: "Which?", of: () => (person) => person.slice(0, 1) }

it("takes who has not come back for watched, not for lost, and compares the groups", () => {
  // a: back after 10, 10, 20 and not yet; b: not yet, not yet, not yet, after 90.
  const all = [
    ...["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"].map((person) => bought(person, 0)),
    bought("a1", 10),
    bought("a2", 10),
    bought("a3", 20),
    bought("a3", 50),
    bought("b4", 90),
  ]
  const { groups, test } = compareReturn(study(all), byLetter)
  expect(groups.map(({ customers, returned, value }) => [value, customers, returned])).toEqual([
    ["a", 4, 3],
    ["b", 4, 1],
  ])
  expect(groups[0]?.curve.map(({ survival, time }) => [time, survival])).toEqual([
    [10, 0.5],
    [20, 0.25],
  ])
  expect([0, 10, 11, 20, 21, 100, 101].map((day) => atRisk(groups[0]!, day))).toEqual([4, 4, 2, 2, 1, 1, 0])
  // By hand: expected of a 2·4/8 + 1·2/6 + 1·1/5; variance 2·(4·4/64)·(6/7) + (2·4/36) + (1·4/25).
  const expected = 1 + 1 / 3 + 1 / 5
  const variance = 2 * 0.25 * (6 / 7) + 2 / 9 + 4 / 25
  expect(test?.expected[0]).toBeCloseTo(expected, 12)
  expect(test?.chiSquared).toBeCloseTo((3 - expected) ** 2 / variance, 10)
})

it("has no test where there is one group, and no group where nobody bought", () => {
  expect(compareReturn(study([bought("a1", 0), bought("a1", 5)]), byLetter).test).toBeNull()
  expect(compareReturn(study([]), byLetter)).toEqual({ groups: [], test: null })
})
