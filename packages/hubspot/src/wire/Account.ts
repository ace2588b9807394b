/** The account that an app is connected to, and how many of the day's calls are used. Only what we use. */
import { z } from "zod"

export const AccountDetails = z.object({ accountType: z.string(), timeZone: z.string() })

export const DailyUsage = z.object({
  results: z.array(z.object({ usageLimit: z.number(), currentUsage: z.number() })),
})
