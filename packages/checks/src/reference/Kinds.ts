/** Every kind of reference case, from the tables of the areas. */
import { advocateKinds } from "./AdvocateKinds.ts"
import { attributionKinds } from "./AttributionKinds.ts"
import { customerKinds } from "./CustomerKinds.ts"
import { experimentKinds } from "./ExperimentKinds.ts"
import { fraudKinds } from "./FraudKinds.ts"
import { graphKinds } from "./GraphKinds.ts"
import { growthKinds } from "./GrowthKinds.ts"
import { influenceKinds } from "./InfluenceKinds.ts"
import type { Kinds } from "./Kind.ts"
import { lifetimeKinds } from "./LifetimeKinds.ts"
import { pointKinds } from "./PointKinds.ts"
import { predictionKinds } from "./PredictionKinds.ts"
import { rateKinds } from "./RateKinds.ts"

export const kinds: Kinds = {
  ...advocateKinds,
  ...attributionKinds,
  ...customerKinds,
  ...experimentKinds,
  ...fraudKinds,
  ...graphKinds,
  ...growthKinds,
  ...lifetimeKinds,
  ...pointKinds,
  ...influenceKinds,
  ...predictionKinds,
  ...rateKinds,
}
