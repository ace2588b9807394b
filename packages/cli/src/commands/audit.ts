/**
 * `advocacy audit`: which rewards the product in use should have paid under its stated rules, and which it paid instead.
 *
 * It reads files, or what a store holds, and writes nothing but the reports that are asked for.
 */
import { isFinding } from "@advocacy-kit/core/audit/AuditLine"
import { audit } from "@advocacy-kit/core/flow/Auditing"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import { principalHandle, resolve } from "@advocacy-kit/core/person/People"
import type { Program } from "@advocacy-kit/core/program/Program"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import * as AuditFiles from "../audit/AuditFiles.ts"
import type { AuditModel } from "../audit/AuditModel.ts"
import * as AuditPage from "../audit/AuditPage.ts"
import * as AuditTable from "../audit/AuditTable.ts"
import * as AuditText from "../audit/AuditText.ts"
import * as Preset from "../audit/Preset.ts"
import * as Failure from "../Failure.ts"
import * as FileLens from "../FileLens.ts"
import * as Output from "../Output.ts"
import * as ProgramFile from "../ProgramFile.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"
import * as WholeFile from "../WholeFile.ts"

const fileFlag = (kind: AuditFiles.Kind) =>
  Flag.String(kind).pipe(Flag.withDescription(`A file: ${AuditFiles.kinds[kind].what}`), Flag.optional)

const files = {
  orders: fileFlag("orders"),
  customers: fileFlag("customers"),
  contacts: fileFlag("contacts"),
  rewards: fileFlag("rewards"),
  referrals: fileFlag("referrals"),
}

const program = Flag.String("program").pipe(
  Flag.withDescription("The stated rules: a .ts, .js or .json program file; with --store also a stored version"),
  Flag.optional,
)
const store = Flag.String("store").pipe(
  Flag.withDescription("Audit what this installation holds, in place of files"),
  Flag.optional,
)
const pointsWorth = Flag.String("points-worth").pipe(
  Flag.withDescription("What points are worth where the rules give money, such as 100=5.00"),
  Flag.optional,
)
const csv = Flag.String("csv").pipe(
  Flag.withDescription("Write every line to this file, as a table for spreadsheets"),
  Flag.optional,
)
const html = Flag.String("html").pipe(
  Flag.withDescription("Write the audit as one page to this file: it opens in any browser, without a network"),
  Flag.optional,
)
const failOnFindings = Flag.Boolean("fail-on-findings").pipe(
  Flag.withDescription("End with 1 where something went wrong"),
  Flag.withDefault(false),
)

const flags = {
  ...files,
  program,
  ...Preset.flags,
  store,
  ...FileLens.flags,
  pointsWorth,
  csv,
  html,
  failOnFindings,
  json: Output.json,
}

type Given = FileLens.Given &
  Omit<Preset.Given, "preset" | "currency" | "timeZone" | "attributes"> & {
    readonly [Kind in AuditFiles.Kind]: Option.Option<string>
  } & {
    readonly preset: Option.Option<Preset.Name>
    readonly program: Option.Option<string>
    readonly store: Option.Option<string>
    readonly column: Readonly<Record<string, string>>
    readonly pointsWorth: Option.Option<string>
  }

/** The rules of a preset; null where a program is named in its place. */
const presetOf = Effect.fnUntraced(function* (given: Given) {
  if (Option.isNone(given.preset)) {
    if (Option.isSome(given.program)) return null
    return yield* Failure.usage(
      "no rules are stated",
      `name a program file with --program, or give --preset ${Preset.names.join(", ")}`,
    )
  }
  if (Option.isSome(given.program))
    return yield* Failure.usage("--program and --preset exclude each other", "choose one")
  if (Option.isNone(given.currency))
    return yield* Failure.usage("a preset says no currency", "give --currency, such as --currency EUR")
  return yield* Preset.make({
    ...given,
    preset: given.preset.value,
    currency: given.currency.value,
    timeZone: Option.getOrElse(given.timeZone, () => "UTC"),
    attributes: FileLens.attributesOf(given),
  })
})

const worthOf = (text: Option.Option<string>, { currency }: Program) =>
  Effect.suspend(() => {
    if (Option.isNone(text)) return Effect.succeed(null)
    const [, points, amount] = /^(\d{1,9})=(\d{1,15}(?:\.\d{1,4})?)$/.exec(text.value.trim()) ?? []
    return Effect.try({
      try: () => {
        if (points === undefined || amount === undefined || Number(points) === 0) throw new RangeError("no worth")
        return { points: BigInt(points), minor: fromDecimal(amount, currency).amountMinor }
      },
      catch: () =>
        Failure.usage(`"${text.value}" is no worth of points`, `give --points-worth 100=5.00, in ${currency}`),
    })
  })

