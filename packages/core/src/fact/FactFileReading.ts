/**
 * Reading a file of facts (`FactFile`) line by line.
 *
 * Promises: every line but header, trailer and empty ones is a row, and every row is in one batch, as a fact, a personal value or
 * unreadable; lines that were stored before are counted and in no batch. It knows at the end whether the file is what was exported. It
 * holds one batch at a time. It stores nothing.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { Result } from "effect"
import type { HandleKey } from "../id/Handle.ts"
import type { Fact } from "./Fact.ts"
import * as FactFile from "./FactFile.ts"
import type { PersonalValue } from "./FactLog.ts"

const rowsAtOnce = 5_000
const charactersAtOnce = 8_000_000

/** A line as it stands in the file, without its line end. */
export interface FileLine {
  /** From 1. */
  readonly number: number
  readonly text: string
  /** Why its bytes are no text. */
  readonly problem?: string
}

export interface UnreadableLine extends FactFile.Unreadable {
  readonly line: number
}

export interface Entry<A> {
  readonly line: number
  readonly value: A
}

export interface Batch {
  readonly facts: ReadonlyArray<Entry<Fact>>
  readonly personal: ReadonlyArray<Entry<PersonalValue>>
  readonly unreadable: ReadonlyArray<UnreadableLine>
}

const lineOf = (text: string, problem: string | undefined): FactFile.Line =>
  problem === undefined
    ? FactFile.read(text)
    : { kind: "unreadable", unreadable: { path: "", value: "", reason: problem } }

/** What was read of the file so far, and what of it waits to be stored. */
export class Reading {
  readonly #hash = sha256.create()
  #header: FactFile.Header | undefined
  #trailer: { readonly told: FactFile.Trailer; readonly sha256: string; readonly rows: number } | undefined
  #facts: Array<Entry<Fact>> = []
  #personal: Array<Entry<PersonalValue>> = []
  #unreadable: Array<UnreadableLine> = []
  #characters = 0
  rows = 0
  line = 0
  erasures = 0
  commitments = 0
  /** The line at which another file begins. */
  another: number | undefined

  readonly #start: number
  readonly #key: HandleKey

  constructor(key: HandleKey, start: number) {
    this.#key = key
    this.#start = start
  }

  get hasHeader(): boolean {
    return this.#header !== undefined
  }

  /** Takes a line in; only the first can be refused. */
  take({ number, problem, text }: FileLine): FactFile.FactFileError | undefined {
    const bare = text.replace(/^\uFEFF|\r$/g, "")
    this.line = number
    if (problem === undefined && bare.trim() === "") return undefined
    if (this.#header === undefined) return this.#begin(bare)
    // What was stored before is only counted and hashed.
    const isStored = number <= this.#start
    const line = isStored && !FactFile.maybeTrailer(bare) ? undefined : lineOf(bare, problem)
    if (line?.kind === "header") {
      this.another = number
      return undefined
    }
    if (line?.kind === "trailer") {
      this.#trailer = { told: line.trailer, sha256: bytesToHex(this.#hash.clone().digest()), rows: this.rows }
      return undefined
    }
    this.#hash.update(utf8ToBytes(`${bare}\n`))
    this.rows++
    if (line !== undefined && !isStored) this.#keep(number, line, bare.length)
    return undefined
  }

  #begin(text: string): FactFile.FactFileError | undefined {
    const header = FactFile.readHeader(text, this.#key)
    if (Result.isFailure(header)) return header.failure
    this.#header = header.success
    this.#hash.update(utf8ToBytes(`${text}\n`))
    return undefined
  }

  #keep(number: number, line: FactFile.Line, characters: number): void {
    this.#characters += characters
    if (line.kind === "fact") {
      this.#facts.push({ line: number, value: line.fact })
      if (line.fact._tag === "PersonErased") this.erasures++
      if (line.fact._tag === "RewardCommitted") this.commitments++
    } else if (line.kind === "personal") this.#personal.push({ line: number, value: line.personal })
    else if (line.kind === "unreadable") this.#unreadable.push({ line: number, ...line.unreadable })
  }

  get isFull(): boolean {
    return (
      this.#facts.length + this.#personal.length + this.#unreadable.length >= rowsAtOnce ||
      this.#characters >= charactersAtOnce
    )
  }

  /** What is to be stored next. */
  batch(): Batch {
    const batch = { facts: this.#facts, personal: this.#personal, unreadable: this.#unreadable }
    this.#facts = []
    this.#personal = []
    this.#unreadable = []
    this.#characters = 0
    return batch
  }

  /** Why the file is not what was exported, once all of it was read. */
  get faults(): ReadonlyArray<string> {
    const faults: Array<string> = []
    const trailer = this.#trailer
    if (this.another !== undefined)
      faults.push(`another file begins at line ${this.another} and was not read: import it by itself`)
    if (trailer === undefined) {
      faults.push(`it ends at line ${this.line} without its trailer: it was cut off, and what came after is missing`)
      return faults
    }
    const counted = trailer.told.facts + trailer.told.personalValues
    if (counted !== trailer.rows) faults.push(`its trailer counts ${counted} rows, and ${trailer.rows} stand before it`)
    else if (trailer.told.sha256 !== trailer.sha256)
      faults.push("its lines are not those that were exported: some were changed, exchanged or put in another order")
    if (this.rows > trailer.rows) faults.push(`${this.rows - trailer.rows} rows stand behind its trailer`)
    return faults
  }
}

/** Begins a file; lines up to `stored` were stored by an earlier run. */
export const make = (key: HandleKey, stored: number): Reading => new Reading(key, stored)
