/** A receiver of webhooks on this computer that remembers what came, and answers as the test wants. */
import { createHmac } from "node:crypto"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { secret } from "./shopifyTestShop.ts"

export interface Received {
  readonly topic: string
  readonly webhookId: string
  readonly eventId: string
  readonly text: string
  readonly headers: http.IncomingHttpHeaders
  readonly isSigned: boolean
}

export interface Receiver {
  readonly url: string
  readonly received: Array<Received>
  answer: (received: Received) => number
  readonly close: () => Promise<void>
}

export const openReceiver = async (): Promise<Receiver> => {
  const received: Array<Received> = []
  const server = http.createServer(async (request, response) => {
    const chunks: Array<Buffer> = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const one: Received = {
      topic: String(request.headers["x-shopify-topic"]),
      webhookId: String(request.headers["x-shopify-webhook-id"]),
      eventId: String(request.headers["x-shopify-event-id"]),
      text: body.toString("utf8"),
      headers: request.headers,
      isSigned: request.headers["x-shopify-hmac-sha256"] === createHmac("sha256", secret).update(body).digest("base64"),
    }
    received.push(one)
    response.writeHead(receiver.answer(one)).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    received,
    answer: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
