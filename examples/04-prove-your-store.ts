/**
 * The laws of a store are data. Run them against your own store; here against memory, and against one with a mistake in it.
 *
 *     node examples/04-prove-your-store.ts
 */
import { Inbox, MemoryStores } from "@advocacy-kit/core"
import { FactLogLaws, InboxLaws, Law, LedgerLaws, OutboxLaws } from "@advocacy-kit/testing"
import { Effect, Layer } from "effect"

/** An inbox that answers before it looks: every message is new, even the one that it has already. */
const forgetfulInbox = Layer.effect(
  Inbox.Inbox,
  Effect.map(Inbox.Inbox, (inbox) => ({
    ...inbox,
    accept: (deliveries: ReadonlyArray<Inbox.Delivery>) =>
      Effect.map(inbox.accept(deliveries), (isNew) => isNew.map(() => true)),
  })),
).pipe(Layer.provide(MemoryStores.layerMemory))

const main = Effect.gen(function* () {
  const memory = [
    ...(yield* Law.violations(FactLogLaws.laws, MemoryStores.layerMemory)),
    ...(yield* Law.violations(InboxLaws.laws, MemoryStores.layerMemory)),
    ...(yield* Law.violations(LedgerLaws.laws, MemoryStores.layerMemory)),
    ...(yield* Law.violations(OutboxLaws.laws, MemoryStores.layerMemory)),
  ]
  console.log(
    memory.length === 0 ? "The stores in memory keep every law." : `The stores in memory break: ${memory.join("; ")}`,
  )
  console.log("The forgetful inbox breaks:")
  for (const law of yield* Law.violations(InboxLaws.laws, forgetfulInbox)) console.log(`  ${law}`)
})

await Effect.runPromise(main)
