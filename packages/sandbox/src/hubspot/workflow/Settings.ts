/** What can be set about a portal's workflows: the plan, how long an action may take, what its requests carry. */
import { z } from "zod"

export const shape = z.strictObject({
  /** Workflows with apps' actions need Professional (verified in the specification's tiers). */
  plan: z.enum(["FREE", "STARTER", "PROFESSIONAL", "ENTERPRISE"]).optional(),
  /** Of the real clock; how long HubSpot waits for an action is not documented. */
  answerTimeoutMillis: z.int().min(10).max(60_000).optional(),
  /** `fields`, `typedInputs` and execution indexes besides what is documented, as seen in 2025 and 2026 (reported). */
  extendedPayload: z.boolean().optional(),
  /** Whose time the signatures carry. */
  signatureClock: z.enum(["REAL", "VIRTUAL"]).optional(),
})

export interface Settings {
  readonly plan: "FREE" | "STARTER" | "PROFESSIONAL" | "ENTERPRISE"
  readonly answerTimeoutMillis: number
  readonly extendedPayload: boolean
  readonly signatureClock: "REAL" | "VIRTUAL"
}

/** 30 s is documented for the older webhooks of workflows. */
export const initial: Settings = {
  plan: "ENTERPRISE",
  answerTimeoutMillis: 30_000,
  extendedPayload: true,
  signatureClock: "REAL",
}

export const hasWorkflows = ({ plan }: Settings): boolean => plan === "PROFESSIONAL" || plan === "ENTERPRISE"
