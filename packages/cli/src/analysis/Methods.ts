/** Every method that `advocacy analyze` knows; a new one is an entry here. */
import { attribution } from "./AttributionMethod.ts"
import { experiment } from "./ExperimentMethod.ts"
import type { Method } from "./Method.ts"
import { lifetime, retention } from "./PurchaseMethods.ts"
import { nps, shares } from "./SurveyMethods.ts"

export const methods: ReadonlyArray<Method> = [nps, shares, retention, lifetime, attribution, experiment]
