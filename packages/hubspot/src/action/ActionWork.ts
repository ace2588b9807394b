/**
 * Answers executions of workflow actions in time, and works off those that were not.
 *
 * Promises: an answer within the time, or a block that is kept before it is answered, so that a crash loses none; what is kept is done
 * and HubSpot told, at once or after a restart, once HubSpot can be reached; a trouble of ours or of a platform is no outcome: HubSpot asks again.
 */
import { Inbox, type InboxRow } from "@advocacy-kit/core/connector/Inbox"
import { Clock, Effect, Fiber, Option } from "effect"
import { kept, restored, type ActionCall } from "./ActionCall.ts"
import { type ActionOutcome, blocked, outputFields, type Outputs } from "./ActionOutcome.ts"
import { HubSpotActions } from "./HubSpotActions.ts"

/** Under this name blocked executions stand among the messages. */
export const source = "hubspot-actions"

/** HubSpot does not say how long it waits for an action; others report 20 s and more. */
const answerMillis = 2_500
/** A workflow goes on by itself after this. */
const expires = "P1D"
const rowsPerRead = 50

/** HubSpot has to have the block before it takes the end. */
const afterBlock = "2 seconds"

/** Goes on with an execution that was blocked; where that fails, or HubSpot does not take it, the message waits for `workOff`. */
const goOn = Effect.fnUntraced(function* (
  doing: Fiber.Fiber<ActionOutcome, unknown>,
  callbackId: string,
  eventKey: string,
) {
  const actions = yield* HubSpotActions
  const outcome = yield* Fiber.join(doing)
  yield* Effect.sleep(afterBlock)
  if (yield* actions.complete(callbackId, outcome)) yield* (yield* Inbox).settle(source, [eventKey])
})

/** What to answer: the outcome's outputs, or a block where it takes longer than `withinMillis`. */
export const answer = Effect.fn("ActionWork.answer")(function* (call: ActionCall, withinMillis: number = answerMillis) {
  const actions = yield* HubSpotActions
  const inbox = yield* Inbox
  const receivedAt = yield* Clock.currentTimeMillis
  const doing = yield* Effect.forkDetach(actions.perform(call, receivedAt))
  const done = yield* Effect.timeoutOption(Fiber.join(doing), withinMillis)
  if (Option.isSome(done)) return outputFields(done.value)
  const eventKey = `${call.callbackId} ${receivedAt}`
  yield* inbox.accept([{ source, eventKey, topic: call.action, receivedAt, body: kept(call) }])
  yield* Effect.forkDetach(Effect.ignore(goOn(doing, call.callbackId, eventKey)))
  return blocked(expires) satisfies Outputs
})

/** What becomes of one: null once HubSpot was told, else why nobody can be told any more. */
const finish = Effect.fnUntraced(function* ({ body, receivedAt }: InboxRow) {
  const actions = yield* HubSpotActions
  const call = restored(body)
  if (call === null) return "the message is no execution of a workflow action"
  const outcome = yield* actions.perform(call, receivedAt)
  if (yield* actions.complete(call.callbackId, outcome)) return null
  return `HubSpot does not wait for ${call.callbackId} any more; it ended as ${outcome.state}`
})

/**
 * Does what was blocked and completes it; answers how many. A platform or store that is away for now ends it, and the rest stays;
 * what can never be completed is parked.
 */
export const workOff = Effect.fn("ActionWork.workOff")(function* () {
  const inbox = yield* Inbox
  let completed = 0
  for (;;) {
    const rows = yield* inbox.claim(source, rowsPerRead)
    if (rows.length === 0) return completed
    for (const row of rows) {
      const parked = yield* finish(row).pipe(
        Effect.catchIf(
          (error) => error._tag === "SourceError" && !error.isRetryable,
          (error) => Effect.succeed(`${error._tag}: ${error.message}`),
        ),
      )
      if (parked === null) {
        yield* inbox.settle(source, [row.eventKey])
        completed++
      } else yield* inbox.park(source, new Map([[row.eventKey, parked]]))
    }
  }
})
