/**
 * What the app was granted in the shop, and what of its customers it is shown.
 *
 * Promises: asks, and changes nothing; a probe that is refused as a whole is an answer too. A shop without customers or
 * orders cannot tell what it would withhold: that is said as such, never taken for an approval.
 */
import { Effect } from "effect"
import { withheldIn } from "./Reading.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import type { ShopifyError } from "./ShopifyError.ts"
import { access, customerProbe, orderProbe } from "./wire/Access.ts"

type Client = ShopifyClient["Service"]
const priority = "increment"

/** Members of a record that Shopify withheld; `refused`: the whole record; `unknown`: there was none to look at. */
export type Probed = ReadonlySet<string> | "refused" | "unknown"

export interface Access {
  readonly plan: string
  readonly isPlus: boolean
  readonly scopes: ReadonlySet<string>
  readonly customer: Probed
  readonly order: Probed
}

/** Shopify lets whoever may write read too. */
export const holds = (scopes: ReadonlySet<string>, scope: string): boolean =>
  scopes.has(scope) || scopes.has(scope.replace(/^read_/, "write_"))

export const scopesOf = (client: Client): Effect.Effect<ReadonlySet<string>, ShopifyError> =>
  Effect.map(
    client.query(access, {}, { priority }),
    ({ data }) => new Set(data.currentAppInstallation.accessScopes.map(({ handle }) => handle)),
  )

const probed = (
  asked: Effect.Effect<
    { readonly nodes: ReadonlyArray<unknown> | undefined; readonly withheld: ReadonlyArray<string> },
    ShopifyError
  >,
): Effect.Effect<Probed, ShopifyError> =>
  asked.pipe(
    Effect.map(({ nodes, withheld }): Probed => {
      if (nodes === undefined) return "refused"
      return nodes.length === 0 ? "unknown" : new Set(withheld)
    }),
    Effect.catchIf(
      (error) => error.reason._tag === "AccessDenied",
      () => Effect.succeed("refused" as const),
    ),
  )

export const read = (client: Client): Effect.Effect<Access, ShopifyError> =>
  Effect.gen(function* () {
    const { data } = yield* client.query(access, {}, { priority })
    const scopes = new Set(data.currentAppInstallation.accessScopes.map(({ handle }) => handle))
    const customer = probed(
      Effect.map(client.query(customerProbe, {}, { priority }), (answer) => ({
        nodes: answer.data.customers?.nodes,
        withheld: withheldIn(answer.withheld, ["customers", "nodes"])(0),
      })),
    )
    const order = probed(
      Effect.map(client.query(orderProbe, {}, { priority }), (answer) => ({
        nodes: answer.data.orders?.nodes,
        withheld: withheldIn(answer.withheld, ["orders", "nodes"])(0),
      })),
    )
    return {
      plan: data.shop.plan.publicDisplayName,
      isPlus: data.shop.plan.shopifyPlus,
      scopes,
      customer: holds(scopes, "read_customers") ? yield* customer : "refused",
      order: holds(scopes, "read_orders") ? yield* order : "refused",
    }
  })
