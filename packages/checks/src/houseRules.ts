/**
 * The rules of the house no ready linter has: length of files, names of files and folders, unfinished work, silenced
 * types, and readings of the wall clock in the core.
 *
 * Promises: every fault with file, line and remedy. Generated files (`*.generated.ts`) may be long. Comments are looked
 * at only where the rule is about comments.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { conclude, isMain } from "./Main.ts"
import { parse } from "./SourceModule.ts"
import { type StageResult, verdict } from "./Stage.ts"
import { filesIn, isTypeScript, packages, root } from "./Workspace.ts"

const longestFileLines = 400
const emptyNames = new Set(["utils", "util", "helpers", "helper", "common", "misc", "lib"])
// The classes of one letter keep these lines from matching themselves.
const unfinished = /\b(TOD[O]|FIXM[E])\b/
const silenced = /@ts-(ignor[e]|nochec[k])/

export interface HouseFault {
  readonly line: number
  readonly message: string
}

const nameFaults = (path: string): ReadonlyArray<HouseFault> =>
  path
    .toLowerCase()
    .split("/")
    .map((part) => part.replace(/\..*$/, ""))
    .filter((part) => emptyNames.has(part))
    .map((part) => ({ line: 1, message: `"${part}" says nothing; name the noun it holds` }))

const lengthFaults = (path: string, lines: number): ReadonlyArray<HouseFault> =>
  path.startsWith("src/") && lines > longestFileLines && !path.endsWith(".generated.ts")
    ? [
        {
          line: longestFileLines,
          message: `${lines} lines; a file holds one noun and at most ${longestFileLines} lines`,
        },
      ]
    : []

const textFaults = (text: string): ReadonlyArray<HouseFault> =>
  text
    .split("\n")
    .flatMap((line, index) => [
      ...(unfinished.test(line) ? [{ line: index + 1, message: "unfinished work; finish it or open an issue" }] : []),
      ...(silenced.test(line) ? [{ line: index + 1, message: "a silenced type error; state the true type" }] : []),
    ])

const syntaxFaults = (packageName: string, path: string, text: string): ReadonlyArray<HouseFault> => {
  const { anyCasts, clockReadings } = parse(path, text)
  const readings = packageName === "core" && path.startsWith("src/") ? clockReadings : []
  return [
    ...anyCasts.map(({ line }) => ({ line, message: "a cast to any; state the true type" })),
    ...readings.map(({ line }) => ({
      line,
      message: "reads the wall clock; take the time from a service or an argument",
    })),
  ]
}

/** Judges one file; `path` is relative to its package. */
export const judgeFile = (packageName: string, path: string, text: string): ReadonlyArray<HouseFault> => [
  ...nameFaults(path),
  ...lengthFaults(path, text.trimEnd().split("\n").length),
  ...textFaults(text),
  ...syntaxFaults(packageName, path, text),
]

export const checkHouseRules = (at: string): StageResult => {
  const lines = packages(at).flatMap((one) =>
    filesIn(one.path, isTypeScript).flatMap((path) =>
      judgeFile(one.name, path, readFileSync(join(one.path, path), "utf8")).map(
        ({ line, message }) => `packages/${one.name}/${path}:${line}  ${message}`,
      ),
    ),
  )
  return verdict(lines.length === 0, lines.length === 0 ? "House rules: kept." : `House rules:\n${lines.join("\n")}`)
}

if (isMain(import.meta.url)) {
  conclude(checkHouseRules(root))
}
