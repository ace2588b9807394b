import { expect, it } from "vitest"
import { runAll, type Stage, verdict } from "../src/Stage.ts"

const context = { root: "/", deep: false }

const stage = (name: string, options: Partial<Stage> = {}): Stage => ({
  name,
  title: name,
  cores: 1,
  run: () => Promise.resolve(verdict(true, "")),
  ...options,
})

it("never uses more cores than there are, and runs independent stages side by side", async () => {
  let used = 0
  let most = 0
  const busy =
    (cores: 1 | 2): Stage["run"] =>
    async () => {
      used += cores
      most = Math.max(most, used)
      await new Promise((resolve) => setTimeout(resolve, 5))
      used -= cores
      return verdict(true, "")
    }
  const stages = ([1, 1, 2, 1, 2, 1, 1] as const).map((cores, index) => stage(`s${index}`, { cores, run: busy(cores) }))
  const outcomes = await runAll(stages, context, 2, () => {})
  expect(outcomes.map((outcome) => outcome.stage.name)).toEqual(stages.map(({ name }) => name))
  expect(most).toBe(2)
})

it("runs a stage of two cores on a machine of one", async () => {
  const outcomes = await runAll([stage("wide", { cores: 2 })], context, 1, () => {})
  expect(outcomes).toHaveLength(1)
})

it("waits for what a stage needs, unless that was not chosen", async () => {
  const ended: Array<string> = []
  const keep = (outcome: { readonly stage: Stage }): void => {
    ended.push(outcome.stage.name)
  }
  await runAll([stage("second", { after: ["first", "unchosen"] }), stage("first")], context, 2, keep)
  expect(ended).toEqual(["first", "second"])
})

it("turns a thrown error into a failure and goes on", async () => {
  const broken = stage("broken", { run: () => Promise.reject(new Error("out of disk")) })
  const outcomes = await runAll([broken, stage("sound")], context, 1, () => {})
  expect(outcomes.map(({ failed, passed }) => [passed, failed])).toEqual([
    [0, 1],
    [1, 0],
  ])
  expect(outcomes[0]?.report).toContain("out of disk")
})

it("refuses stages that wait for each other", async () => {
  const circle = [stage("a", { after: ["b"] }), stage("b", { after: ["a"] })]
  await expect(runAll(circle, context, 2, () => {})).rejects.toThrow("wait for each other: a, b")
})
