/**
 * `advocacy credit`: post what the facts say, hand rewards over, book that, and show standings in the CRM.
 */
import { credit, type Credited } from "@advocacy-kit/core/flow/Crediting"
import { fulfil, type Fulfilled } from "@advocacy-kit/core/flow/Fulfilling"
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import { show, type ShowingOptions } from "@advocacy-kit/core/flow/Showing"
import { toIso, type Instant } from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Platforms from "../Platforms.ts"
import * as Session from "../Session.ts"
import * as Shadows from "../Shadows.ts"
import * as Terminal from "../Terminal.ts"

const noFulfil = Flag.Boolean("no-fulfil").pipe(
  Flag.withDescription("Post only: hand nothing over and write nothing back"),
  Flag.withDefault(false),
)

interface Handed extends Pick<Fulfilled, "confirmed" | "unknown" | "failed" | "deadLetters"> {
  readonly away: ReadonlyArray<{ readonly platform: string; readonly reason: string }>
  readonly nextAt: string | null
}

interface Result {
  readonly asOf: string
  readonly revisions: number
  readonly planned: number
  readonly undone: number
  readonly unfulfillable: ReadonlyArray<string>
  readonly fulfilled: Handed | null
  readonly written: {
    readonly written: number
    readonly unchanged: number
    readonly linked: number
    readonly failed: ReadonlyArray<unknown>
  } | null
  readonly nextDueAt: string | null
  /** Standing candidates that come to another decision. */
  readonly shadows: ReadonlyArray<{ readonly name: string; readonly differing: number; readonly line: string }>
}

/** The candidates that stand beside the live version, where they differ. */
const shadowsBeside = Effect.fn("credit.shadows")(function* (passes: ReadonlyArray<Credited>) {
  const { asOf, installation } = yield* Session.Session
  const standing = yield* Shadows.read(installation.directory)
  return Shadows.run(standing, passes.at(-1)?.facts ?? [], asOf)
    .filter(({ differing }) => differing > 0)
    .map((report) => ({ name: report.name, differing: report.differing, line: Shadows.line(report) }))
})

const resultOf = (
  asOf: Instant,
  passes: ReadonlyArray<Credited>,
  fulfilled: Result["fulfilled"],
  written: Result["written"],
  shadows: Result["shadows"],
): Result => {
  const last = passes.at(-1)
  const dueAt = last?.evaluation.nextDueAt ?? null
  const total = (read: (credited: Credited) => number): number =>
    passes.reduce((sum, credited) => sum + read(credited), 0)
  return {
    asOf: toIso(asOf),
    revisions: total(({ revisions }) => revisions),
    planned: total(({ planned }) => planned),
    undone: total(({ undone }) => undone),
    unfulfillable: last?.unfulfillable ?? [],
    fulfilled,
    written,
    nextDueAt: dueAt === null ? null : toIso(dueAt),
    shadows,
  }
}

const text = (terminal: Terminal.Terminal, result: Result): string =>
  [
    Terminal.heading(terminal, `Credited as of ${result.asOf}`),
    result.revisions === 0
      ? "  nothing to post: the ledger says what the facts say"
      : `  ${Terminal.count(result.revisions)} revisions posted`,
    `  ${Terminal.count(result.planned)} rewards and codes planned, ${Terminal.count(result.undone)} plans undone`,
    ...(result.fulfilled === null
      ? []
      : [
          `  handed over: ${Terminal.count(result.fulfilled.confirmed)} confirmed, ${Terminal.count(result.fulfilled.unknown)} unknown, ${Terminal.count(result.fulfilled.failed)} failed`,
          ...(result.fulfilled.deadLetters === 0
            ? []
            : [
                `  ${Terminal.count(result.fulfilled.deadLetters)} given up for you to decide: see \`advocacy outbox\``,
              ]),
          ...(result.fulfilled.nextAt === null ? [] : [`  the outbox has more to do at ${result.fulfilled.nextAt}`]),
        ]),
    ...(result.written === null
      ? []
      : [
          `  written back: ${Terminal.count(result.written.written)} changed, ${Terminal.count(result.written.unchanged)} as they were, ${Terminal.count(result.written.linked)} linked, ${Terminal.count(result.written.failed.length)} failed`,
        ]),
    ...(result.unfulfillable.length === 0
      ? []
      : [
          `  ${Terminal.count(result.unfulfillable.length)} cannot be handed over: the beneficiary is no customer of the shop`,
        ]),
    ...(result.nextDueAt === null ? [] : [`  next change by time alone: ${result.nextDueAt}`]),
    ...result.shadows.map(({ line }) => `  ${line}`),
  ].join("\n")

const postOnly = Effect.gen(function* () {
  const { asOf, program } = yield* Session.Session
  const passes = [yield* credit(program, asOf)]
  return { away: [], result: resultOf(asOf, passes, null, null, yield* shadowsBeside(passes)) }
})

const postAndFulfil = Effect.gen(function* () {
  const { asOf, installation, program } = yield* Session.Session
  const showing: ShowingOptions = {
    record: "hubspot:contact/",
    link: (code) => `${installation.settings.shareUrl}${code}`,
  }
  const first = yield* credit(program, asOf)
  // Without a shop nobody hands over, which is no mistake of an installation that has none.
  const isServed = (yield* Fulfiller).platforms.size > 0
  if (!isServed) yield* Output.note("nothing is handed over: no platform that does is connected, such as Shopify")
  const fulfilled = isServed ? yield* fulfil : null
  const second = yield* credit(program, asOf)
  const written = yield* show(second.facts, second.evaluation, showing)
  const shadows = yield* shadowsBeside([first, second])
  return {
    away: fulfilled?.away ?? [],
    result: resultOf(asOf, [first, second], fulfilled === null ? null : handed(fulfilled), written, shadows),
  }
}).pipe(Effect.provide(Platforms.layer()))

const handed = ({ away, nextAt, ...counts }: Fulfilled): Handed => ({
  ...counts,
  away: away.map(({ error, platform }) => ({ platform, reason: `${error.operation}: ${error.message}` })),
  nextAt: nextAt === null ? null : toIso(nextAt),
})

export const command = Command.make(
  "credit",
  { store: Session.store, asOf: Session.asOf, noFulfil, json: Output.json },
  ({ json, noFulfil: only, ...options }) =>
    Effect.gen(function* () {
      const { away, result } = only ? yield* postOnly : yield* postAndFulfil
      yield* Output.print(json, result, (terminal) => text(terminal, result))
      // Everything else was done; what waits for the platform is sent by a later run.
      const [first] = away
      if (first !== undefined) return yield* first.error
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "Post what the facts say, hand rewards over, and show standings in the CRM; a second run changes nothing",
  ),
  Command.withExamples([
    { command: "advocacy credit", description: "Credit, hand over, and book what was handed over" },
    { command: "advocacy credit --no-fulfil", description: "Post to the ledger only" },
  ]),
)
