/**
 * A call of a sandbox's control endpoints over HTTP: without a body it asks, with one it tells. Rejects with the sandbox's own words.
 */

export type ControlCall = <A>(route: string, body?: object) => Promise<A>

/** `sandbox` is what a refusal calls it. */
export const at =
  (sandbox: string, url: string): ControlCall =>
  async <A>(route: string, body?: object): Promise<A> => {
    const address = `${url}/__sandbox/${route}`
    const answer = await (body === undefined
      ? fetch(address)
      : fetch(address, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }))
    const read = (await answer.json()) as A & { readonly error?: string; readonly message?: string }
    if (answer.ok) return read
    throw new Error(`The ${sandbox} sandbox refused "${route}": ${read.error ?? read.message ?? answer.status}`)
  }
