/**
 * The page of metrics, `docs/metrics.md`, as an output of the catalogue that the commands read.
 *
 * `node packages/checks/src/metricsPage.ts` writes it; a test fails when the page is not what this would write.
 */
import { Catalogue, Segment } from "@advocacy-kit/core"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { markdownTable } from "./MarkdownTable.ts"
import { root } from "./Workspace.ts"

export const path = join(root, "docs", "metrics.md")

const introduction = `# Metrics

\`advocacy metrics\` reads these of what is stored, each with a 95 % interval where its method has one, or the reason why there is none; nothing is ever a silent zero. Written by \`node packages/checks/src/metricsPage.ts\`.

- \`--from\` and \`--to\` take what happened in a half-open window; what became of it since, such as a refund, counts. \`--over month\` cuts time into calendar periods of the program's time zone. \`--by\` divides people.
- People are counted once however many records they have. Cancelled, test and wholly refunded purchases are left out, and so are amounts in other currencies than the program's.
- _Counted_ says what happened. _Credited_ is what the rules of attribution ascribe to a referral; that it would not have happened otherwise takes an experiment, and would be called _caused_.
- The funnel follows people, not events. Friends who were reached too short a time ago to have bought and qualified are left out of it.

A metric is a value (\`Metric.Metric<Study.Study>\`): [an example](../examples/03-your-own-metric.ts) adds one. \`Composition\` makes ratios, differences and targets of metrics. The methods under them (intervals, survival, lifetime value, attribution, experiments) are functions of \`@advocacy-kit/core\` whose docstrings name formula and source; \`advocacy analyze\` applies some of them to a file, without an installation.
`

const units: Readonly<Record<string, string>> = {
  points: "points, -100 to 100",
  share: "share",
  currency: "money",
  count: "number",
  days: "days",
  ratio: "ratio",
}

/** The page as it has to be. */
export const page = (): string =>
  [
    introduction,
    ...Catalogue.families.flatMap(({ metrics, title }) => [
      `## ${title}`,
      "",
      ...markdownTable(
        ["Metric", "Question", "Unit", "Of", "Standing"],
        metrics.map(({ grain, name, question, standing, unit }) => [
          `\`${name}\``,
          question,
          units[unit] ?? unit,
          `${grain}s`,
          standing,
        ]),
      ),
      "",
    ]),
    "## Segments",
    "",
    ...markdownTable(
      ["`--by`", "Question"],
      Segment.segments.map(({ name, question }) => [`\`${name}\``, question]),
    ),
    "",
  ].join("\n")

if (process.argv[1] === import.meta.filename) writeFileSync(path, page())

export const written = (): string => readFileSync(path, "utf8")
