/**
 * The workflow that posts backtests: what it uses is pinned, no secret meets the code of a pull request, and its scripts do what they
 * say with a stand-in for GitHub's command.
 */
import { execFileSync } from "node:child_process"
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { root } from "../src/Workspace.ts"
import { fixture } from "./Fixture.ts"

const workflow = readFileSync(join(root, "examples/backtest-workflow/backtest.yml"), "utf8")
const [, definition = "", backtest = ""] = workflow.split(/^ {2}(?:definition|backtest):$/m)

/** The script of the step that is called `name`. */
const scriptOf = (name: string): string => {
  const step = backtest.split(/^ {6}- /m).find((one) => one.startsWith(`name: ${name}\n`)) ?? ""
  return step.slice(step.indexOf("run: |\n") + 7).replaceAll(/^ {10}/gm, "")
}

/** Runs a script in a folder whose `bin` comes first on the path; answers what the stand-ins were called with. */
const calls = (folder: string, script: string, environment: Readonly<Record<string, string>>): string => {
  for (const name of ["gh", "npx"])
    if (existsSync(join(folder, "bin", name))) chmodSync(join(folder, "bin", name), 0o755)
  execFileSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd: folder,
    env: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, CALLS: join(folder, "calls"), ...environment },
  })
  return readFileSync(join(folder, "calls"), "utf8")
}

it("pins every action to a commit, with its version beside it", () => {
  const used = workflow.split("\n").filter((line) => line.includes("uses:"))
  expect(used.length).toBe(4)
  for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})

it("keeps secrets away from the job that runs the pull request's code, and values out of scripts", () => {
  expect(definition).toContain("npm ci --ignore-scripts")
  expect(definition).not.toContain("secrets.")
  expect(backtest).toContain("ref: ${{ github.event.pull_request.base.sha }}")
  expect(backtest).toContain("DATABASE_URL: ${{ secrets.DATABASE_URL }}")
  for (const script of [scriptOf("replay"), scriptOf("comment"), definition.slice(definition.indexOf("run: |"))])
    expect(script).not.toContain("${{")
})

it("replays the definition as data, on the installation of the settings", () => {
  const folder = fixture({ "bin/npx": `#!/bin/sh\necho "$@" >> "$CALLS"\necho '<!-- mark -->'\n` })
  const told = calls(folder, scriptOf("replay"), {
    DEFINITION: `{"name":"it's \\"quoted\\" $HOME"}`,
    ADVOCACY_SETTINGS: `{"tenant":"acme"}`,
  })
  expect(told).toBe(
    "--no-install advocacy backtest --program candidate.json --against current --markdown --store installation\n",
  )
  expect(readFileSync(join(folder, "candidate.json"), "utf8")).toBe(`{"name":"it's \\"quoted\\" $HOME"}`)
  expect(readFileSync(join(folder, "installation/advocacy.json"), "utf8")).toBe(`{"tenant":"acme"}`)
  expect(readFileSync(join(folder, "comment.md"), "utf8")).toBe("<!-- mark -->\n")
})

it("posts one comment, and then keeps that one up to date", () => {
  const environment = { GITHUB_REPOSITORY: "acme/programs", PULL_REQUEST: "7" }
  const gh = (answer: string): string =>
    `#!/bin/sh\necho "$@" >> "$CALLS"\ncase "$*" in *--paginate*) printf '${answer}';; esac\n`
  const at = (answer: string): ReadonlyArray<string> => {
    const folder = fixture({ "bin/gh": gh(answer) })
    writeFileSync(join(folder, "comment.md"), "<!-- advocacy-backtest refer-a-friend -->\nhello\n")
    return calls(folder, scriptOf("comment"), environment)
      .trim()
      .split("\n")
      .map((line) => line.replace(/ --jq .*/, ""))
  }
  const looked = "api --paginate repos/acme/programs/issues/7/comments"
  expect(at("")).toEqual([looked, "api repos/acme/programs/issues/7/comments --field body=@comment.md"])
  expect(at("42\\n43\\n")).toEqual([
    looked,
    "api --method PATCH repos/acme/programs/issues/comments/42 --field body=@comment.md",
  ])
})
