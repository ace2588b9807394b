/**
 * A person's standing as the values of our contact properties, and the hash by which they are recognised.
 *
 * Pure. The same standing gives the same hash on every machine; an absent value is the empty text, which clears the
 * property. The hash covers what we wrote, not what others may have edited since.
 */
import type { Standing } from "@advocacy-kit/core/connector/WriteBack"
import * as Digest from "@advocacy-kit/core/id/Digest"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"

/** The contact's id in this portal, or null when the handle is something else. */
export const contactIdOf = (handle: Handle): string | null => /^hubspot:contact\/(\d{1,30})$/.exec(handle)?.[1] ?? null

export interface Wanted {
  readonly id: string
  readonly hash: string
  readonly properties: Readonly<Record<string, string>>
}

const number = (value: number | null): string => (value === null ? "" : String(value))

export const wantedOf = (id: string, standing: Standing, prefix: string): Wanted => {
  const values: Readonly<Record<string, string>> = {
    status: standing.status,
    source_program: standing.program,
    score: number(standing.score),
    referral_code: standing.code ?? "",
    referral_link: standing.link ?? "",
    referrals_sent: number(standing.referralsSent),
    referrals_converted: number(standing.referralsConverted),
    tier: standing.tier ?? "",
    points_balance: standing.points === null ? "" : `${standing.points.available}`,
    points_lifetime: standing.points === null ? "" : `${standing.points.ever}`,
    rewards_earned: standing.rewardsEarned,
    last_activity: standing.lastActivityAt === null ? "" : Instant.toIso(standing.lastActivityAt),
    nps_last: number(standing.lastNps),
    referred_by_code: standing.referredByCode ?? "",
  }
  const hash = Digest.ofValue(values).slice(0, 32)
  const properties = Object.fromEntries(
    Object.entries({ ...values, sync_hash: hash }).map(([name, value]) => [prefix + name, value]),
  )
  return { id, hash, properties }
}

export interface Plan {
  readonly wanted: ReadonlyArray<Wanted>
  readonly failed: ReadonlyArray<{ readonly record: string; readonly reason: string }>
}

/** One standing per contact, in order of id; what cannot be shown comes back with the reason. */
export const plan = (standings: ReadonlyArray<Standing>, prefix: string): Plan => {
  const wanted = new Map<string, Wanted>()
  const failed: Array<Plan["failed"][number]> = []
  const ordered = [...standings].sort((a, b) => (a.program < b.program ? -1 : a.program > b.program ? 1 : 0))
  for (const standing of ordered) {
    const id = contactIdOf(standing.record)
    if (id === null) failed.push({ record: standing.record, reason: "it is not a HubSpot contact" })
    else if (wanted.has(id))
      failed.push({
        record: standing.record,
        reason: `${standing.program}: a contact shows one program, and shows another already`,
      })
    else wanted.set(id, wantedOf(id, standing, prefix))
  }
  return { wanted: [...wanted.values()], failed }
}
