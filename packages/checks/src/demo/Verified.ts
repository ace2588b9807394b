/**
 * The stage that runs `advocacy verify` and `advocacy state --digest` on the store that the demo left behind.
 *
 * Promises: a fresh bulk import of the same platforms ends in the same facts, and their export files in the same orders, people and
 * credits but for what no file says; verify exits 0 and its JSON shows no promise that does not hold; the digest that the command prints is the one
 * that is read without it, twice.
 */
import { type CommandResult, run } from "../Command.ts"
import { finding, noneOf, resultOf } from "../Finding.ts"
import type { StageContext, StageResult } from "../Stage.ts"
import { baseline } from "./Baseline.ts"
import * as DemoProcess from "./DemoProcess.ts"
import * as FileImports from "./FileImports.ts"
import * as FreshImport from "./FreshImport.ts"
import * as StoreReading from "./StoreReading.ts"

const advocacy = (root: string, args: ReadonlyArray<string>): Promise<CommandResult> =>
  run(process.execPath, [DemoProcess.mainFile(root), ...args], {
    cwd: root,
    env: { NO_COLOR: "1" },
    timeoutSeconds: 120,
  })

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

export const verified = async ({ root }: StageContext): Promise<StageResult> => {
  const { store } = await baseline(root)
  const { digest } = await StoreReading.read(store)
  const verify = await advocacy(root, ["verify", "--json", "--store", store])
  const state = await advocacy(root, ["state", "--digest", "--json", "--store", store])
  const fresh = await FreshImport.compare(store)
  const files = await FileImports.compare(store)
  return resultOf(
    [
      finding("there are facts to compare", fresh.facts > 1000, () => `${fresh.facts} facts`),
      noneOf("bulk alone and bulk with webhooks end in the same facts", fresh.differences),
      finding("most referrals are credited by files too", files.same > files.credited / 2, () => `${files.same}`),
      noneOf("what files tell differs from the platforms only where no file says it", files.faults),
      finding("advocacy verify exits 0", verify.exitCode === 0, () => `code ${verify.exitCode}:\n${verify.output}`),
      finding("advocacy verify --json prints one object", isJsonObject(verify.stdout), () =>
        verify.stdout.slice(0, 500),
      ),
      finding(
        "advocacy state --digest exits 0",
        state.exitCode === 0,
        () => `code ${state.exitCode}:\n${state.output}`,
      ),
      finding(
        "advocacy state --digest prints the digest of the store",
        state.stdout.includes(digest),
        () => `${digest} is not in ${state.stdout.slice(0, 500)}`,
      ),
    ],
    [
      `Digest ${digest}.`,
      `A fresh bulk import holds the same ${fresh.facts} facts from the platforms.`,
      `As export files: the same ${files.orders} orders, ${files.people} handles of the same people, ${files.same} of ${files.credited} decisions about referrals the same; the others for what no file says: ${[...files.explained].map(([why, count]) => `${why} ${count}`).join(", ")}.`,
    ],
  )
}
