/**
 * A GraphQL document of ours, as it is generated from the `.graphql` files: `Documents.generated.ts`.
 *
 * Promises: plain text that was validated against Shopify's schemas before it was published; the types say what Shopify
 * may answer and what has to be given along. `points` is the most it costs by Shopify's formula. How to add one: write it
 * into a `.graphql` file of this folder, run `node packages/checks/src/wireTypes.ts`, wrap it as an `Operation`.
 */
export interface Document<Sent, Variables> {
  readonly name: string
  readonly text: string
  readonly points: number
  /** Types only; never set. */
  readonly types?: (variables: Variables) => Sent
}

/** A query that is run as a bulk operation. `text` still has its variables, which bulk queries may not have. */
export interface BulkDocument<Row, Variables> extends Document<Row, Variables> {
  readonly isBulk: true
}

/** The query with its variables written into it: a bulk query has none. JSON's strings are GraphQL's too. */
export const bulkQuery = <Variables extends Readonly<Record<string, string>>>(
  { text }: BulkDocument<unknown, Variables>,
  variables: Variables,
): string =>
  text.replaceAll(/\$(\w+)/g, (place, name: string) => (name in variables ? JSON.stringify(variables[name]) : place))
