/** Property definitions and groups, as HubSpot sends them; only what an additive migration compares. */
import { z } from "zod"

export const Property = z.object({
  name: z.string(),
  type: z.string(),
  /** Other members are kept: a migration sends the options back with its own. */
  options: z.array(z.looseObject({ value: z.string(), label: z.string() })).default([]),
})
export const Properties = z.object({ results: z.array(Property) })

export const PropertyGroup = z.object({ name: z.string() })
export const PropertyGroups = z.object({ results: z.array(PropertyGroup) })
