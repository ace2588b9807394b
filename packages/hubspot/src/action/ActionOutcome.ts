/**
 * What an action ends in, as HubSpot takes it: outputs for later steps, and whether the step counts as done.
 *
 * Promises: a refusal is an answer, never an HTTP error: HubSpot shows the message of its `errorCode`, and the workflow goes on. The
 * table from our refusals to these codes is exhaustive.
 */
import type { CommandReason } from "@advocacy-kit/core/flow/CommandError"
import type { OutputField } from "./ActionDefinition.ts"

export type OutputValue = string | number | boolean
export type Outputs = Readonly<Record<string, OutputValue>>

/** Why a step did not do what it is for, and what a marketer reads. */
export const errorCodes = {
  NOT_FOUND: "The contact or record is not known to the advocacy program",
  NOT_ENROLLED: "The contact is not enrolled in the program",
  OPTED_OUT: "The contact does not want to be asked",
  ASKED_LATELY: "The contact was asked for something a short while ago",
  PROGRAM_CLOSED: "The program is not in force",
  NOT_ENOUGH: "The contact has less than what would be taken",
  INVALID_INPUT: "A field of this step is not filled in correctly",
  CONFLICT: "The same key was used for something else",
} as const
export type ErrorCode = keyof typeof errorCodes

/** Every action has these beside its own. */
export const commonOutputs: ReadonlyArray<OutputField> = [
  { name: "errorCode", type: "string", label: "Error code" },
  { name: "errorMessage", type: "string", label: "Error message" },
]

export type ActionOutcome =
  | { readonly state: "SUCCESS"; readonly outputs: Outputs }
  | { readonly state: "FAIL_CONTINUE"; readonly errorCode: ErrorCode; readonly message: string }

export const succeeded = (outputs: Outputs): ActionOutcome => ({ state: "SUCCESS", outputs })

export const failed = (errorCode: ErrorCode, message: string): ActionOutcome => ({
  state: "FAIL_CONTINUE",
  errorCode,
  message,
})

const codes: { readonly [Tag in CommandReason["_tag"]]: ErrorCode } = {
  NotEnough: "NOT_ENOUGH",
  UnknownPerson: "NOT_FOUND",
  UnknownProgram: "PROGRAM_CLOSED",
  UnknownOffer: "INVALID_INPUT",
  UnknownUnit: "INVALID_INPUT",
  KeyUsedOtherwise: "CONFLICT",
  BadAmount: "INVALID_INPUT",
  SamePerson: "INVALID_INPUT",
  UnknownCredit: "NOT_FOUND",
  NotHeld: "NOT_FOUND",
  NeedsBeneficiary: "CONFLICT",
  NoConsent: "OPTED_OUT",
  AskedLately: "ASKED_LATELY",
}

/** A refused command; its message names handles, never somebody's name or address. */
export const refused = (reason: CommandReason): ActionOutcome =>
  failed(codes[reason._tag], `${reason.message}: ${reason.remedy}`)

/** The `outputFields` of an answer or a callback. */
export const outputFields = (outcome: ActionOutcome): Outputs =>
  outcome.state === "SUCCESS"
    ? { errorCode: "", errorMessage: "", ...outcome.outputs, hs_execution_state: "SUCCESS" }
    : {
        errorCode: outcome.errorCode,
        errorMessage: outcome.message.slice(0, 1_000),
        hs_execution_state: "FAIL_CONTINUE",
      }

/** Holds the workflow until we call back; HubSpot goes on by itself after the time. */
export const blocked = (expires: string): Outputs => ({ hs_execution_state: "BLOCK", hs_expiration_duration: expires })
