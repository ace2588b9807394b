/**
 * What can happen to a portal. A commit is a list of these, written to the log as one line before it is
 * applied, so that a batch is on record wholly or not at all.
 */
import type { AssociationType } from "./AssociationType.ts"
import type { RecordRef } from "./AssociationGraph.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import type { PropertyDefinition, PropertyGroup } from "./PropertyDefinition.ts"
import type { StoredRecord } from "./StoredRecord.ts"
import type { AutomationChange } from "./workflow/AutomationState.ts"

export type Change =
  | { readonly op: "record"; readonly name: ObjectName; readonly record: StoredRecord }
  | { readonly op: "erase"; readonly name: ObjectName; readonly id: string }
  /** `from` was merged into `to`: the record goes, the id keeps resolving, associations move. */
  | { readonly op: "forward"; readonly name: ObjectName; readonly from: string; readonly to: string }
  | { readonly op: "link"; readonly from: RecordRef; readonly to: RecordRef; readonly kind: AssociationType }
  | {
      readonly op: "unlink"
      readonly from: RecordRef
      readonly to: RecordRef
      /** `null`: all of them. */
      readonly kind: AssociationType | null
    }
  | { readonly op: "definition"; readonly name: ObjectName; readonly definition: PropertyDefinition }
  | { readonly op: "group"; readonly name: ObjectName; readonly group: PropertyGroup }
  | { readonly op: "label"; readonly kind: AssociationType }
  /** The world's live change at this index has been applied. */
  | { readonly op: "live"; readonly index: number }
  /** The receiver has acknowledged this delivery. */
  | { readonly op: "acknowledged"; readonly delivery: string }
  /** Nothing but the clock of the commit. */
  | { readonly op: "clock" }
  | AutomationChange

export interface Commit {
  /** The portal's clock after the commit, in milliseconds. */
  readonly clock: number
  readonly changes: ReadonlyArray<Change>
}
