/**
 * An app's workflow action as the portal keeps it: all its revisions, the latest last. Runs execute the latest one
 * (unverified: a workflow may stay at the revision it was built with).
 *
 * Deleting archives. An action that is unpublished or archived cannot be put into a new workflow; where it is used
 * already it goes on running (documented for unpublishing, unverified for archiving).
 */
import type { SharedMembers } from "./ActionShape.ts"
import type { Json } from "../RequestBody.ts"

export const functionTypes = [
  "PRE_ACTION_EXECUTION",
  "PRE_FETCH_OPTIONS",
  "POST_FETCH_OPTIONS",
  "POST_ACTION_EXECUTION",
] as const

export interface ActionFunction {
  readonly functionType: (typeof functionTypes)[number]
  /** The input field, for options. */
  readonly id?: string | undefined
  readonly functionSource: string
}

export interface ActionBody extends SharedMembers {
  readonly published: boolean
}

export interface ActionRevision {
  /** 1, 2, ... */
  readonly number: number
  readonly createdAt: string
  readonly body: ActionBody
}

export interface ActionDefinition {
  readonly id: string
  /** Of the project file that defines it; null where it was made over REST. */
  readonly uid: string | null
  readonly revisions: ReadonlyArray<ActionRevision>
  readonly functions: ReadonlyArray<ActionFunction>
  readonly requiresObject: boolean
  readonly archivedAt: string | null
}

export const latest = (action: ActionDefinition): ActionRevision => {
  const revision = action.revisions.at(-1)
  if (revision === undefined) throw new Error(`The action ${action.id} has no revision.`)
  return revision
}

export const revised = (action: ActionDefinition, body: ActionBody, createdAt: string): ActionDefinition => ({
  ...action,
  revisions: [...action.revisions, { number: latest(action).number + 1, createdAt, body }],
})

export const usable = (action: ActionDefinition): boolean => action.archivedAt === null && latest(action).body.published

const field = <A extends { readonly typeDefinition: { readonly options?: unknown; readonly optionsUrl?: unknown } }>(
  one: A,
): Json => ({
  ...one,
  typeDefinition: {
    options: [],
    externalOptions: one.typeDefinition.optionsUrl !== undefined,
    ...one.typeDefinition,
  },
})

/** As the definitions API prints it; the sources of functions are not told. */
export const toWire = (action: ActionDefinition, revision = latest(action)): Json => {
  const { body } = revision
  return {
    id: action.id,
    revisionId: String(revision.number),
    ...body,
    inputFields: body.inputFields.map((one) => ({ isRequired: false, ...field(one) })),
    outputFields: (body.outputFields ?? []).map(field),
    inputFieldDependencies: body.inputFieldDependencies ?? [],
    executionRules: body.executionRules ?? [],
    functions: action.functions.map(({ functionType, id }) => ({ functionType, ...(id === undefined ? {} : { id }) })),
    ...(action.archivedAt === null ? {} : { archivedAt: Date.parse(action.archivedAt) }),
  }
}

export const revisionToWire = (action: ActionDefinition, revision: ActionRevision): Json => ({
  id: String(revision.number),
  revisionId: String(revision.number),
  createdAt: revision.createdAt,
  definition: toWire(action, revision),
})
