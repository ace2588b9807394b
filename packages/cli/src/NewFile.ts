/**
 * A file that is written piece by piece.
 *
 * Promises: it has its name only once it is whole and on the disk, and never takes the place of another; only its owner can read it. What
 * was not ended when its scope closes is removed.
 */
import { Effect, type Scope } from "effect"
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from "node:fs"
import * as Failure from "./Failure.ts"

export interface NewFile {
  readonly write: (text: string) => Effect.Effect<void, Failure.Failure>
  /** Gives the file its name; answers how many bytes it has. */
  readonly end: Effect.Effect<number, Failure.Failure>
}

const refused = (path: string): Failure.Failure =>
  Failure.usage(
    existsSync(path) ? `${path} is there already` : `${path} cannot be written`,
    "name a new file in a directory that exists, that this user can write, and that has room",
  )

/** Everything that one call is given is written, though the system may take it in parts. */
const writeAll = (descriptor: number, bytes: Buffer): void => {
  for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from)
}

export const make = (path: string): Effect.Effect<NewFile, Failure.Failure, Scope.Scope> => {
  const draft = `${path}.${process.pid}.part`
  const attempt = <A>(work: () => A) => Effect.try({ try: work, catch: () => refused(path) })
  const open = Effect.suspend(() =>
    existsSync(path) ? Effect.fail(refused(path)) : attempt(() => openSync(draft, "wx", 0o600)),
  )
  const close = (descriptor: number) =>
    Effect.sync(() => {
      closeSync(descriptor)
      rmSync(draft, { force: true })
    })
  return Effect.map(Effect.acquireRelease(open, close), (descriptor) => {
    let written = 0
    return {
      write: (text) =>
        attempt(() => {
          const bytes = Buffer.from(text, "utf8")
          writeAll(descriptor, bytes)
          written += bytes.length
        }),
      end: attempt(() => {
        fsyncSync(descriptor)
        // Unlike a renaming, this never takes the place of a file that appeared meanwhile.
        linkSync(draft, path)
        return written
      }),
    }
  })
}
