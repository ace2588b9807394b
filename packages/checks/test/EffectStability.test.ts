import { expect, it } from "vitest"
import { fromInstalled, tagsOf } from "../src/EffectStability.ts"
import { root } from "../src/Workspace.ts"

it("reads the tag beside each exported name, and the weaker one where a name is exported twice", () => {
  const tags = tagsOf(`
/**
 * @stability stable
 */
export const first = 1
/** @stability unstable */
export interface second {}
export {
  /**
   * @stability experimental
   */
  inner as third,
  /** @stability stable */
  fourth
} from "./x.ts"
/** @stability stable */
export const fifth = 1
/** @stability unstable */
export type fifth = number
/** @stability stable */
export * as Sixth from "./Sixth.ts"
`)
  expect(Object.fromEntries(tags)).toEqual({
    first: "stable",
    second: "unstable",
    third: "experimental",
    fourth: "stable",
    fifth: "unstable",
    Sixth: "stable",
  })
})

it("knows the installed version", () => {
  const stability = fromInstalled(root)
  expect(stability.ofExport("Effect")).toBe("stable")
  expect(stability.ofExport("pipe")).toBe("stable")
  expect(stability.ofExport("FileSystem")).toBe("unstable")
  expect(stability.ofExport("NotThere")).toBeUndefined()
  expect(stability.ofMember("Effect", "gen")).toBe("stable")
  expect(stability.ofMember("Context", "Service")).toBe("stable")
})
