/**
 * Who is associated with whom, and as what; always seen from both sides at once.
 *
 * A labelled association implies the default one, and a record's first company becomes its primary one.
 * Nothing here checks that the records exist: the routes do.
 */
import { defaultType, hubspotDefined, keyOf, primaryType } from "./AssociationType.ts"
import { compareIds } from "./StoredRecord.ts"
import type { AssociationType, Category } from "./AssociationType.ts"
import type { ObjectName } from "./ObjectTypes.ts"

export interface RecordRef {
  readonly name: ObjectName
  readonly id: string
}

const refKey = (ref: RecordRef): string => `${ref.name}/${ref.id}`

const refOf = (key: string): RecordRef => {
  const slash = key.indexOf("/")
  return { name: key.slice(0, slash) as ObjectName, id: key.slice(slash + 1) }
}

export class AssociationGraph {
  readonly #kinds = new Map<string, AssociationType>()
  readonly #links = new Map<string, Map<string, Set<string>>>()

  constructor() {
    for (const kind of hubspotDefined) this.define(kind)
  }

  define(kind: AssociationType): void {
    this.#kinds.set(`${kind.from}>${kind.to}>${keyOf(kind)}`, kind)
  }

  kind(from: ObjectName, to: ObjectName, category: Category, typeId: number): AssociationType | undefined {
    return this.#kinds.get(`${from}>${to}>${keyOf({ category, typeId })}`)
  }

  kinds(from: ObjectName, to: ObjectName): ReadonlyArray<AssociationType> {
    return [...this.#kinds.values()].filter((kind) => kind.from === from && kind.to === to)
  }

  link(from: RecordRef, to: RecordRef, kind: AssociationType): void {
    const plain = defaultType(from.name, to.name)
    if (plain !== undefined) this.#add(from, to, plain)
    this.#add(from, to, kind)
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      const primary = primaryType(one.name, other.name)
      const owns = one.name !== "companies" && primary !== undefined
      if (owns && !this.#has(one, other.name, keyOf(primary))) this.#add(one, other, primary)
    }
  }

  /** Without a kind everything between the two goes, as it does when the default association is removed. */
  unlink(from: RecordRef, to: RecordRef, kind: AssociationType | undefined): void {
    if (kind === undefined || kind === defaultType(from.name, to.name)) {
      this.#links.get(refKey(from))?.delete(refKey(to))
      this.#links.get(refKey(to))?.delete(refKey(from))
      return
    }
    this.#links.get(refKey(from))?.get(refKey(to))?.delete(keyOf(kind))
    const inverse = keyOf({ category: kind.category, typeId: kind.inverseTypeId })
    this.#links.get(refKey(to))?.get(refKey(from))?.delete(inverse)
  }

  between(from: RecordRef, to: RecordRef): ReadonlyArray<AssociationType> {
    const keys = this.#links.get(refKey(from))?.get(refKey(to)) ?? new Set<string>()
    return [...keys].flatMap((key) => this.#kinds.get(`${from.name}>${to.name}>${key}`) ?? [])
  }

  /** Ids of the records of one type on the other side, ascending. */
  neighbours(from: RecordRef, to: ObjectName): ReadonlyArray<string> {
    return [...(this.#links.get(refKey(from))?.keys() ?? [])]
      .map(refOf)
      .filter((ref) => ref.name === to)
      .map((ref) => ref.id)
      .sort(compareIds)
  }

  /** Everything `from` was associated with is then associated with `to`. */
  move(from: RecordRef, to: RecordRef): void {
    for (const key of this.#links.get(refKey(from))?.keys() ?? []) {
      const other = refOf(key)
      const kinds = this.between(from, other)
      this.unlink(from, other, undefined)
      if (refKey(other) === refKey(to)) continue
      for (const kind of kinds) this.#add(to, other, kind)
    }
    this.#links.delete(refKey(from))
  }

  drop(ref: RecordRef): void {
    for (const key of this.#links.get(refKey(ref))?.keys() ?? []) this.unlink(ref, refOf(key), undefined)
    this.#links.delete(refKey(ref))
  }

  #has(from: RecordRef, to: ObjectName, kindKey: string): boolean {
    for (const [key, kinds] of this.#links.get(refKey(from)) ?? []) {
      if (refOf(key).name === to && kinds.has(kindKey)) return true
    }
    return false
  }

  #add(from: RecordRef, to: RecordRef, kind: AssociationType): void {
    this.#put(from, to, keyOf(kind))
    this.#put(to, from, keyOf({ category: kind.category, typeId: kind.inverseTypeId }))
  }

  #put(from: RecordRef, to: RecordRef, kindKey: string): void {
    const others = this.#links.get(refKey(from)) ?? new Map<string, Set<string>>()
    this.#links.set(refKey(from), others)
    const kinds = others.get(refKey(to)) ?? new Set<string>()
    others.set(refKey(to), kinds)
    kinds.add(kindKey)
  }
}
