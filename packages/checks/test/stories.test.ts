import { expect, it } from "vitest"
import { page, written } from "../src/storiesPage.ts"

it("the page of stories is what the stories say: run node packages/checks/src/storiesPage.ts", () => {
  expect(written()).toBe(page())
})
