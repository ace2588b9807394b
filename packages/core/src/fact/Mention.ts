/**
 * By which names a fact can be looked up, and whether a change of it can change a decision.
 *
 * A name is a handle, a company, a code as `code:ADA`, the key or order that a commitment, refund or command is about, or
 * `program:NAME`. What a decision reads of a conversion is found by the names of the facts that it reads already, so that one
 * more order needs not all of them.
 */
import { canonical } from "../id/Digest.ts"
import { normaliseCode, type Handle } from "../id/Handle.ts"
import type { Fact, FactTag, Lot, OrderPlaced } from "./Fact.ts"

/** Buyers type anything into a cart, and an index holds short names only. Handles and keys are shorter by themselves. */
const longest = { code: 200, name: 300 } as const

/** Never ends within a surrogate pair: no store can hold the half of one. */
const shortened = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, "")

export const codeName = (text: string): string => `code:${shortened(normaliseCode(text), longest.code)}`

export const programName = (program: string): string => shortened(`program:${program}`, longest.name)

/** The cause in a credit key `program|rule|cause|role|part`; a cause may hold the separator. */
const causeOf = (credit: string): ReadonlyArray<string> => {
  const parts = credit.split("|")
  const cause = parts.slice(2, -2).join("|")
  return cause === "" ? [] : [shortened(cause, longest.name)]
}

/** What people typed may be empty. */
const codesOf = (texts: ReadonlyArray<string | null>): ReadonlyArray<string> =>
  texts.flatMap((text) => (text === null || text.trim() === "" ? [] : [codeName(text)]))

const ofLots = (lots: ReadonlyArray<Lot>): ReadonlyArray<string> =>
  lots.flatMap(({ beneficiary, credit }) => [...causeOf(credit), beneficiary])

const ofOrder = (order: OrderPlaced): ReadonlyArray<string | null> => [
  order.order,
  order.customer,
  order.email,
  ...order.soft,
  ...codesOf([
    ...order.codes.map(({ code }) => code),
    ...order.attributes.map(({ value }) => value),
    ...order.visits.map(({ code }) => code),
  ]),
]

const mentioned = (fact: Fact): ReadonlyArray<string | null> => {
  switch (fact._tag) {
    case "PersonSeen":
      return [fact.person, ...fact.aliases, ...fact.mergedFrom, ...fact.companies, ...fact.soft]
    case "CompanySeen":
      return [fact.company]
    case "PeopleMerged":
    case "CompaniesMerged":
      return [fact.key, fact.into, ...fact.from]
    case "MergeUndone":
      return [fact.merge]
    case "PersonErased":
      return [fact.person]
    case "PersonReturned":
      return [fact.person, fact.tombstone]
    case "OrderPlaced":
      return ofOrder(fact)
    case "RefundMade":
      return [fact.order]
    case "DealChanged":
      return [fact.deal, ...fact.contacts, ...fact.companies, ...codesOf([fact.code])]
    case "AskSent":
    case "SurveyAnswered":
    case "Assigned":
    case "Identified":
    case "TierAnnounced":
      return [fact.person]
    case "Enrolled":
      return [programName(fact.program), fact.person]
    case "ContentPublished":
      return [fact.author]
    case "AssetShared":
      return codesOf([fact.code])
    case "AssetIssued":
      return [...codesOf([fact.code]), fact.owner]
    case "LinkVisited":
      return [...codesOf([fact.code]), fact.visitor]
    case "InvitationSent":
      return [...codesOf([fact.code]), fact.friend]
    case "ProgramPublished":
    case "ProgramCorrected":
      return [programName(fact.program)]
    case "RewardCommitted":
      return [...causeOf(fact.credit), fact.beneficiary]
    case "CommitmentWithdrawn":
      return causeOf(fact.credit)
    case "ReviewDecided":
      return [...causeOf(fact.credit), fact.beneficiary]
    case "ValueRedeemed":
      return [fact.person, ...ofLots(fact.lots)]
    case "ValueTransferred":
      return [fact.from, fact.to, ...ofLots(fact.lots)]
    case "ValueAdjusted":
      return [fact.person, ...ofLots(fact.lots)]
    case "RewardPaid":
      return [fact.beneficiary, fact.order, fact.friend]
  }
}

/** Every name of a fact, each once. */
export const namesOf = (fact: Fact): ReadonlyArray<string> => [
  ...new Set(mentioned(fact).filter((name) => name !== null)),
]

/** The handles that a fact says are one person; empty for all but records and merges of people. */
export const joinsOf = (fact: Fact): ReadonlyArray<Handle> => {
  if (fact._tag === "PersonSeen") return [...new Set([fact.person, ...fact.aliases, ...fact.mergedFrom])]
  return fact._tag === "PeopleMerged" ? [...new Set([fact.into, ...fact.from])] : []
}

/** Kinds that decisions about credits read, in whole or in part, and those that none reads. A new kind has to be put here. */
const readBy: Readonly<Record<FactTag, "credits" | "none">> = {
  PersonSeen: "credits",
  CompanySeen: "none",
  PeopleMerged: "credits",
  CompaniesMerged: "credits",
  MergeUndone: "credits",
  PersonErased: "credits",
  PersonReturned: "credits",
  OrderPlaced: "credits",
  RefundMade: "credits",
  DealChanged: "credits",
  AskSent: "none",
  SurveyAnswered: "none",
  ContentPublished: "none",
  AssetShared: "none",
  AssetIssued: "credits",
  LinkVisited: "credits",
  InvitationSent: "credits",
  Enrolled: "credits",
  Identified: "none",
  Assigned: "none",
  ProgramPublished: "credits",
  ProgramCorrected: "credits",
  RewardCommitted: "credits",
  CommitmentWithdrawn: "credits",
  ReviewDecided: "credits",
  ValueRedeemed: "credits",
  ValueTransferred: "credits",
  ValueAdjusted: "credits",
  TierAnnounced: "credits",
  RewardPaid: "none",
}

/** What decisions about credits read of a fact: of a person not whether they want letters. */
const read = (fact: Fact): unknown => {
  const { rank: _rank, version: _version, ...told } = fact
  return told._tag === "PersonSeen" ? { ...told, marketing: null, lifecycle: null } : told
}

/** Whether a decision may change because the newest version of a fact is another than before. */
export const isDecisive = (before: Fact | null, after: Fact): boolean =>
  readBy[after._tag] !== "none" && (before === null || canonical(read(before)) !== canonical(read(after)))
