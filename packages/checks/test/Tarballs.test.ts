import { expect, it } from "vitest"
import { publishedFiles } from "../src/build.ts"
import { entriesOf } from "../src/Consumer.ts"
import type { Manifest } from "../src/Workspace.ts"
import { fixture } from "./Fixture.ts"

const manifest: Manifest = {
  name: "@advocacy-kit/core",
  publishConfig: {
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" },
      "./package.json": "./package.json",
    },
    bin: { advocacy: "./dist/main.js" },
  },
}

it("knows every file the published manifest points to", () => {
  expect(publishedFiles(manifest)).toEqual([
    "./dist/index.d.ts",
    "./dist/index.js",
    "./dist/*.d.ts",
    "./dist/*.js",
    "./package.json",
    "./dist/main.js",
  ])
})

it("knows what a stranger may import, patterns filled in from what was built", () => {
  const path = fixture({
    "dist/index.js": "",
    "dist/index.d.ts": "",
    "dist/money/Money.js": "",
    "dist/money/Money.js.map": "",
  })
  const tarball = { file: "core.tgz", package: { name: "core", path, manifest } }
  expect(entriesOf(tarball)).toEqual([
    "@advocacy-kit/core",
    "@advocacy-kit/core/index",
    "@advocacy-kit/core/money/Money",
  ])
})
