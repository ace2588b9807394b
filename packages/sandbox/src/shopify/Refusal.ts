/**
 * How the sandbox says no inside a GraphQL answer: a plain refusal, as the real API would give it, or the loud
 * `EMULATOR_NOT_IMPLEMENTED` for what the schema has and the sandbox does not. Never a silent null.
 */

import { GraphQLError } from "graphql"

export const refused = (message: string, code = "BAD_REQUEST"): GraphQLError =>
  new GraphQLError(message, { extensions: { code } })

export const notImplemented = (what: string): GraphQLError =>
  new GraphQLError(`${what} is not implemented by the Shopify sandbox`, {
    extensions: { code: "EMULATOR_NOT_IMPLEMENTED" },
  })
