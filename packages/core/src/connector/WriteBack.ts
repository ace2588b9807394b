/**
 * Shows a person's standing where marketers work: on the platform's own record.
 *
 * One flow for every platform: observe, ensure, write the difference. Writing the same standing twice sends nothing the
 * second time, and what we wrote ourselves never counts as news.
 */
import { Context, type Effect } from "effect"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { SourceError } from "./FactSource.ts"

/** What is shown of one person in one program. */
export interface Standing {
  /** The platform's record, such as `hubspot:contact/9`. */
  readonly record: Handle
  readonly program: string
  readonly status: "candidate" | "active"
  readonly score: number | null
  readonly code: string | null
  readonly link: string | null
  readonly referralsSent: number
  readonly referralsConverted: number
  /** The name of the highest tier; null: none. */
  readonly tier: string | null
  /** That can be taken now, and all that were ever credited; null where the program has none. */
  readonly points: { readonly available: bigint; readonly ever: bigint } | null
  /** Decimal strings in the program's currency. */
  readonly rewardsEarned: string
  readonly lastActivityAt: Instant | null
  readonly lastNps: number | null
  readonly referredByCode: string | null
}

/** An advocate brought a friend, both known to the platform. */
export interface ReferralLink {
  readonly advocate: Handle
  readonly friend: Handle
}

export interface WriteBackReport {
  readonly unchanged: number
  readonly written: number
  readonly linked: number
  readonly failed: ReadonlyArray<{ readonly record: string; readonly reason: string }>
}

export class WriteBack extends Context.Service<
  WriteBack,
  {
    readonly write: (
      standings: ReadonlyArray<Standing>,
      links: ReadonlyArray<ReferralLink>,
    ) => Effect.Effect<WriteBackReport, SourceError, CurrentTenant>
  }
>()("@advocacy-kit/core/connector/WriteBack") {}
