/**
 * The check of what we publish: built, packed, judged, and installed by a stranger.
 *
 * Promises: works in a temporary folder and removes it. Every fault is reported, not the first one only.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build } from "./build.ts"
import { tryAsConsumer } from "./Consumer.ts"
import { type StageResult, verdict } from "./Stage.ts"
import { judgeTarballs, pack } from "./Tarballs.ts"

export const packed = async (root: string): Promise<StageResult> => {
  const built = await build(root)
  if (built.failed > 0) {
    return built
  }
  const folder = await mkdtemp(join(tmpdir(), "advocacy-packed-"))
  try {
    const tarballFolder = join(folder, "tarballs")
    await mkdir(tarballFolder)
    const tarballs = await pack(root, tarballFolder)
    // The one mostly computes while the other mostly waits for npm.
    const [judged, tried] = await Promise.all([
      judgeTarballs(tarballs),
      tryAsConsumer(join(folder, "consumer"), tarballs),
    ])
    const faults = [...judged, ...tried]
    const names = tarballs.map((tarball) => tarball.package.name).join(", ")
    return verdict(faults.length === 0, faults.join("\n") || `Packed, judged and installed: ${names}.`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
