/**
 * Counts how often a client waits for the server: one for each write that ends in a `Sync`, which is what the server answers.
 *
 * Promises: it counts at the socket, so nothing that the driver or the transaction adds is missed. Connecting and migrating
 * are not counted. PostgreSQL only; the statements are the same on PGlite.
 */
import { SqlStores, Vault } from "@advocacy-kit/sql"
import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { connect, type Socket } from "node:net"
import { Duplex } from "node:stream"
import { withServerDatabase } from "./Engines.ts"
import { vaultKey } from "./Tenants.ts"

export class RoundTrips extends Context.Service<
  RoundTrips,
  {
    /** What `effect` answers, and how many round trips everybody made meanwhile. */
    readonly during: <A, E, R>(
      effect: Effect.Effect<A, E, R>,
    ) => Effect.Effect<readonly [answer: A, trips: number], E, R>
  }
>()("@advocacy-kit/sql/test/RoundTrips") {}

const sync = Buffer.of(0x53, 0, 0, 0, 4)

class CountedStream extends Duplex {
  readonly #socket: Socket
  readonly #count: () => void

  constructor(socket: Socket, count: () => void) {
    super()
    this.#socket = socket
    this.#count = count
    socket.on("data", (chunk: Buffer) => this.push(chunk))
    socket.on("end", () => this.push(null))
    socket.on("error", (error) => this.destroy(error))
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (chunk.subarray(-sync.length).equals(sync)) this.#count()
    this.#socket.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}

const counted = (url: URL, maxConnections: number) => {
  let trips = 0
  const client = PgClient.layer({
    stream: () =>
      new CountedStream(connect(Number(url.port), url.hostname), () => {
        trips += 1
      }),
    username: url.username,
    database: url.pathname.slice(1),
    maxConnections,
  })
  const during = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => {
      const before = trips
      return Effect.map(effect, (answer) => [answer, trips - before] as const)
    })
  return Layer.merge(client, Layer.succeed(RoundTrips, { during }))
}

/** All stores over a database of its own on the test server, dropped at the end, and the count beside them. */
export const layer: Layer.Layer<SqlStores.Stores | SqlClient.SqlClient | RoundTrips, unknown> = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(Effect.promise(withServerDatabase), ({ drop }) => Effect.promise(drop)),
    ({ url }) =>
      SqlStores.layer.pipe(Layer.provideMerge(counted(new URL(url), 4)), Layer.provide(Vault.layerKey(vaultKey))),
  ),
)
