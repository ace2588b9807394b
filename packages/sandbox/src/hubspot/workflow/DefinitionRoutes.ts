/**
 * The definitions API of an app's workflow actions: create, list, read, change, archive, their revisions, and whether
 * they need a record. Every change is a revision (documented).
 *
 * What a change leaves out stays; `functions` of an action that a project defines cannot be changed (reported: they are
 * dropped in silence; so here).
 */
import { z } from "zod"
import { invalid, notFound } from "../ApiError.ts"
import { appId } from "../LivePhase.ts"
import { limitOf } from "../ObjectRoutes.ts"
import { param } from "../Route.ts"
import { functionTypes, latest, revised, revisionToWire, toWire } from "./ActionDefinition.ts"
import { inconsistencies, members } from "./ActionShape.ts"
import type { ErrorDetail } from "../ApiError.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { Json } from "../RequestBody.ts"
import type { ApiRequest, ApiResponse, Route } from "../Route.ts"
import type { ActionBody, ActionDefinition } from "./ActionDefinition.ts"

const actionFunction = z.strictObject({
  functionType: z.enum(functionTypes),
  functionSource: z.string().min(1),
  id: z.string().optional(),
})

const changeable = { ...members, published: z.boolean() }
const creation = z.strictObject({
  ...changeable,
  published: z.boolean().default(false),
  functions: z.array(actionFunction).default([]),
  archivedAt: z.number().optional(),
})
const patch = z.strictObject(changeable).partial().extend({ functions: z.unknown().optional() })

const shaped = <A>(shape: z.ZodType<A>, body: Json): A => {
  const read = shape.safeParse(body)
  if (read.success) return read.data
  const errors = read.error.issues.map((issue): ErrorDetail => ({
    message: `${issue.path.map(String).join(".")}: ${issue.message}`,
  }))
  throw invalid(`Invalid input JSON: ${errors.map(({ message }) => message).join("; ")}`, errors)
}

const consistent = (body: ActionBody): ActionBody => {
  const errors = inconsistencies(body).map(({ message, path }): ErrorDetail => ({
    message: `${path.join(".")}: ${message}`,
  }))
  if (errors.length > 0) throw invalid(errors.map(({ message }) => message).join("; "), errors)
  return body
}

const checkApp = (request: ApiRequest): void => {
  if (param(request, "appId") !== String(appId)) throw notFound(`This portal's app is ${appId}`)
}

/** Archived definitions only when asked for. */
export const definitionOf = (request: ApiRequest, state: HubSpotState): ActionDefinition => {
  checkApp(request)
  const id = param(request, "definitionId")
  const action = state.automation.actions.get(id)
  const archived = request.query.get("archived") === "true"
  if (action === undefined || (action.archivedAt !== null) !== archived) throw notFound(`No action definition ${id}`)
  return action
}

/** A page of a list, by position. */
const page = <A>(request: ApiRequest, all: ReadonlyArray<A>, print: (one: A) => Json): ApiResponse => {
  const limit = limitOf(request.query.get("limit"), 100, 100)
  const from = Number(request.query.get("after") ?? 0)
  if (!Number.isInteger(from) || from < 0) throw invalid("after must be a cursor of this list")
  const results = all.slice(from, from + limit).map(print)
  const more = from + limit < all.length ? { paging: { next: { after: String(from + limit), link: "" } } } : {}
  return { status: 200, body: { results, ...more } }
}

const list = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  checkApp(request)
  const archived = request.query.get("archived") === "true"
  const all = [...state.automation.actions.values()].filter((action) => (action.archivedAt !== null) === archived)
  return page(request, all, (action) => toWire(action))
}

const create = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  checkApp(request)
  const { archivedAt: _, functions, ...body } = shaped(creation, request.body)
  const action: ActionDefinition = {
    id: state.automation.newActionId(),
    uid: null,
    revisions: [{ number: 1, createdAt: state.tick(), body: consistent(body) }],
    functions,
    requiresObject: true,
    archivedAt: null,
  }
  state.commit([{ op: "action", action }])
  return { status: 201, body: toWire(action) }
}

const change = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const before = definitionOf(request, state)
  const { functions: _, ...given } = shaped(patch, request.body)
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const body: ActionBody = consistent({ ...latest(before).body, ...said })
  const action = revised(before, body, state.tick())
  state.commit([{ op: "action", action }])
  return { status: 200, body: toWire(action) }
}

const archive = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const action = definitionOf(request, state)
  state.commit([{ op: "action", action: { ...action, archivedAt: state.tick() } }])
  return { status: 204 }
}

const revisions = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const action = definitionOf(request, state)
  return page(request, [...action.revisions].reverse(), (revision) => revisionToWire(action, revision))
}

const revision = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const action = definitionOf(request, state)
  const id = param(request, "revisionId")
  const found = action.revisions.find(({ number }) => String(number) === id)
  if (found === undefined) throw notFound(`No revision ${id} of action definition ${action.id}`)
  return { status: 200, body: revisionToWire(action, found) }
}

const requireObject = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const action = definitionOf(request, state)
  const { requiresObject } = shaped(z.strictObject({ requiresObject: z.boolean() }), request.body)
  state.commit([{ op: "action", action: { ...action, requiresObject } }])
  return { status: 200, body: { requiresObject } }
}

export const routes: ReadonlyArray<Route> = [
  { method: "GET", pattern: "actions/:appId", handle: list },
  { method: "POST", pattern: "actions/:appId", handle: create },
  {
    method: "GET",
    pattern: "actions/:appId/:definitionId",
    handle: (r, s) => ({ status: 200, body: toWire(definitionOf(r, s)) }),
  },
  { method: "PATCH", pattern: "actions/:appId/:definitionId", handle: change },
  { method: "DELETE", pattern: "actions/:appId/:definitionId", handle: archive },
  { method: "GET", pattern: "actions/:appId/:definitionId/revisions", handle: revisions },
  { method: "GET", pattern: "actions/:appId/:definitionId/revisions/:revisionId", handle: revision },
  { method: "POST", pattern: "actions/:appId/:definitionId/requires-object", handle: requireObject },
]
