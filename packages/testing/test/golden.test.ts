/** Every golden story on the stores in memory. */
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { GoldenStories, GoldenStory } from "@advocacy-kit/testing"
import { Effect } from "effect"
import { expect, it } from "vitest"

it.each(GoldenStories.goldenStories)("$title", async (story) => {
  const seen = await Effect.runPromise(
    GoldenStory.tell(story).pipe(
      Effect.provide(MemoryStores.layerMemory),
      Effect.provideService(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) }),
    ),
  )
  expect(seen).toEqual(GoldenStory.expected(story).map(({ at, balances, decisions }) => ({ at, decisions, balances })))
})
