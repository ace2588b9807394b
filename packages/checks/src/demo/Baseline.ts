/**
 * An uninterrupted run of the demo that several stages look at: its report, its journal and the store it leaves behind.
 *
 * Promises: it is run at most once per process, by whichever stage asks first; its folder is removed when the process
 * ends. It fails loudly: a demo that does not end well fails every stage that needs it.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as DemoProcess from "./DemoProcess.ts"
import * as DemoReport from "./DemoReport.ts"

export interface Baseline {
  readonly size: DemoProcess.DemoSize
  readonly report: DemoReport.DemoReport
  readonly store: string
  readonly journal: string
  /** From start to end, the start of Node included. */
  readonly millis: number
}

const folders: Array<string> = []

const removeFolders = (): void => {
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A folder that is gone when this process ends. */
export const temporaryFolder = (): string => {
  if (folders.length === 0) {
    process.once("exit", removeFolders)
  }
  const folder = mkdtempSync(join(tmpdir(), "advocacy-demo-"))
  folders.push(folder)
  return folder
}

export const runToEnd = async (request: DemoProcess.DemoRequest): Promise<readonly [DemoReport.DemoReport, number]> => {
  const { exitCode, millis, signal, stderr, stdout } = await DemoProcess.start(request).ended
  if (exitCode !== 0) {
    throw new Error(`The demo of seed ${request.seed} ended with ${signal ?? `code ${exitCode}`}:\n${stderr}${stdout}`)
  }
  const report = DemoReport.read(stdout)
  if (typeof report === "string") {
    throw new Error(`The demo of seed ${request.seed} printed something else than its report: ${report}`)
  }
  return [report, millis]
}

const make = async (root: string): Promise<Baseline> => {
  const folder = temporaryFolder()
  const [store, journal] = [join(folder, "store"), join(folder, "journal.ndjson")]
  const size = DemoProcess.small(1)
  const [report, millis] = await runToEnd({ ...size, root, store, journal })
  return { size, report, store, journal, millis }
}

let made: Promise<Baseline> | undefined

export const baseline = (root: string): Promise<Baseline> => (made ??= make(root))
