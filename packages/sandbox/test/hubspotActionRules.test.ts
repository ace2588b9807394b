/** The pure rules of the workflow runner: signatures, durations, retries, what answers mean. */
import { expect, it } from "vitest"
import { signSecond } from "../src/hubspot/workflow/ActionSignature.ts"
import { judge } from "../src/hubspot/workflow/ActionVerdict.ts"
import * as IsoDuration from "../src/hubspot/workflow/IsoDuration.ts"
import * as RetrySchedule from "../src/hubspot/workflow/RetrySchedule.ts"
import { secret } from "./hubspotPortal.ts"

it("signs as the published example of the second version does", () => {
  expect(signSecond(secret, "https://www.example.com/webhook_uri", '{"example_field":"example_value"}')).toBe(
    "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
  )
})

it.each([
  ["PT1H", 3_600_000],
  ["PT90S", 90_000],
  ["P1WT1H", 608_400_000],
  ["P7DT12H", 648_000_000],
  ["P1M", null],
  ["P", null],
  ["PT", null],
  ["P1DT", null],
  ["1 hour", null],
])("reads the duration %s", (text, millis) => {
  expect(IsoDuration.parse(text)).toBe(millis)
})

it("tries again until three days are over, and last at their end", () => {
  const day = 86_400_000
  expect(RetrySchedule.nextAt(0, 0, 1, null)).toBe(60_000)
  expect(RetrySchedule.nextAt(0, day, 9, null)).toBe(day + 256 * 60_000)
  expect(RetrySchedule.nextAt(0, day, 10, null)).toBe(day + 8 * 3_600_000)
  expect(RetrySchedule.nextAt(0, 3 * day - 1, 20, null)).toBe(3 * day)
  expect(RetrySchedule.nextAt(0, 3 * day, 21, null)).toBeNull()
  expect(RetrySchedule.nextAt(0, day, 1, 2 * day)).toBe(3 * day)
  expect(RetrySchedule.nextAt(0, day, 1, 2 * day + 1)).toBeNull()
})

const answered = (status: number, body: unknown = "", retryAfter: string | null = null) =>
  judge([], { kind: "answered", status, retryAfter, body: typeof body === "string" ? body : JSON.stringify(body) })

it("takes answers for what they mean to HubSpot", () => {
  const state = (hs_execution_state: string, more: object = {}) =>
    answered(200, { outputFields: { hs_execution_state, ...more } })
  expect(answered(204).kind).toBe("success")
  expect(answered(200, "[]")).toMatchObject({ kind: "success", problems: [expect.stringContaining("no JSON object")] })
  expect(state("FAIL_CONTINUE").kind).toBe("failed")
  expect(state("BLOCK").expiresInMillis).toBe(IsoDuration.weekMillis)
  expect(state("BLOCK", { hs_expiration_duration: "PT5M" }).expiresInMillis).toBe(300_000)
  expect(state("BLOCK", { hs_expiration_duration: "soon" })).toMatchObject({
    kind: "blocked",
    expiresInMillis: IsoDuration.weekMillis,
    problems: [expect.stringContaining('not "soon"')],
  })
  expect(state("ASYNC")).toMatchObject({ kind: "blocked", problems: [expect.stringContaining("not documented")] })
  expect(answered(404).kind).toBe("failed")
  expect(answered(429)).toMatchObject({ kind: "retry", retryAfterMillis: null })
  expect(answered(429, "", "30")).toMatchObject({
    retryAfterMillis: 30,
    problems: ["Retry-After: 30 means 30 milliseconds to HubSpot"],
  })
  expect(answered(429, "", "Wed, 21 Oct 2026 07:28:00 GMT")).toMatchObject({ kind: "retry", retryAfterMillis: null })
  expect(answered(502).kind).toBe("retry")
  expect(judge([], { kind: "timed-out" }).kind).toBe("retry")
})
