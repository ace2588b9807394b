/**
 * The portal's memory: filled from a world, changed by commits, rebuilt from the log on the next start.
 *
 * Its clock is virtual: it begins at the world's present and moves one millisecond per write, and as far as it is
 * told, so that two runs write the same instants. What a change enrols in workflows is part of its commit. New ids follow the highest id the world uses, now or later. Lookups resolve ids
 * that were merged away.
 */
import { AssociationGraph } from "./AssociationGraph.ts"
import { open } from "./ChangeLog.ts"
import { defaultType } from "./AssociationType.ts"
import { objectNames, objectTypes } from "./ObjectTypes.ts"
import * as Catalogue from "./PropertyCatalogue.ts"
import { compareIds, emailsOf } from "./StoredRecord.ts"
import { AutomationState } from "./workflow/AutomationState.ts"
import { enrolments } from "./workflow/Enrolment.ts"
import type { World } from "../world/World.ts"
import type { RecordRef } from "./AssociationGraph.ts"
import type { AssociationType } from "./AssociationType.ts"
import type { Change, Commit } from "./Change.ts"
import type { ChangeLog } from "./ChangeLog.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import type { PropertyDefinition, PropertyGroup } from "./PropertyDefinition.ts"
import type { StoredRecord } from "./StoredRecord.ts"

class Table {
  readonly records = new Map<string, StoredRecord>()
  readonly forwards = new Map<string, string>()
  readonly definitions = new Map<string, PropertyDefinition>()
  readonly groups = new Map<string, PropertyGroup>()
  /** Property and value to the id of the record that holds it. */
  readonly unique = new Map<string, string>()
  sortedIds: ReadonlyArray<string> | null = null
}

/** The part of a world that HubSpot knows. */
export type PortalWorld = Pick<World, "brand" | "portal" | "live">

export class HubSpotState {
  readonly world: PortalWorld
  readonly associations = new AssociationGraph()
  /** Kinds defined and pairs linked by clients, in the order they came. */
  readonly clientLabels: Array<AssociationType> = []
  readonly clientLinks = new Map<string, { readonly from: RecordRef; readonly to: RecordRef }>()
  readonly clientDefinitions: Array<{ readonly objectType: ObjectName; readonly name: string }> = []
  readonly applied = new Set<number>()
  readonly acknowledged = new Set<string>()
  readonly automation: AutomationState
  /** Commits so far: tells whether a request changed anything. */
  commits = 0
  readonly #tables: Readonly<Record<ObjectName, Table>>
  readonly #log: ChangeLog
  #clock: number
  #lastId = "1000"

  constructor(world: PortalWorld, directory: string) {
    this.world = world
    this.#clock = Date.parse(world.brand.now)
    this.automation = new AutomationState(world.brand.seed)
    this.#tables = Object.fromEntries(objectNames.map((name) => [name, new Table()])) as Record<ObjectName, Table>
    this.#load()
    const { entries, log } = open(directory, "hubspot.ndjson")
    this.#log = log
    const identity = { portal: world.brand.portalId, seed: world.brand.seed, now: world.brand.now }
    const first = entries[0]
    if (first === undefined) log.append(identity)
    else if (JSON.stringify(first) !== JSON.stringify(identity)) {
      throw new Error(`${directory} holds the state of another world. Remove it, or name another directory.`)
    }
    for (const entry of entries.slice(1) as ReadonlyArray<Commit>) this.#apply(entry)
  }

  close(): void {
    this.#log.close()
  }

