/**
 * What a control endpoint is, what it answers, and how it reads the fields of its body. Problems are told in words that
 * name the field.
 */

import type { Surface } from "./HttpSurface.ts"

export interface ControlAnswer {
  readonly status: number
  readonly body: unknown
}

/** By method and route; the body is undefined where the method has none. */
export type ControlRoutes = Readonly<
  Record<string, (surface: Surface, body: unknown) => ControlAnswer | Promise<ControlAnswer>>
>

export const done = (body: unknown): ControlAnswer => ({ status: 200, body })
export const wrong = (problem: string, status = 400): ControlAnswer => ({ status, body: { error: problem } })

export const objectOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Readonly<Record<string, unknown>>) : {}

/** The texts under that name; undefined when the field is there and no list of texts. */
export const textsOf = (body: unknown, name: string): ReadonlyArray<string> | undefined => {
  const value = objectOf(body)[name] ?? []
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined
}

export const isInstant = (value: unknown): value is string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value))
