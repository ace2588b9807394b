/**
 * The app proxy of the storefront: requests under its path go on to the app, with the shop, the path, the time and the
 * signed-in customer in the query, and a signature over all of it. Cookies do not go along. Who is signed in is told by
 * the header `X-Sandbox-Customer` with a customer's id. The timestamp is the app's clock.
 */

import { createHmac } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { done, objectOf, wrong } from "./ControlAnswer.ts"
import type { ControlAnswer, ControlRoutes } from "./ControlAnswer.ts"
import { json, readBytes } from "./HttpExchange.ts"
import type { Surface } from "./HttpSurface.ts"

export interface ProxyRoute {
  /** As in `apps`. */
  readonly prefix: string
  /** As in `refer`. */
  readonly subpath: string
  /** Of the app. */
  readonly url: string
}

const prefixes = ["a", "apps", "community", "tools"]

/** Sorted `key=value` without anything between; several values of one key are joined by commas. */
export const signed = (query: URLSearchParams, secret: string): URLSearchParams => {
  const message = [...new Set(query.keys())]
    .map((key) => `${key}=${query.getAll(key).join(",")}`)
    .sort()
    .join("")
  const signature = createHmac("sha256", secret).update(message).digest("hex")
  return new URLSearchParams([...query, ["signature", signature]])
}

const kept = new Set(["accept", "accept-language", "content-type", "user-agent"])

const forward = async (
  surface: Surface,
  route: ProxyRoute,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { access, brand, now } = surface.execution.state
  const base = `/${route.prefix}/${route.subpath}`
  const query = new URLSearchParams(url.searchParams)
  for (const own of ["signature", "shop", "path_prefix", "timestamp", "logged_in_customer_id"]) query.delete(own)
  query.append("shop", brand.shopDomain)
  query.append("logged_in_customer_id", String(request.headers["x-sandbox-customer"] ?? ""))
  query.append("path_prefix", base)
  query.append("timestamp", String(Math.floor(surface.appClock() / 1000)))
  const target = `${route.url.replace(/\/$/, "")}${url.pathname.slice(base.length)}?${signed(query, access.secretsAt(now)[0] ?? "")}`
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      kept.has(name) && typeof value === "string" ? [[name, value]] : [],
    ),
  )
  const body = await readBytes(request)
  try {
    const answer = await fetch(target, {
      method: request.method ?? "GET",
      headers: { ...headers, "X-Forwarded-Host": brand.shopDomain },
      redirect: "manual",
      signal: surface.closing,
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    })
    const content = Buffer.from(await answer.arrayBuffer())
    const type = answer.headers.get("content-type")
    const location = answer.headers.get("location")
    response.writeHead(answer.status, {
      ...(type === null ? {} : { "Content-Type": type }),
      ...(location === null ? {} : { Location: location }),
    })
    response.end(content)
  } catch {
    json(response, 502, { errors: "The app did not answer" })
  }
}

/** Whether it was under the proxy's path. */
export const handle = async (
  surface: Surface,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> => {
  const { proxy } = surface.execution.state
  if (proxy === undefined || !surface.execution.state.access.installed) return false
  const base = `/${proxy.prefix}/${proxy.subpath}`
  if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return false
  await forward(surface, proxy, url, request, response)
  return true
}

const declare = ({ log }: Surface, body: unknown): ControlAnswer => {
  const { prefix, subpath, url } = objectOf(body)
  if (typeof prefix !== "string" || !prefixes.includes(prefix))
    return wrong(`"prefix" must be one of ${prefixes.join(", ")}`)
  if (typeof subpath !== "string" || !/^[A-Za-z0-9_-]+$/.test(subpath)) return wrong(`"subpath" must be a word`)
  if (typeof url !== "string" || !URL.canParse(url)) return wrong(`"url" must be the app's address`)
  const proxy = { prefix, subpath, url }
  log.commit({ type: "proxy.declared", proxy })
  return done(proxy)
}

export const routes: ControlRoutes = { "POST app-proxy": declare }