  get now(): string {
    return new Date(this.#clock).toISOString()
  }

  /** The instant of the next write. */
  tick(): string {
    this.#clock += 1
    return this.now
  }

  /** Forward only: an instant that is past changes nothing. */
  moveClock(toMillis: number): void {
    if (toMillis <= this.#clock) return
    this.#clock = toMillis
    this.commit([{ op: "clock" }])
  }

  newId(): string {
    this.#lastId = String(BigInt(this.#lastId) + 1n)
    return this.#lastId
  }

  commit(changes: ReadonlyArray<Change>): void {
    if (changes.length === 0) return
    const entry: Commit = { clock: this.#clock, changes: [...changes, ...enrolments(this, changes)] }
    this.#log.append(entry)
    this.#apply(entry)
    this.commits += 1
  }

  get(name: ObjectName, id: string): StoredRecord | undefined {
    return this.#tables[name].records.get(id)
  }

  /** The present record of an id, also of one that was merged away. */
  resolve(name: ObjectName, id: string): StoredRecord | undefined {
    const table = this.#tables[name]
    return table.records.get(id) ?? table.records.get(table.forwards.get(id) ?? "")
  }

  byUnique(name: ObjectName, property: string, value: string): StoredRecord | undefined {
    const table = this.#tables[name]
    return table.records.get(table.unique.get(uniqueKey(property, value)) ?? "")
  }

  ids(name: ObjectName): ReadonlyArray<string> {
    const table = this.#tables[name]
    table.sortedIds ??= [...table.records.keys()].sort(compareIds)
    return table.sortedIds
  }

  definition(name: ObjectName, property: string): PropertyDefinition | undefined {
    return this.#tables[name].definitions.get(property)
  }

  definitions(name: ObjectName): ReadonlyArray<PropertyDefinition> {
    return [...this.#tables[name].definitions.values()]
  }

  group(name: ObjectName, group: string): PropertyGroup | undefined {
    return this.#tables[name].groups.get(group)
  }

  groups(name: ObjectName): ReadonlyArray<PropertyGroup> {
    return [...this.#tables[name].groups.values()]
  }

  #load(): void {
    for (const name of objectNames) {
      for (const group of Catalogue.groups(name)) this.#tables[name].groups.set(group.name, group)
      for (const one of Catalogue.definitions(name)) this.#tables[name].definitions.set(one.name, one)
    }
    const { portal, live } = this.world
    this.#loadRecords("contacts", portal.contacts)
    this.#loadRecords("companies", portal.companies)
    this.#loadRecords("deals", portal.deals)
    this.#loadRecords("feedback_submissions", portal.feedbackSubmissions)
    this.#loadForwards()
    for (const change of live) {
      if (change.kind !== "crm.contact" && change.kind !== "crm.deal") continue
      this.#checkProperties(change.kind === "crm.contact" ? "contacts" : "deals", change.after)
      this.#reserve(change.after.id)
    }
    for (const { fromType, fromId, toType, toId } of portal.associations) {
      const kind = defaultType(fromType, toType)
      if (kind === undefined)
        throw new Error(`The world associates ${fromType} with ${toType}, which HubSpot does not.`)
      this.associations.link({ name: fromType, id: fromId }, { name: toType, id: toId }, kind)
    }
  }

  #loadForwards(): void {
    const next = new Map(this.world.portal.forwards.map(({ from, to }) => [from, to]))
    for (const { from } of this.world.portal.forwards) {
      let to = from
      for (let hops = 0; next.has(to) && hops <= next.size; hops += 1) to = next.get(to) as string
      const table = objectNames.map((name) => this.#tables[name]).find(({ records }) => records.has(to))
      if (table === undefined)
        throw new Error(`The world forwards ${from} to ${to}, which no object of the portal has.`)
      table.forwards.set(from, to)
    }
  }

  #loadRecords(name: ObjectName, records: ReadonlyArray<StoredRecord>): void {
    for (const record of records) {
      this.#checkProperties(name, record)
      this.#put(name, record)
    }
  }

  #checkProperties(name: ObjectName, record: StoredRecord): void {
    for (const property of Object.keys(record.properties)) {
      if (this.definition(name, property) === undefined) {
        throw new Error(
          `The world sets "${property}" on ${objectTypes[name].singular} ${record.id}, a property the portal does not define. Add it to PropertyCatalogue.ts.`,
        )
      }
    }
  }

  #apply({ clock, changes }: Commit): void {
    this.#clock = clock
    for (const change of changes) this.#applyOne(change)
  }

  #applyOne(change: Change): void {
    switch (change.op) {
      case "record":
        return this.#put(change.name, change.record)
      case "erase":
        this.#remove(change.name, change.id)
        return this.#dropLinks({ name: change.name, id: change.id })
      case "forward":
        return this.#forward(change.name, change.from, change.to)
      case "link":
        this.associations.link(change.from, change.to, change.kind)
        this.clientLinks.set(pairKey(change.from, change.to), { from: change.from, to: change.to })
        return
      case "unlink":
        this.associations.unlink(change.from, change.to, change.kind ?? undefined)
        if (this.associations.between(change.from, change.to).length === 0) {
          this.clientLinks.delete(pairKey(change.from, change.to))
          this.clientLinks.delete(pairKey(change.to, change.from))
        }
        return
      case "definition": {
        const { definitions } = this.#tables[change.name]
        if (!definitions.has(change.definition.name)) {
          this.clientDefinitions.push({ objectType: change.name, name: change.definition.name })
        }
        definitions.set(change.definition.name, change.definition)
        return
      }
      case "group":
        this.#tables[change.name].groups.set(change.group.name, change.group)
        return
      case "label":
        this.associations.define(change.kind)
        this.clientLabels.push(change.kind)
        return
      case "live":
        this.applied.add(change.index)
        return
      case "acknowledged":
        this.acknowledged.add(change.delivery)
        return
      case "clock":
        return
      default:
        this.automation.apply(change)
    }
  }

