/**
 * The page of the rules that the Shopify sandbox imitates, `docs/sandbox-shopify-rules.md`, as an output of the data
 * beside its code and of the fields that it resolves.
 *
 * `node packages/checks/src/sandboxShopifyPage.ts` writes it; a test fails when the page is not what this would write.
 */
import { ShopifyRules } from "@advocacy-kit/sandbox"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { markdownTable } from "./MarkdownTable.ts"
import { root } from "./Workspace.ts"

export const path = join(root, "docs", "sandbox-shopify-rules.md")

const introduction = `# What the Shopify sandbox imitates

The local Shopify of \`@advocacy-kit/sandbox\` imitates these rules of the real one. Each says where it comes from and how sure we are. Written by \`node packages/checks/src/sandboxShopifyPage.ts\` from the data beside the code; [connect Shopify](connect-shopify.md) is about the real one.
`

const certainty: Readonly<Record<ShopifyRules.Certainty, string>> = {
  V: "verified on the vendor's own artifact",
  D: "documented",
  R: "reported by others",
  U: "unverified: not documented, or the sandbox's own choice",
}

/** A list of names that is wrapped by the reader, not here. */
const names = (list: ReadonlyArray<string>): string =>
  [...list]
    .sort()
    .map((name) => `\`${name}\``)
    .join(", ")

/** The page as it has to be. */
export const page = (): string => {
  const { mutations, queries } = ShopifyRules.implemented()
  const rules = ShopifyRules.areas.flatMap((area) => area.rules)
  const count = (sure: string): string => String(rules.filter((one) => one.sure === sure).length)
  return [
    introduction,
    ...markdownTable(
      ["Sure", "Means", "Rules"],
      Object.entries(certainty).map(([sure, meaning]) => [sure, meaning, count(sure)]),
    ),
    "",
    ...ShopifyRules.areas.flatMap(({ rules: own, title }) => [
      `## ${title}`,
      "",
      ...markdownTable(
        ["Sure", "Rule", "Source"],
        own.map(({ rule, source, sure }) => [sure, rule, source]),
      ),
      "",
    ]),
    "## What is not there, and how it says so",
    "",
    ...markdownTable(
      ["Not implemented", "What happens"],
      ShopifyRules.missing.map(([what, how]) => [what, how]),
    ),
    "",
    "## What is implemented",
    "",
    `Queries: ${names(queries)}.`,
    "",
    `Mutations: ${names(mutations)}.`,
    "",
  ].join("\n")
}

if (process.argv[1] === import.meta.filename) writeFileSync(path, page())

export const written = (): string => readFileSync(path, "utf8")
