/**
 * `advocacy analyze METHOD --input FILE.csv`: one method applied to a file, for people who have only that.
 *
 * It needs no installation, and writes nothing.
 */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as DataFile from "../analysis/DataFile.ts"
import type { Finding, Method, Section, Setting } from "../analysis/Method.ts"
import { methods } from "../analysis/Methods.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Terminal from "../Terminal.ts"

const columnsOf = ({ columns, settings = [] }: Method): string =>
  [
    ...columns.map(({ name, optional, what }) => `${name} (${what}${optional === true ? "; may be left out" : ""})`),
    ...settings.map(({ fallback, name, what }) => `--set ${name}=${fallback ?? "…"} (${what})`),
  ].join(", ")

const method = Argument.Literals(
  "method",
  methods.map(({ name }) => name),
).pipe(
  Argument.withDescription(methods.map((one) => `${one.name}: ${one.question} Columns: ${columnsOf(one)}.`).join(" ")),
)
const input = Flag.String("input").pipe(
  Flag.withDescription(
    "A file of comma-, semicolon- or tab-separated values with the names of its columns in the first line",
  ),
)
const set = Flag.KeyValuePair("set").pipe(
  Flag.withDescription("A setting of the method, such as months=24"),
  Flag.withDefault({}),
)

/** One setting's number: what was told, or else its fallback. */
const settingOf = (of: Method, { fallback, name, what }: Setting, told: string | undefined) => {
  const value = told === undefined ? fallback : Number(told)
  return value !== null && Number.isFinite(value)
    ? Effect.succeed([name, value] as const)
    : Failure.usage(
        told === undefined ? `${of.name} needs ${name}: ${what}` : `${name}=${told} is no number`,
        `add --set ${name}=NUMBER`,
      )
}

/** Answers a method's settings by what was told, each checked. */
const settingsOf = Effect.fn("analyze.settings")(function* (of: Method, told: Readonly<Record<string, string>>) {
  const known = of.settings ?? []
  const unknown = Object.keys(told).find((name) => !known.some((one) => one.name === name))
  if (unknown !== undefined)
    return yield* Failure.usage(
      `${of.name} has no setting ${unknown}`,
      known.length === 0 ? "leave --set out" : `it has ${known.map(({ name }) => name).join(", ")}`,
    )
  const values = new Map(yield* Effect.forEach(known, (setting) => settingOf(of, setting, told[setting.name])))
  return (name: string): number => values.get(name) ?? NaN
})

const cell = (value: string | number | null): string =>
  value === null
    ? "-"
    : typeof value === "string"
      ? value
      : Number.isInteger(value)
        ? Terminal.count(value)
        : String(Number(value.toPrecision(6)))

const shown = 30

const sectionText = (terminal: Terminal.Terminal, { columns, rows, title }: Section): ReadonlyArray<string> => [
  Terminal.heading(terminal, title),
  Terminal.table(
    terminal,
    columns.map((name, index) => (index === 0 ? { title: name } : { title: name, align: "right" })),
    rows.slice(0, shown).map((row) => row.map(cell)),
  ),
  ...(rows.length > shown ? [`  and ${Terminal.count(rows.length - shown)} more: use --json`] : []),
]

interface Result extends Finding {
  readonly method: string
  readonly input: string
  readonly rows: number
}

const text = (terminal: Terminal.Terminal, { input: file, leftOut, notes, rows, sections }: Result): string =>
  [
    `${file}: ${Terminal.count(rows)} rows, ${Terminal.count(rows - leftOut.length)} used, ${Terminal.count(leftOut.length)} left out`,
    ...leftOut.slice(0, 5).map(({ column, line, reason, value }) => `  line ${line}, ${column} "${value}": ${reason}`),
    ...(leftOut.length > 5 ? [`  and ${Terminal.count(leftOut.length - 5)} more: use --json`] : []),
    ...sections.flatMap((section) => sectionText(terminal, section)),
    ...notes.map((note) => `  ${note}`),
  ].join("\n")

export const command = Command.make(
  "analyze",
  { method, input, set, json: Output.json },
  ({ input: file, json, method: named, set: told }) =>
    Effect.gen(function* () {
      const of = methods.find(({ name }) => name === named)
      if (of === undefined) return yield* Failure.usage(`there is no method ${named}`, "see --help")
      const setting = yield* settingsOf(of, told)
      const data = yield* DataFile.read(file, of.columns)
      const result: Result = { method: of.name, input: file, rows: data.rows, ...of.apply(data, setting) }
      yield* Output.print(json, result, (terminal) => text(terminal, result))
    }).pipe(Failure.coded),
).pipe(
  Command.withDescription(
    "Apply one method to a file: scores, shares, retention, lifetime value, attribution, experiments; needs no installation",
  ),
  Command.withExamples([
    { command: "advocacy analyze nps --input answers.csv", description: "A column score, one row an answer" },
    {
      command: "advocacy analyze experiment --input people.csv --set smallest-effect=2.5 --json",
      description: "Columns arm and outcome, and what the experiment was to find",
    },
  ]),
)
