import * as Fact from "@advocacy-kit/core/fact/Fact"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, it } from "vitest"
import { filesIn, root } from "../src/Workspace.ts"

const isDocument = (path: string): boolean => path.endsWith(".md")

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...filesIn(join(root, "docs"), isDocument).map((path) => `docs/${path}`),
]

/** Targets of links and pictures, without addresses on the web and without the place inside a page. */
const targetsIn = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "")

/** First cells of a table's rows, where they are code. */
const factsNamedIn = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, tag = ""]) => tag)

it("the table of facts names exactly the facts that exist", () => {
  const tags = Fact.Fact.members.map(({ fields }) => fields._tag.schema.literal)
  expect(factsNamedIn(readFileSync(join(root, "docs/facts.md"), "utf8")).toSorted()).toEqual(tags.toSorted())
})

it("a row too few or too many would be seen", () => {
  expect(factsNamedIn("| Fact | Kind |\n|---|---|\n| `OrderPlaced` | record |\nin text `RefundMade`\n")).toEqual([
    "OrderPlaced",
  ])
})

it.each(documents)("every link in %s leads to a file", (path) => {
  const folder = dirname(join(root, path))
  const broken = targetsIn(readFileSync(join(root, path), "utf8")).filter((target) => !existsSync(join(folder, target)))
  expect(broken).toEqual([])
})

it("links are found, addresses on the web left out", () => {
  const text = "[a](one.md#here), ![b](two/b.svg), [c](https://example.com), [d](#below), `[e](not a link)`"
  expect(targetsIn(text)).toEqual(["one.md", "two/b.svg"])
})
