/**
 * Which HTTP status a refused webhook answers with.
 *
 * What the sender did wrong is a 4xx. What is our fault (a store that is down, a connection that is not set up) is 503,
 * because platforms repeat a 503 and drop a message after some 4xx. Each connector's routes bring their own table,
 * exhaustive by type, so that nobody needs the types of an SDK that they do not use.
 */
import { HttpServerResponse } from "effect/http"

/** Status by error tag; leaving one out does not compile. */
export type Table<Tag extends string> = { readonly [Key in Tag]: number }

/** What can go wrong on any webhook address, whoever sends. */
export const own: Table<"InboxError" | "BodyUnreadable"> = { InboxError: 503, BodyUnreadable: 413 }

export interface Refused {
  readonly status: number
  readonly error: string
}

export const refused = <Tag extends string>(table: Table<Tag>, { _tag }: { readonly _tag: Tag }): Refused => ({
  status: table[_tag],
  error: _tag,
})

/** The answer. It names the rule that refused and quotes nothing of the request. */
export const respond = ({ error, status }: Refused): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe({ error }, { status })
