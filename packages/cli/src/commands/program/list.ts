/**
 * `advocacy program list`: every version that was published, when it is in force, what it changed; and every correction.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { programsIn } from "@advocacy-kit/core/flow/Digesting"
import { toIso, type Instant } from "@advocacy-kit/core/id/Instant"
import { versions } from "@advocacy-kit/core/program/Program"
import { diff } from "@advocacy-kit/core/program/ProgramDiff"
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as Failure from "../../Failure.ts"
import * as Output from "../../Output.ts"
import * as ProgramFile from "../../ProgramFile.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"

interface Listed {
  readonly program: string
  readonly hash: string
  readonly from: string
  readonly state: "was" | "in force" | "to come"
  /** Against the version before it; null of the first. */
  readonly changes: ReadonlyArray<string> | null
}

const listed = (facts: ReadonlyArray<Fact>, name: string, asOf: Instant): ReadonlyArray<Listed> => {
  const all = versions(facts, name)
  const current = all.findLastIndex(({ from }) => from <= asOf)
  return all.map(({ from, program }, index) => {
    const before = all[index - 1]?.program
    return {
      program: name,
      hash: program.hash,
      from: toIso(from),
      state: index === current ? "in force" : index < current ? "was" : "to come",
      changes: before === undefined ? null : diff(before, program).map(({ text }) => text),
    }
  })
}

const corrections = (facts: ReadonlyArray<Fact>) =>
  facts
    .filter((fact) => fact._tag === "ProgramCorrected")
    .sort((a, b) => a.occurredAt - b.occurredAt)
    .map(({ by, from, hash, occurredAt, program, reason, until }) => ({
      program,
      hash,
      from: toIso(from),
      until: toIso(until),
      at: toIso(occurredAt),
      by,
      reason,
    }))

const text = (
  terminal: Terminal.Terminal,
  all: ReadonlyArray<Listed>,
  corrected: ReturnType<typeof corrections>,
): string =>
  [
    Terminal.heading(terminal, "Versions"),
    ...(all.length === 0 ? ["  none was published: `advocacy program publish FILE`"] : []),
    ...all.flatMap(({ changes, from, program, state, ...one }) => [
      `  ${ProgramFile.short(one)}  ${program}  ${state === "was" ? "was in force from" : state === "in force" ? terminal.style("green", "in force since") : terminal.style("yellow", "in force from")} ${from}`,
      ...(changes ?? []).map((change) => `      ${change}`),
    ]),
    ...(corrected.length === 0
      ? []
      : [
          Terminal.heading(terminal, "Corrections of the past"),
          ...corrected.map(
            ({ at, by, from, program, reason, until, ...one }) =>
              `  ${ProgramFile.short(one)}  ${program}  judges ${from} until ${until}; by ${by} on ${at}: ${reason}`,
          ),
        ]),
  ].join("\n")

export const command = Command.make("list", { store: Session.store, json: Output.json }, ({ json, store }) =>
  Effect.gen(function* () {
    const { asOf } = yield* Session.Session
    const facts = yield* factsAt(Number.MAX_SAFE_INTEGER)
    const all = programsIn(facts).flatMap((name) => listed(facts, name, asOf))
    const corrected = corrections(facts)
    yield* Output.print(json, { versions: all, corrections: corrected }, (terminal) => text(terminal, all, corrected))
  }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("List every version, when it is in force and what it changed, and corrections of the past"),
  Command.withExamples([{ command: "advocacy program list", description: "The versions of the demo's program" }]),
)