  #put(name: ObjectName, record: StoredRecord): void {
    const table = this.#tables[name]
    const before = table.records.get(record.id)
    if (before === undefined) table.sortedIds = null
    else this.#unindex(name, before)
    table.records.set(record.id, record)
    this.#reserve(record.id)
    if (record.archived) return
    for (const key of this.#uniqueKeys(name, record)) if (!table.unique.has(key)) table.unique.set(key, record.id)
  }

  #remove(name: ObjectName, id: string): void {
    const table = this.#tables[name]
    const record = table.records.get(id)
    if (record === undefined) return
    this.#unindex(name, record)
    table.records.delete(id)
    table.sortedIds = null
  }

  #forward(name: ObjectName, from: string, to: string): void {
    const { forwards } = this.#tables[name]
    for (const [old, target] of forwards) if (target === from) forwards.set(old, to)
    forwards.set(from, to)
    this.associations.move({ name, id: from }, { name, id: to })
    this.#remove(name, from)
    const renamed = (ref: RecordRef): RecordRef => (ref.name === name && ref.id === from ? { name, id: to } : ref)
    for (const [key, link] of this.clientLinks) {
      const moved = { from: renamed(link.from), to: renamed(link.to) }
      if (pairKey(moved.from, moved.to) === key) continue
      this.clientLinks.delete(key)
      if (this.associations.between(moved.from, moved.to).length > 0) {
        this.clientLinks.set(pairKey(moved.from, moved.to), moved)
      }
    }
  }

  #dropLinks(ref: RecordRef): void {
    this.associations.drop(ref)
    for (const [key, link] of this.clientLinks) {
      const touches = [link.from, link.to].some((end) => end.name === ref.name && end.id === ref.id)
      if (touches) this.clientLinks.delete(key)
    }
  }

  #unindex(name: ObjectName, record: StoredRecord): void {
    const { unique } = this.#tables[name]
    for (const key of this.#uniqueKeys(name, record)) if (unique.get(key) === record.id) unique.delete(key)
  }

  #uniqueKeys(name: ObjectName, record: StoredRecord): ReadonlyArray<string> {
    return Object.entries(record.properties)
      .filter(([property]) => property !== "email" && this.definition(name, property)?.hasUniqueValue === true)
      .map(([property, value]) => uniqueKey(property, value))
      .concat(name === "contacts" ? emailsOf(record).map((email) => uniqueKey("email", email)) : [])
  }

  #reserve(id: string): void {
    if (compareIds(id, this.#lastId) > 0) this.#lastId = id
  }
}

const pairKey = (from: RecordRef, to: RecordRef): string => `${from.name}/${from.id}>${to.name}/${to.id}`

export const uniqueKey = (property: string, value: string): string =>
  `${property}=${property === "email" ? value.trim().toLowerCase() : value}`
