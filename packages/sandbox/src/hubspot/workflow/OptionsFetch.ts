/**
 * What HubSpot's editor does when somebody fills in an input whose options the app gives: asks `optionsUrl` for a page of
 * them, signed as an execution is. An answer of another shape than documented is refused here, and told exactly.
 */
import { z } from "zod"
import { ApiError, invalid } from "../ApiError.ts"
import { infer } from "../ObjectTypes.ts"
import * as ActionCall from "./ActionCall.ts"
import { latest } from "./ActionDefinition.ts"
import { originOf } from "./ActionRequest.ts"
import * as ValueSource from "./ValueSource.ts"
import type { ActionStepContext } from "./ActionStep.ts"

export const request = z.strictObject({
  action: z.string().min(1),
  inputFieldName: z.string().min(1),
  objectType: z.enum(["CONTACT", "DEAL"]).default("CONTACT"),
  inputFields: z.record(z.string(), ValueSource.shape).default({}),
  q: z.string().optional(),
  after: z.string().optional(),
})

const answer = z.strictObject({
  options: z.array(
    z.strictObject({
      label: z.string().min(1),
      value: z.string().min(1),
      description: z.string().optional(),
    }),
  ),
  after: z.string().nullish(),
  searchable: z.boolean().nullish(),
})

export type OptionsRequest = z.input<typeof request>
export type OptionsPage = z.output<typeof answer>

const wrong = (message: string): ApiError => new ApiError(502, "OPTIONS_FETCH_FAILED", message)

/** Values of other inputs go along as they are in the editor, not resolved (documented). */
const inputFieldsOf = (inputs: z.output<typeof request>["inputFields"]) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, source]) => [
      name,
      source.type === "STATIC_VALUE"
        ? { type: source.type, value: String(source.value) }
        : source.type === "OBJECT_PROPERTY"
          ? { type: source.type, propertyName: source.propertyName }
          : { type: "FIELD_DATA", actionId: source.step, dataKey: source.output },
    ]),
  )

export const fetchOptions = async (
  { realNow, secret, signal, state }: ActionStepContext,
  wanted: z.output<typeof request>,
): Promise<OptionsPage> => {
  const action = state.automation.action(wanted.action)
  const field =
    action && latest(action).body.inputFields.find((one) => one.typeDefinition.name === wanted.inputFieldName)
  const url = field?.typeDefinition.optionsUrl
  if (action === undefined || url === undefined)
    throw invalid(`"${wanted.inputFieldName}" of "${wanted.action}" is no input that fetches its options`)
  const body = JSON.stringify({
    origin: originOf(state, action),
    objectTypeId: infer(wanted.objectType).typeId,
    inputFieldName: wanted.inputFieldName,
    inputFields: inputFieldsOf(wanted.inputFields),
    fetchOptions: { q: wanted.q ?? null, after: wanted.after ?? null },
  })
  const { answerTimeoutMillis, signatureClock } = state.automation.settings
  const result = await ActionCall.post(url, body, {
    secret,
    timestampMillis: signatureClock === "REAL" ? realNow() : Date.parse(state.now),
    timeoutMillis: answerTimeoutMillis,
    signal,
  })
  if (result.kind !== "answered") throw wrong(`${url} gave no answer: ${result.kind}`)
  if (result.status !== 200) throw wrong(`${url} answered ${result.status}`)
  let parsed: unknown
  try {
    parsed = JSON.parse(result.body)
  } catch {
    throw wrong(`The answer of ${url} is not JSON`)
  }
  const read = answer.safeParse(parsed)
  if (read.success) return read.data
  throw wrong(
    `The answer of ${url}: ${read.error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`).join("; ")}`,
  )
}
