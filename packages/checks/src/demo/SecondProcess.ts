/**
 * The stage that opens a demo's directory while another process has it open.
 *
 * Promises: every command asked is refused with exit code 3 and names the directory, the process that has it, and what to
 * do; the first process is not disturbed.
 */
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { run } from "../Command.ts"
import { type Finding, finding, resultOf } from "../Finding.ts"
import type { StageContext, StageResult } from "../Stage.ts"
import { temporaryFolder } from "./Baseline.ts"
import * as DemoProcess from "./DemoProcess.ts"

const refusalCode = 3
const startMillisMax = 60_000

/** Waits until the store itself is open, not only the directory taken. */
const isOpen = async (store: string): Promise<boolean> => {
  const deadline = Date.now() + startMillisMax
  const folder = join(store, "store")
  while (!(existsSync(folder) && readdirSync(folder).some((name) => /^lock\.\d+$/.test(name)))) {
    if (Date.now() > deadline) {
      return false
    }
    await pause(50)
  }
  return true
}

const commands: ReadonlyArray<ReadonlyArray<string>> = [
  ["demo", "--customers", "500", "--orders", "2000"],
  ["demo", "--resume", "--json"],
  ["verify"],
  ["state", "--digest", "--json"],
]

const refused = async (
  root: string,
  store: string,
  pid: number,
  args: ReadonlyArray<string>,
): Promise<ReadonlyArray<Finding>> => {
  const label = `advocacy ${args.join(" ")}`
  const { exitCode, output, stdout } = await run(
    process.execPath,
    [DemoProcess.mainFile(root), ...args, "--store", store],
    { cwd: root, env: { NO_COLOR: "1" }, timeoutSeconds: 60 },
  )
  const wanted = [store, String(pid), "stop that process"]
  const missing = wanted.filter((text) => !output.replaceAll(/\s+/g, " ").includes(text))
  return [
    finding(
      `${label} is refused with code ${refusalCode}`,
      exitCode === refusalCode,
      () => `code ${exitCode}:\n${output}`,
    ),
    finding(
      `${label} names directory, process and remedy`,
      missing.length === 0,
      () => `missing ${missing.join(", ")} in:\n${output}`,
    ),
    finding(`${label} prints no result`, stdout.trim() === "", () => stdout.slice(0, 500)),
  ]
}

export const secondProcess = async ({ root }: StageContext): Promise<StageResult> => {
  const store = join(temporaryFolder(), "store")
  const first = DemoProcess.start({ ...DemoProcess.small(3), root, store })
  if (!(await isOpen(store))) {
    DemoProcess.killGroup(first.pid)
    throw new Error(`The demo did not open its store in time:\n${(await first.ended).stderr}`)
  }
  const findings = (await Promise.all(commands.map((args) => refused(root, store, first.pid, args)))).flat()
  const { exitCode, stderr } = await first.ended
  return resultOf([...findings, finding("the first process ends well", exitCode === 0, () => stderr)])
}
