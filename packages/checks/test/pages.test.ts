import { expect, it } from "vitest"
import * as metrics from "../src/metricsPage.ts"
import * as reasons from "../src/reasonsPage.ts"
import * as sandboxShopify from "../src/sandboxShopifyPage.ts"
import * as stories from "../src/storiesPage.ts"

it.each([
  ["metricsPage", metrics],
  ["reasonsPage", reasons],
  ["sandboxShopifyPage", sandboxShopify],
  ["storiesPage", stories],
])("the page is what its source says: run node packages/checks/src/%s.ts", (_, { page, written }) => {
  expect(written()).toBe(page())
})
