/**
 * The page of reasons, `docs/reasons.md`, as an output of the table that operators and people read their texts from.
 *
 * `node packages/checks/src/reasonsPage.ts` writes it; a test fails when the page is not what this would write.
 */
import { DecisionTexts } from "@advocacy-kit/core"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { markdownTable } from "./MarkdownTable.ts"
import { root } from "./Workspace.ts"

export const path = join(root, "docs", "reasons.md")

const introduction = `# Reasons

What a decision is called, in \`advocacy explain\` for whoever runs the program and in \`advocacy explain CREDIT --receipt\` for the person whose decision it is. A receipt names nobody else and no sign of fraud. Written by \`node packages/checks/src/reasonsPage.ts\`; the rules are in [crediting](crediting.md).
`

type Texts = DecisionTexts.Texts

const section = (heading: string, title: string, texts: Readonly<Record<string, Texts>>): string =>
  [
    `## ${heading}`,
    "",
    ...markdownTable(
      [title, "For whoever runs the program", "For the person"],
      Object.entries(texts).map(([name, { operator, person }]) => [`\`${name}\``, operator, person]),
    ),
    "",
  ].join("\n")

/** The page as it has to be. */
export const page = (): string =>
  [
    introduction,
    section("Outcomes", "Outcome", DecisionTexts.outcomes),
    section("Why something was refused, held or taken back", "Reason", DecisionTexts.reasons),
    section("What else happens to a credit", "Event", DecisionTexts.events),
  ].join("\n")

if (process.argv[1] === import.meta.filename) writeFileSync(path, page())

export const written = (): string => readFileSync(path, "utf8")
