/** Cases about who is who: similarity of names. */
import * as StringSimilarity from "@advocacy-kit/core/statistics/StringSimilarity"
import { asList, asText } from "./Json.ts"
import type { Kinds } from "./Kind.ts"

export const fraudKinds: Kinds = {
  "jaro-winkler": {
    run: ({ inputs }) => {
      const [left, right] = asList(inputs)
      return StringSimilarity.jaroWinkler(asText(left), asText(right))
    },
  },
}
