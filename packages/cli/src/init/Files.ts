/**
 * The files of a new installation, and writing them.
 *
 * Promises: nothing that exists is overwritten or changed; either all files are written or none is left behind. No file holds a
 * secret but the settings, which only their owner can read.
 */
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Failure from "../Failure.ts"
import * as Installation from "../Installation.ts"
import * as Definition from "./Definition.ts"
import * as ProgramSource from "./ProgramSource.ts"
import { sourcesOf, type Typed } from "./Question.ts"

export interface File {
  readonly name: string
  /** For people: what it is, or, where one is there already, what it has to say. */
  readonly what: string
  readonly text: string
  readonly mode?: number
}

const ignored = ["advocacy.json", "store/", "shadows.json", ".env", "*.new", "lock.*", "draft.*"]

const variables = {
  shopify: [
    "# Shopify: docs/connect-shopify.md of Advocacy Kit tells how to get them; the shop is its own domain, acme.myshopify.com",
    "SHOPIFY_SHOP=",
    "SHOPIFY_ACCESS_TOKEN=",
    "SHOPIFY_WEBHOOK_SECRET=",
  ],
  hubspot: [
    "# HubSpot: docs/connect-hubspot.md of Advocacy Kit tells how to get them",
    "HUBSPOT_ACCESS_TOKEN=",
    "HUBSPOT_PORTAL_ID=",
    "HUBSPOT_WEBHOOK_SECRET=",
    "HUBSPOT_WEBHOOK_URL=",
  ],
} as const

const environmentOf = (typed: Typed, program: string): string =>
  [
    "# Copy this to .env, fill that in, and load it before a command:  set -a; . ./.env; set +a",
    "",
    ...sourcesOf(typed.sources ?? "").flatMap((name) => (name === "files" ? [] : [...variables[name], ""])),
    "# What codes and standings belong to, and the currency of deals that name none",
    `ADVOCACY_PROGRAM=${program}`,
    `ADVOCACY_CURRENCY=${typed.currency}`,
    "",
    "# Instead of the database in this directory: postgres://user:password@host:5432/database. A server needs the key, 32 bytes in base64",
    "# DATABASE_URL=",
    "# ADVOCACY_VAULT_KEY=",
    "",
  ].join("\n")

/** A directory's own package.json decides whether a `.ts` file in it may `export`. */
const programName = (directory: string): string => {
  const manifest = join(directory, "package.json")
  return existsSync(manifest) && !/"type"\s*:\s*"module"/.test(readFileSync(manifest, "utf8"))
    ? "program.mts"
    : "program.ts"
}

const settingsOf = (typed: Typed, program: string): Installation.Settings => ({
  tenant: typed.tenant ?? "",
  handleKey: randomBytes(32).toString("hex"),
  program,
  now: null,
  shareUrl: `${(typed.site ?? "").replace(/\/+$/, "")}/?ref=`,
  brand: null,
  platforms: sourcesOf(typed.sources ?? "").filter((name) => name !== "files"),
})

/** Everything that a new installation in `directory` begins with. */
export const filesOf = (directory: string, typed: Typed): ReadonlyArray<File> => {
  const definition = Definition.definitionOf(typed)
  const file = programName(directory)
  const settings = settingsOf(typed, definition.name)
  return [
    {
      name: Installation.settingsFile,
      what: "the settings with a new key, for you alone: keep a copy in another place",
      text: `${JSON.stringify(settings, null, 2)}\n`,
      mode: 0o600,
    },
    {
      name: file,
      what: "the program: read it, change it",
      text: ProgramSource.textOf(definition, file),
    },
    ...(settings.platforms?.length === 0
      ? []
      : [
          {
            name: ".env.example",
            what: "the names of what connects your platforms",
            text: environmentOf(typed, definition.name),
          },
        ]),
    {
      name: ".gitignore",
      what: `keeps ${ignored.slice(0, 4).join(", ")} out of what is committed`,
      text: `${ignored.join("\n")}\n`,
    },
    ...(existsSync(join(directory, "package.json"))
      ? []
      : [
          {
            name: "package.json",
            what: "says that scripts here are modules",
            text: `${JSON.stringify({ private: true, type: "module" }, null, 2)}\n`,
          },
        ]),
  ]
}

/** Refuses a directory in which something is in the way. */
export const check = (directory: string): Effect.Effect<void, Failure.Failure> => {
  if (Installation.exists(directory))
    return Effect.fail(
      Failure.usage(
        `${directory} is an installation already: it has ${Installation.settingsFile}`,
        `go on with it (\`advocacy state --store ${directory}\` says what is stored), or name another directory`,
      ),
    )
  const program = programName(directory)
  return existsSync(join(directory, program))
    ? Effect.fail(
        Failure.usage(
          `${directory} has a file ${program} already, and nothing is overwritten`,
          "move it away, or name another directory",
        ),
      )
    : Effect.void
}

/** What was written, and what was there and stays. */
export interface Written {
  readonly wrote: ReadonlyArray<File>
  readonly kept: ReadonlyArray<File>
}

/** Writes what is not there yet. */
export const write = (directory: string, files: ReadonlyArray<File>): Effect.Effect<Written, Failure.Failure> =>
  Effect.suspend(() => {
    const missing = files.filter(({ name }) => !existsSync(join(directory, name)))
    const done: Array<string> = []
    try {
      mkdirSync(directory, { recursive: true })
      for (const { mode, name, text } of missing) {
        const path = join(directory, name)
        writeFileSync(path, text, { flag: "wx", ...(mode === undefined ? {} : { mode }) })
        done.push(path)
      }
    } catch (error) {
      for (const path of done) rmSync(path, { force: true })
      return Effect.fail(
        Failure.usage(
          `${directory} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
          "name a directory that can be made and written",
        ),
      )
    }
    return Effect.succeed({ wrote: missing, kept: files.filter((file) => !missing.includes(file)) })
  })
