/**
 * What bash completes once the script of `--completions bash` is sourced.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { run } from "./Running.ts"

const folder = mkdtempSync(join(tmpdir(), "advocacy-completing-"))
const script = join(folder, "advocacy.bash")

beforeAll(async () => {
  writeFileSync(script, (await run("--completions", "bash")).out)
  mkdirSync(join(folder, "acme"))
  writeFileSync(join(folder, "program.ts"), "")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The candidates for the last word of a line, as a shell without further completions asks for them. */
const candidates = (line: string): ReadonlyArray<string> => {
  const words = line.split(" ")
  const asked = `
    source ${script}
    COMP_LINE=${JSON.stringify(line)}
    COMP_POINT=\${#COMP_LINE}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
    COMP_CWORD=${words.length - 1}
    _advocacy advocacy '${words.at(-1)}' '${words.at(-2) ?? ""}'
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const { status, stderr, stdout } = spawnSync("bash", ["--norc", "--noprofile", "-c", asked], {
    cwd: folder,
    encoding: "utf8",
  })
  expect([status, stderr]).toEqual([0, ""])
  return stdout.split("\n").filter((candidate) => candidate !== "")
}

describe("bash completes", () => {
  it("commands, and those below them", () => {
    expect(candidates("advocacy re")).toEqual(expect.arrayContaining(["redeem", "report", "reconcile", "replay"]))
    expect(candidates("advocacy re")).not.toContain("demo")
    expect(candidates("advocacy program ")).toEqual(["diff", "list", "show", "publish", "correct"])
  })

  it("the options of a command, and those of all", () => {
    expect(candidates("advocacy sync --")).toEqual(
      expect.arrayContaining(["--store", "--json", "--quiet", "--help", "--log-level"]),
    )
    expect(candidates("advocacy sync --")).not.toContain("--no-help")
    expect(candidates("advocacy sync --json --")).not.toContain("--json")
    expect(candidates("advocacy --q")).toEqual(["--quiet"])
  })

  it("choices of options and arguments", () => {
    expect(candidates("advocacy metrics --over ")).toEqual(["day", "week", "month", "quarter", "year"])
    expect(candidates("advocacy schema ")).toEqual(["program", "fact", "decision"])
    expect(candidates("advocacy --completions z")).toEqual(["zsh"])
  })

  it("directories and files where one is named", () => {
    expect(candidates("advocacy report --store a")).toEqual(["acme"])
    expect(candidates("advocacy init ")).toEqual(["acme"])
    expect(candidates("advocacy program publish pro")).toEqual(["program.ts"])
    expect(candidates("advocacy backtest --program pro")).toEqual(["program.ts"])
    expect(candidates("advocacy program publish program.ts --store ac")).toEqual(["acme"])
  })
})

describe("a script", () => {
  it.each(["zsh", "fish", "powershell"])(
    "is there for %s, with every command and the options of all",
    async (shell) => {
      const { code, out } = await run("--completions", shell)
      expect(code).toBe(0)
      for (const word of ["advocacy", "reconcile", "publish", "quiet", "store"]) expect(out).toContain(word)
    },
  )
})
