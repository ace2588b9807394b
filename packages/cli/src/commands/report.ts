/**
 * `advocacy report`: what stands in an installation, on the terminal, as JSON, or as a page for people who have neither.
 *
 * It reads what is stored and posts nothing. The page is written whole or not at all.
 */
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Page from "../page/Page.ts"
import * as PageModel from "../page/PageModel.ts"
import * as Report from "../report/Report.ts"
import * as ReportText from "../report/ReportText.ts"
import * as Session from "../Session.ts"
import * as WholeFile from "../WholeFile.ts"

const html = Flag.String("html").pipe(
  Flag.withDescription("Write the report as one page to this file too: it opens in any browser, without a network"),
  Flag.optional,
)

export const command = Command.make(
  "report",
  { store: Session.store, asOf: Session.asOf, html, json: Output.json },
  ({ html: file, json, ...options }) =>
    Effect.gen(function* () {
      const gathered = yield* Report.gather
      const { report } = gathered
      if (Option.isSome(file)) {
        const bytes = yield* WholeFile.write(file.value, Page.render(PageModel.make(gathered)).toString())
        yield* Output.note(`wrote ${file.value} (${Math.ceil(bytes / 1024)} KiB)`)
      }
      yield* Output.print(json, report, (terminal) => ReportText.render(terminal, report))
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "What stands: people, credits by outcome and reason, balances, rewards, metrics with intervals, parked messages",
  ),
  Command.withExamples([
    { command: "advocacy report", description: "Report on the demo's store" },
    { command: "advocacy report --html report.html", description: "The same as a page with charts" },
    { command: "advocacy report --json", description: "The same for a program to read" },
  ]),
)
