/**
 * Installations in memory, for tests and examples.
 *
 * Promises what `Installations` promises within one process. Tokens are in its memory as they are, and gone when it ends.
 */
import { Effect, Layer, Semaphore } from "effect"
import * as ByteOrder from "../id/ByteOrder.ts"
import * as PerTenant from "../tenant/PerTenant.ts"
import type { Installation, InstallationKey } from "./Installation.ts"
import { Installations } from "./Installations.ts"

interface Place {
  readonly turn: Semaphore.Semaphore
  installation: Installation | null
}

const nameOf = ({ account, platform }: InstallationKey): string => JSON.stringify([platform, account])

const byKey = (left: InstallationKey, right: InstallationKey): number =>
  ByteOrder.compare(left.platform, right.platform) || ByteOrder.compare(left.account, right.account)

/** By name; a place stays when it was asked for once. */
const placeIn = (places: Map<string, Place>, key: InstallationKey): Place => {
  const name = nameOf(key)
  const known = places.get(name)
  if (known !== undefined) return known
  const place: Place = { turn: Semaphore.makeUnsafe(1), installation: null }
  places.set(name, place)
  return place
}

export const layerMemory: Layer.Layer<Installations> = Layer.sync(Installations, () => {
  const tenants = PerTenant.make((): Map<string, Place> => new Map())
  return Installations.of({
    all: Effect.map(tenants, (places) =>
      [...places.values()].flatMap(({ installation }) => installation ?? []).sort(byKey),
    ),
    change: (key, next) =>
      Effect.gen(function* () {
        const place = placeIn(yield* tenants, key)
        return yield* place.turn.withPermits(1)(
          Effect.suspend(() =>
            Effect.map(next(place.installation), (installation) => {
              place.installation = installation
              return installation
            }),
          ),
        )
      }),
  })
})
