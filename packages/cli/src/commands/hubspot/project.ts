/**
 * `advocacy hubspot project`: the app for HubSpot's own command line to upload, with its workflow actions and webhooks.
 *
 * Promises: each file is whole or is not there, and none takes the place of another. It asks HubSpot nothing.
 */
import * as HubSpot from "@advocacy-kit/hubspot"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { mkdirSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Failure from "../../Failure.ts"
import * as NewFile from "../../NewFile.ts"
import * as Output from "../../Output.ts"
import * as Terminal from "../../Terminal.ts"

const out = Flag.String("out").pipe(Flag.withDescription("The directory to write to; it is made where it is missing"))
const url = Flag.String("url").pipe(
  Flag.withDescription("Where `advocacy serve` can be reached by HubSpot, such as https://advocacy.example.com"),
  Flag.filter(
    (text) => URL.canParse(text) && new URL(text).protocol === "https:",
    () => "give an address that begins with https://: HubSpot calls no other",
  ),
)
const name = Flag.String("name").pipe(
  Flag.withDescription("What the app is called in HubSpot"),
  Flag.withDefault("Advocacy"),
  Flag.filter(
    (text) => text.trim() !== "" && text.length <= 200,
    () => "give a name of at most 200 characters",
  ),
)
const email = Flag.String("support-email").pipe(
  Flag.withDescription("Whom users of the app can write to"),
  Flag.filter(
    (text) => /^[^\s@]+@[^\s@]+$/.test(text),
    () => "give an e-mail address",
  ),
)
const auth = Flag.Literals("auth", ["static", "oauth"]).pipe(
  Flag.withDescription("static: for one account, with a token of its own; oauth: for many"),
  Flag.withDefault("static" as const),
)

const makeDirectory = (directory: string) =>
  Effect.try({
    try: () => mkdirSync(directory, { recursive: true }),
    catch: () => Failure.usage(`${directory} cannot be made`, "name a directory that this user can make"),
  })

const write = (path: string, text: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* makeDirectory(dirname(path))
      const file = yield* NewFile.make(path)
      yield* file.write(text)
      return yield* file.end
    }),
  )

const text = (terminal: Terminal.Terminal, directory: string, files: ReadonlyArray<string>): string =>
  [
    Terminal.heading(terminal, `HubSpot app in ${directory}`),
    ...files.map((file) => `  ${file}`),
    "",
    "  upload it with HubSpot's own command line:",
    `    cd ${directory} && npx @hubspot/cli project upload`,
    "  then set HUBSPOT_ACTIONS_URL and HUBSPOT_WEBHOOK_URL as docs/connect-hubspot.md says",
  ].join("\n")

export const command = Command.make("project", { out, url, name, email, auth, json: Output.json }, (told) =>
  Effect.gen(function* () {
    const files = HubSpot.projectFiles({
      name: told.name,
      baseUrl: told.url,
      supportEmail: told.email,
      auth: told.auth,
    })
    for (const [path, content] of files) yield* write(join(told.out, path), content)
    const paths = [...files.keys()]
    yield* Output.print(told.json, { directory: told.out, files: paths }, (terminal) => text(terminal, told.out, paths))
  }).pipe(Failure.coded),
).pipe(
  Command.withDescription("Write the HubSpot app: its workflow actions and webhooks, for `hs project upload`"),
  Command.withExamples([
    {
      command:
        "advocacy hubspot project --out hubspot-app --url https://advocacy.example.com --support-email help@example.com",
      description: "The app for one account",
    },
  ]),
)
