/**
 * Which discount codes the simulated shop holds, asked of a Shopify sandbox that is started again over its state.
 *
 * Promises: the sandbox is gone when this returns. Codes of the simulated past are left out: only what clients made.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"

export interface ShopCode {
  readonly code: string
  readonly discountId: string
}

interface ShopState {
  readonly codesFromClients: ReadonlyArray<ShopCode>
}

/** An offer's own first code, handed to nobody. */
export const isOfferCode = ({ code }: ShopCode): boolean => code.startsWith("OFFER-")

export const codes = async (root: string, store: string): Promise<ReadonlyArray<ShopCode>> => {
  const main = join(root, "packages/sandbox/src/shopify/main.ts")
  const [world, state] = [join(store, "world.json"), join(store, "sandbox")]
  const child = spawn(
    process.execPath,
    [main, "--world", world, "--state", state, "--token", "reading", "--secret", "reading"],
    { stdio: ["pipe", "pipe", "inherit"] },
  )
  const ended = once(child, "exit")
  try {
    const line = await Promise.race([
      once(createInterface({ input: child.stdout }), "line").then(([text]) => String(text)),
      ended.then(() => Promise.reject(new Error("The Shopify sandbox ended instead of serving its state."))),
    ])
    const { port } = JSON.parse(line) as { readonly port: number }
    const answer = await fetch(`http://127.0.0.1:${port}/__sandbox/state`)
    return ((await answer.json()) as ShopState).codesFromClients
  } finally {
    child.stdin.end()
    await ended
  }
}
