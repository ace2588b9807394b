/**
 * The operations that ask what this app may do in this shop. Of the probes only what was withheld is of interest.
 */
import { z } from "zod"
import * as Documents from "./Documents.generated.ts"
import { query } from "./Operation.ts"
import { maybe } from "./OrderRecord.ts"

export const access = query(
  Documents.Access,
  z.object({
    shop: z.object({
      myshopifyDomain: z.string(),
      plan: z.object({ publicDisplayName: z.string(), shopifyPlus: z.boolean() }),
    }),
    currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  }),
)

const rows = z.object({ nodes: z.array(z.unknown()) })
export const customerProbe = query(Documents.CustomerProbe, z.object({ customers: maybe(rows) }))
export const orderProbe = query(Documents.OrderProbe, z.object({ orders: maybe(rows) }))
