/**
 * The two OAuth addresses of a shop over HTTP: the consent page, which consents by itself, and the token endpoint, which
 * takes JSON and forms. What was issued is in the log before the answer leaves, so a lost answer has had its effect.
 */

import { randomBytes } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { authorize } from "./AuthorizeRequest.ts"
import { json, readFields } from "./HttpExchange.ts"
import type { Surface } from "./HttpSurface.ts"
import * as TokenGrant from "./TokenGrant.ts"

const contextOf = ({ appClock, execution: { state } }: Surface): TokenGrant.GrantContext => ({
  access: state.access,
  shopDomain: state.brand.shopDomain,
  now: state.now,
  appNowMillis: appClock(),
  fresh: (prefix) => `${prefix}${randomBytes(16).toString("hex")}`,
})

const consent = (surface: Surface, query: URLSearchParams, response: ServerResponse): void => {
  const answer = authorize(contextOf(surface), query)
  if ("problem" in answer) {
    response.writeHead(400, { "Content-Type": "text/html; charset=utf-8" })
    return void response.end(`<!DOCTYPE html><title>${answer.problem}</title><p>${answer.problem}</p>`)
  }
  for (const event of answer.events) surface.log.commit(event)
  response.writeHead(302, { Location: answer.location }).end()
}

const expiryFields = new Set(["expires_in", "refresh_token_expires_in"])

const token = async (surface: Surface, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const fields = await readFields(request)
  const { faults, log } = surface
  if (faults.take("tokenFailure")) return json(response, 503, { error: "temporarily_unavailable" })
  const { body, events, status } = TokenGrant.decide(contextOf(surface), fields)
  for (const event of events) log.commit(event)
  if (status === 200 && faults.take("tokenDrop")) return void request.socket.destroy()
  const shown =
    status === 200 && faults.take("tokenWithoutExpiry")
      ? Object.fromEntries(Object.entries(body).filter(([name]) => !expiryFields.has(name)))
      : body
  json(response, status, shown, { "Cache-Control": "no-store" })
}

/** Whether it was one of the two. */
export const handle = async (
  surface: Surface,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> => {
  if (url.pathname === "/admin/oauth/authorize" && request.method === "GET")
    consent(surface, url.searchParams, response)
  else if (url.pathname === "/admin/oauth/access_token" && request.method === "POST")
    await token(surface, request, response)
  else return false
  return true
}
