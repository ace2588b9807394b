/**
 * The candidates that run beside the live version of an installation, kept as data in its directory.
 *
 * A candidate is stored as its definition, so that it stays what it was when its file changes. The file is written whole or not
 * at all.
 */
import { shadow, type ShadowReport } from "@advocacy-kit/core/flow/Shadowing"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { stored, type Program } from "@advocacy-kit/core/program/Program"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import * as Amount from "./Amount.ts"
import { InstallationError, shadowsFile } from "./Installation.ts"

const Standing = Schema.Struct({
  name: Schema.String,
  /** Conversions made from then on are compared. */
  since: Schema.Int,
  hash: Schema.String,
  definition: Schema.Unknown,
})
export type Standing = typeof Standing.Type

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Array(Standing)))

export const read = (directory: string): Effect.Effect<ReadonlyArray<Standing>, InstallationError> => {
  const file = shadowsFile(directory)
  if (!existsSync(file)) return Effect.succeed([])
  return decode(readFileSync(file, "utf8")).pipe(
    Effect.mapError(
      (error) => new InstallationError({ directory, remedy: `shadows.json cannot be read: ${error.message}` }),
    ),
  )
}

export const write = (directory: string, shadows: ReadonlyArray<Standing>): Effect.Effect<void> =>
  Effect.sync(() => {
    const file = shadowsFile(directory)
    writeFileSync(`${file}.new`, `${JSON.stringify(shadows, null, 2)}\n`)
    renameSync(`${file}.new`, file)
  })

export const standing = (name: string, program: Program, since: Instant): Standing => ({
  name,
  since,
  hash: program.hash,
  definition: program.definition,
})

/** Each standing candidate beside the live version. */
export const run = (
  shadows: ReadonlyArray<Standing>,
  facts: ReadonlyArray<Fact>,
  asOf: Instant,
): ReadonlyArray<ShadowReport & { readonly name: string }> =>
  shadows.map((one) => ({ name: one.name, ...shadow(facts, stored(one), { asOf, since: one.since }) }))

/** `shadow spring: 12 of 340 conversions come out otherwise, +120.00 EUR`. */
export const line = ({
  comparison,
  conversions,
  differing,
  name,
}: Pick<ShadowReport, "comparison" | "conversions" | "differing"> & { readonly name: string }): string =>
  `shadow ${name}: ${differing} of ${conversions} conversions come out otherwise, ${Amount.formatDifference(comparison.difference)}`
