/**
 * `advocacy metrics [NAME]`: what the program does, by name, window, segment and period, each with its interval or why there is none.
 */
import * as Explaining from "@advocacy-kit/core/flow/Explaining"
import { fromIso, toIso } from "@advocacy-kit/core/id/Instant"
import * as Catalogue from "@advocacy-kit/core/metric/Catalogue"
import { funnel, type Funnel, type Step } from "@advocacy-kit/core/metric/Funnel"
import type { Reading } from "@advocacy-kit/core/metric/Metric"
import { divided, segments } from "@advocacy-kit/core/metric/Segment"
import * as Study from "@advocacy-kit/core/metric/Study"
import { windows } from "@advocacy-kit/core/metric/Windows"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as MetricText from "../MetricText.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const name = Argument.Literals("name", ["all", ...Catalogue.catalogue.map((metric) => metric.name)]).pipe(
  Argument.withDescription("One metric; all of them when it is left out"),
  Argument.withDefault("all"),
)
const by = Flag.Literals(
  "by",
  segments.map((segment) => segment.name),
).pipe(
  Flag.withDescription(
    `Divide people: ${segments.map((segment) => `${segment.name} (${segment.question})`).join(" ")}`,
  ),
  Flag.optional,
)
const over = Flag.Literals("over", ["day", "week", "month", "quarter", "year"]).pipe(
  Flag.withDescription("Divide time into calendar periods of the program's time zone"),
  Flag.optional,
)

/** A time that a window begins or ends at. */
const time = (named: string, what: string) =>
  Flag.String(named).pipe(
    Flag.withDescription(`${what}, such as 2026-10-01T00:00:00Z`),
    Flag.mapTryCatch(fromIso, () => "a time with its zone, such as 2026-10-01T00:00:00Z"),
    Flag.optional,
  )

/** A part of the study with what was read of it. */
interface Part {
  readonly segment: string | null
  readonly period: string | null
  readonly isWhole: boolean
  readonly from: string | null
  readonly until: string
  readonly readings: ReadonlyArray<Reading>
}

interface Result {
  readonly program: string
  readonly asOf: string
  readonly currency: string | null
  readonly parts: ReadonlyArray<Part>
  /** Where everything was asked for, undivided. */
  readonly funnel: Funnel | null
}

const number = { align: "right" } as const

const stepRow = ({ interval, name: step, people, question, share }: Step): ReadonlyArray<string> => [
  step,
  Terminal.count(people),
  share === null ? "" : MetricText.share(share, interval),
  question,
]

const funnelText = (terminal: Terminal.Terminal, { advocates, friends, immature, matureDays, unseen }: Funnel) => [
  Terminal.heading(terminal, "Funnel"),
  Terminal.table(
    terminal,
    [{ title: "step" }, { title: "people", ...number }, { title: "of the step before" }, { title: "question" }],
    [...advocates, ...friends].map(stepRow),
  ),
  `  ${Terminal.count(immature)} friends were reached in the last ${matureDays} days and are not counted yet; ${Terminal.count(unseen)} were credited for and not seen before they bought`,
]

const wholeText = (terminal: Terminal.Terminal, readings: ReadonlyArray<Reading>, currency: string | null) =>
  Catalogue.families.flatMap(({ metrics, title }) => {
    const names = new Set(metrics.map((metric) => metric.name))
    const rows = readings
      .filter((reading) => names.has(reading.name))
      .map((reading) => ({ label: reading.name, reading }))
    return rows.length === 0
      ? []
      : [Terminal.heading(terminal, title), MetricText.table(terminal, "metric", rows, currency)]
  })

const dividedText = (terminal: Terminal.Terminal, { currency, parts }: Result) =>
  (parts[0]?.readings ?? []).flatMap((first, index) => {
    const rows = parts.flatMap(({ isWhole, period, readings, segment }) => {
      const reading = readings[index]
      const label = [period, segment].filter((text) => text !== null).join(" ")
      return reading === undefined
        ? []
        : [{ label, reading, ...(isWhole ? {} : { remark: "the period is cut short" }) }]
    })
    return [
      Terminal.heading(terminal, first.name),
      `  ${first.question}`,
      MetricText.table(terminal, "part", rows, currency),
    ]
  })

const text = (terminal: Terminal.Terminal, result: Result): string => {
  const [only] = result.parts
  const isWhole = result.parts.length === 1 && only?.segment === null && only.period === null
  return [
    `${result.program} as of ${result.asOf}`,
    ...(only === undefined
      ? ["  nothing has happened yet"]
      : isWhole
        ? wholeText(terminal, only.readings, result.currency)
        : dividedText(terminal, result)),
    ...(result.funnel === null ? [] : funnelText(terminal, result.funnel)),
  ].join("\n")
}

export const command = Command.make(
  "metrics",
  {
    name,
    by,
    over,
    from: time("from", "Only what happened from this time on"),
    to: time("to", "Only what happened before this time"),
    store: Session.store,
    asOf: Session.asOf,
    json: Output.json,
  },
  ({ by: segmentName, from, json, name: wanted, over: period, to, ...options }) =>
    Effect.gen(function* () {
      const { asOf, program } = yield* Session.Session
      const { evaluation, facts } = yield* Explaining.read(program, asOf)
      const all = Study.make({ facts, evaluation })
      const study = Study.within(all, {
        from: Option.getOrNull(from),
        until: Option.getOrElse(to, () => all.until),
      })
      if (Option.exists(from, (start) => start >= study.until))
        return yield* Failure.usage(
          "--from must be before the end of the window",
          Option.isSome(to) ? "correct --from or --to" : "the window ends at --as-of, or at --to",
        )
      const metrics = wanted === "all" ? Catalogue.catalogue : Catalogue.catalogue.filter((one) => one.name === wanted)
      const segment = segments.find((one) => Option.contains(segmentName, one.name))
      const spans = Option.match(period, {
        onNone: () => [{ name: null, study, isWhole: true }],
        onSome: (kind) => windows(study, kind),
      })
      const parts = spans.flatMap((span): ReadonlyArray<Part> =>
        (segment === undefined ? [span.study] : divided(span.study, segment)).map((part) => ({
          segment: part.segment?.value ?? null,
          period: span.name,
          isWhole: span.isWhole,
          from: part.from === null ? null : toIso(part.from),
          until: toIso(part.until),
          readings: Catalogue.readAll(part, metrics),
        })),
      )
      const isWhole = wanted === "all" && segment === undefined && Option.isNone(period)
      const result: Result = {
        program,
        asOf: toIso(asOf),
        currency: study.currency,
        parts,
        funnel: isWhole ? funnel(study) : null,
      }
      yield* Output.print(json, result, (terminal) => text(terminal, result))
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "What the program does: each metric with its interval and sample, or the reason why there is none; nothing is written",
  ),
  Command.withExamples([
    { command: "advocacy metrics", description: "All metrics and the funnel" },
    { command: "advocacy metrics repeat-purchase-rate --by origin", description: "Referred customers and others" },
    { command: "advocacy metrics referral-rate --over month --json", description: "Month by month, for a program" },
  ]),
)
