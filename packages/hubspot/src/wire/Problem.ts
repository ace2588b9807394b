/** The body of a refusal, as HubSpot sends it. Everything may be absent: gateways in between answer with pages of HTML. */
import { z } from "zod"

const Context = z.record(z.string(), z.array(z.string())).nullish().catch(undefined)

export const Problem = z.object({
  category: z.string().optional().catch(undefined),
  subCategory: z.unknown().optional(),
  correlationId: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  errorType: z.string().optional().catch(undefined),
  context: Context,
  errors: z
    .array(z.object({ code: z.string().optional().catch(undefined), context: Context }))
    .nullish()
    .catch(undefined),
})
export type Problem = z.output<typeof Problem>
