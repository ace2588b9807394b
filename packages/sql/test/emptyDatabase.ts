/**
 * Initialises one empty embedded database for all test files, so that each loads it in a second instead of initialising its own.
 */
import { PGlite } from "@electric-sql/pglite"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  export interface ProvidedContext {
    /** The file that holds it. */
    readonly emptyDatabase: string
  }
}

export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), "advocacy-empty-"))
  const database = await PGlite.create({})
  const dump = await database.dumpDataDir("none")
  await database.close()
  const file = join(folder, "empty.tar")
  await writeFile(file, Buffer.from(await dump.arrayBuffer()))
  project.provide("emptyDatabase", file)
  return () => rm(folder, { recursive: true, force: true })
}
