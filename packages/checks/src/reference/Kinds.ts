/** Every kind of reference case, from the tables of the areas. */
import { attributionKinds } from "./AttributionKinds.ts"
import { fraudKinds } from "./FraudKinds.ts"
import { influenceKinds } from "./InfluenceKinds.ts"
import type { Kinds } from "./Kind.ts"

export const kinds: Kinds = { ...attributionKinds, ...fraudKinds, ...influenceKinds }
