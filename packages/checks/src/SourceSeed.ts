/**
 * Where the random histories of the tests begin: a number that follows from the sources.
 *
 * Promises: one state of the committed packages gives one number, so that whoever checks it again goes through the same histories, and
 * the next state goes through others. `undefined` where no commit is known, such as in an unpacked archive; chance decides then.
 */
import { spawnSync } from "node:child_process"

export const sourceSeed = (root: string): number | undefined => {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD:packages"], { cwd: root, encoding: "utf8" })
  return status === 0 ? Number.parseInt(stdout.slice(0, 8), 16) : undefined
}