const ofFiles = Effect.fnUntraced(function* (given: Given, preset: Program | null) {
  const path = (kind: AuditFiles.Kind): string | null => Option.getOrNull(given[kind])
  for (const kind of ["orders", "rewards"] as const)
    if (path(kind) === null)
      return yield* Failure.usage(
        `an audit of files needs ${AuditFiles.kinds[kind].what}`,
        `name it with --${kind} FILE`,
      )
  const named = Option.getOrElse(given.program, () => "")
  if (preset === null && ProgramFile.isStored(named))
    return yield* Failure.usage(`there is no file ${named}`, "name a program file; stored versions need --store")
  const rules = preset ?? (yield* ProgramFile.fromFile(named))
  const paths = {
    orders: path("orders"),
    customers: path("customers"),
    contacts: path("contacts"),
    rewards: path("rewards"),
    referrals: path("referrals"),
  }
  const read = yield* AuditFiles.read(paths, rules, given)
  return {
    audit: audit({
      facts: read.facts,
      program: rules,
      asOf: read.asOf,
      pointsWorth: yield* worthOf(given.pointsWorth, rules),
      everyCode: true,
    }),
    files: read.files,
    nameOf: read.nameOf,
  } satisfies AuditModel
})

const ofStore = Effect.fnUntraced(function* (given: Given, preset: Program | null) {
  const { asOf, program: name } = yield* Session.Session
  const facts = yield* factsAt(asOf)
  const rules =
    preset ??
    (yield* ProgramFile.load(
      Option.getOrElse(given.program, () => ""),
      facts,
      { asOf, name },
    ))
  const people = resolve(facts)
  return {
    audit: audit({
      facts,
      program: rules,
      asOf,
      pointsWorth: yield* worthOf(given.pointsWorth, rules),
      everyCode: true,
    }),
    files: [],
    nameOf: (handle) => principalHandle(people, people.personOf(handle)),
  } satisfies AuditModel
})

const modelOf = Effect.fnUntraced(function* (given: Given) {
  const preset = yield* presetOf(given)
  const kinds = Object.keys(files) as ReadonlyArray<AuditFiles.Kind>
  if (!kinds.some((kind) => Option.isSome(given[kind])))
    return yield* ofStore(given, preset).pipe(
      Effect.provide(
        Session.layer({ store: Option.getOrNull(given.store) ?? (yield* Session.here), asOf: given.asOf }),
      ),
      Effect.scoped,
    )
  if (Option.isSome(given.store)) return yield* Failure.usage("--store and files exclude each other", "choose one")
  return yield* ofFiles(given, preset)
})

const write = Effect.fnUntraced(function* (file: Option.Option<string>, text: () => string) {
  if (Option.isNone(file)) return
  const bytes = yield* WholeFile.write(file.value, text())
  yield* Output.note(`wrote ${file.value} (${Math.ceil(bytes / 1024)} KiB)`)
})

export const command = Command.make(
  "audit",
  flags,
  ({ csv: table, failOnFindings: fails, html: page, json, ...given }) =>
    Effect.gen(function* () {
      const model = yield* modelOf(given)
      yield* write(table, () => AuditTable.text(model))
      yield* write(page, () => AuditPage.render(model).toString())
      yield* Output.print(json, AuditText.view(model), (terminal) => AuditText.render(model, terminal))
      const found = model.audit.lines.filter(isFinding).length
      if (fails && found > 0)
        return yield* Failure.check(
          `${Terminal.count(found)} rewards are not as the rules say`,
          "see the findings above",
        )
    }).pipe(Failure.coded),
).pipe(
  Command.withDescription(
    "Which rewards the referral product in use should have paid under its stated rules, and which it paid twice, not at all, after refunds, to the buyer, above the limit, or of another amount; from exports alone",
  ),
  Command.withShortDescription("What the referral product in use paid, beside what its rules say"),
  Command.withExamples([
    {
      command: "advocacy audit --orders orders_export.csv --rewards rewards.csv --program rules.json --html audit.html",
      description: "From two exports and a program file, as a page too",
    },
    {
      command:
        'advocacy audit --orders orders_export.csv --rewards rewards.csv --preset give-at-checkout --currency EUR --amount "20.00" --minimum 40.00 --hold 14 --cap 10/year',
      description: "By common rules, without a program file",
    },
    {
      command: "advocacy audit --store /srv/advocacy --program current --csv audit.csv",
      description: "What is imported already, by the version in force",
    },
  ]),
)
