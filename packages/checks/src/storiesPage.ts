/**
 * The page of golden stories, `docs/stories.md`, as an output of the stories that the tests tell.
 *
 * `node packages/checks/src/storiesPage.ts` writes it; a test fails when the page is not what this would write.
 */
import { GoldenStories, type GoldenStory } from "@advocacy-kit/testing"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { markdownTable } from "./MarkdownTable.ts"
import { root } from "./Workspace.ts"

export const path = join(root, "docs", "stories.md")

const introduction = `# Stories

What happens to rewards when things get complicated, in stories that the tests tell on every store. Written by \`node packages/checks/src/storiesPage.ts\`; the rules are in [crediting](crediting.md). A decision reads: purchase, who, outcome, worth.
`

const when = (at: string): string => at.slice(0, 16).replace("T", " ")

const cellsOf = (step: GoldenStory.Step): ReadonlyArray<string> =>
  "facts" in step
    ? [when(step.at), step.says, "", ""]
    : "handOver" in step
      ? [when(step.at), `_${step.handOver}_`, "", ""]
      : [when(step.at), "", step.decisions.join("<br>"), step.balances.join("<br>")]

const section = (story: GoldenStory.GoldenStory): string =>
  [
    `## ${story.title}`,
    "",
    story.moral,
    "",
    `Rules: ${story.rules}.`,
    "",
    ...markdownTable(["When (UTC)", "What happens", "Decisions", "Balances"], story.steps.map(cellsOf)),
    "",
  ].join("\n")

/** The page as it has to be. */
export const page = (): string => [introduction, ...GoldenStories.goldenStories.map(section)].join("\n")

if (process.argv[1] === import.meta.filename) writeFileSync(path, page())

export const written = (): string => readFileSync(path, "utf8")
