/**
 * Reading a request's body and writing a JSON answer, for all faces of the sandbox. A body that cannot be read is a
 * `BodyProblem`, which the listener answers with 400. Bodies are limited to ten million bytes.
 */

import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"

const maximumBodyBytes = 10_000_000

export class BodyProblem extends Error {}

export const readBytes = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maximumBodyBytes) throw new BodyProblem(`The body is larger than ${maximumBodyBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const bytes = await readBytes(request)
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown
  } catch {
    throw new BodyProblem("The body is not JSON")
  }
}

/** The fields of a form or of a JSON object, by the content type. */
export const readFields = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true)
    return Object.fromEntries(new URLSearchParams((await readBytes(request)).toString("utf8")))
  const body = await readBody(request)
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new BodyProblem("The body is not a JSON object")
  return body as Readonly<Record<string, unknown>>
}

export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "X-Request-Id": randomUUID(),
    ...headers,
  })
  response.end(JSON.stringify(body))
}
