/** Cases about who is who, and about referrals that honest people rarely make. */
import * as IdentityCluster from "@advocacy-kit/core/fraud/IdentityCluster"
import * as ReferralPattern from "@advocacy-kit/core/fraud/ReferralPattern"
import * as StringSimilarity from "@advocacy-kit/core/statistics/StringSimilarity"
import { cell, numeric, type Row, rows } from "./Csv.ts"
import { asList, asText, type Json, numberOr, text } from "./Json.ts"
import type { Kind, Kinds } from "./Kind.ts"

const keysOf = (row: Row): ReadonlyArray<string> => {
  const told: ReadonlyArray<readonly [string, string | null]> = [
    ["mailbox", IdentityCluster.mailboxKey(row["email"] ?? "")],
    ["telephone", IdentityCluster.telephoneKey(row["phone"] ?? "")],
    ["device", row["device"] ?? ""],
    ["card", row["card"] ?? ""],
  ]
  return told.flatMap(([kind, value]) => (value === null || value === "" ? [] : [`${kind}:${value}`]))
}

const ids = (found: ReadonlyArray<string>): ReadonlyArray<Json> =>
  found.every((id) => /^\d+$/.test(id)) ? found.map(Number).sort((a, b) => a - b) : found.toSorted()

const compareIds = (one: Json | undefined, two: Json | undefined): number =>
  typeof one === "number" && typeof two === "number" ? one - two : String(one) < String(two) ? -1 : 1

const identity: Kind = {
  run: ({ folder, inputs }) => {
    const all = rows(folder, text(inputs, "file"))
    const people = all.map((row) => ({
      id: cell(row, "id"),
      keys: keysOf(row),
      customer: cell(row, "id"),
      referrer: cell(row, "referrer") === "" ? null : cell(row, "referrer"),
      at: numeric(row, "createdAt") * 1000,
      planted: row["label"] === "self",
    }))
    const clusters = IdentityCluster.identityClusters(people)
    const several = clusters.map((cluster) => cluster.length).filter((size) => size >= 2)
    const self = IdentityCluster.selfReferrals(clusters, people)
    const flagged = new Set(self)
    const planted = people.filter((person) => person.planted)
    const right = planted.filter(({ id }) => flagged.has(id)).length
    const rings = ReferralPattern.rings(people).map(ids)
    return {
      identityClustersGe2: several.length,
      identityClusterSizes: several.toSorted((a, b) => b - a),
      selfReferrals: ids(self),
      selfReferralRecall: planted.length === 0 ? null : right / planted.length,
      selfReferralPrecision: self.length === 0 ? null : right / self.length,
      rings: rings.toSorted((a, b) => compareIds(a[0], b[0])),
      velocityFlaggedReferrers: ids(ReferralPattern.bursts(people, numberOr(inputs, "velocityThreshold", 10))),
    }
  },
}

export const fraudKinds: Kinds = {
  "fraud-identity": identity,
  "jaro-winkler": {
    run: ({ inputs }) => {
      const [left, right] = asList(inputs)
      return StringSimilarity.jaroWinkler(asText(left), asText(right))
    },
  },
}
