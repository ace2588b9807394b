import { expect, it } from "vitest"
import { page, written } from "../src/reasonsPage.ts"

it("the page of reasons is what the table says: run node packages/checks/src/reasonsPage.ts", () => {
  expect(written()).toBe(page())
})
