/**
 * By which names a fact can be looked up, and whether a change of it can change a decision.
 *
 * A name is a handle, a company, a code as `code:ADA`, the key or order that a commitment, refund or command is about, or
 * `program:NAME`. What a decision reads of a conversion is found by the names of the facts that it reads already, so that one
 * more order needs not all of them.
 */
import { canonical } from "../id/Digest.ts"
import { normaliseCode, type Handle } from "../id/Handle.ts"
import type { Fact, Lot, OrderPlaced } from "./Fact.ts"

/** Buyers type anything into a cart; a name is short. */
const longestCode = 200

export const codeName = (text: string): string => `code:${normaliseCode(text).slice(0, longestCode)}`

export const programName = (program: string): string => `program:${program}`

/** The cause in a credit key `program|rule|cause|role|part`; a cause may hold the separator. */
const causeOf = (credit: string): ReadonlyArray<string> => {
  const parts = credit.split("|")
  return parts.length < 5 ? [] : [parts.slice(2, -2).join("|")]
}

const ofLots = (lots: ReadonlyArray<Lot>): ReadonlyArray<string> =>
  lots.flatMap(({ beneficiary, credit }) => [...causeOf(credit), beneficiary])

const ofOrder = (order: OrderPlaced): ReadonlyArray<string | null> => [
  order.order,
  order.customer,
  order.email,
  ...order.soft,
  ...[
    ...order.codes.map(({ code }) => code),
    ...order.attributes.map(({ value }) => value),
    ...order.visits.map(({ code }) => code ?? ""),
  ]
    .filter((text) => text.trim() !== "")
    .map(codeName),
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
      return [fact.deal, ...fact.contacts, ...fact.companies, fact.code === null ? null : codeName(fact.code)]
    case "SurveyAnswered":
    case "Assigned":
    case "Enrolled":
    case "Identified":
    case "TierAnnounced":
      return [fact.person]
    case "AssetIssued":
      return [codeName(fact.code), fact.owner]
    case "LinkVisited":
      return [codeName(fact.code), fact.visitor]
    case "InvitationSent":
      return [codeName(fact.code), fact.friend]
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

/** What decisions about credits read of a fact; null for kinds that none reads. */
const read = (fact: Fact): unknown => {
  switch (fact._tag) {
    case "CompanySeen":
    case "SurveyAnswered":
    case "Identified":
    case "Assigned":
      return null
    case "PersonSeen": {
      const { aliases, companies, mergedFrom, occurredAt, person, soft } = fact
      return { aliases, companies, mergedFrom, occurredAt, person, soft }
    }
    default: {
      const { rank: _rank, version: _version, ...told } = fact
      return told
    }
  }
}

/** Whether a decision may change because the newest version of a fact is another than before. */
export const isDecisive = (before: Fact | null, after: Fact): boolean => {
  const now = read(after)
  return now !== null && (before === null || canonical(read(before)) !== canonical(now))
}
