/**
 * A contact as facts: the person it shows, and what an earlier program left on it (a code issued, an invitation).
 *
 * Pure. Nothing here depends on properties that we write ourselves, so our write-back never changes what a contact
 * says. Phones are compared by their digits and only ever suggest.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Handle from "@advocacy-kit/core/id/Handle"
import {
  code,
  createdOf,
  handleOf,
  instant,
  list,
  type Mapped,
  type MappingContext,
  type Neighbours,
  placeOf,
  text,
  Unusable,
  versionOf,
} from "./RecordFacts.ts"
import type { CrmRecord } from "./wire/Record.ts"

/** What has to be asked for. */
export const properties = (context: Pick<MappingContext, "properties">): ReadonlyArray<string> => [
  "email",
  "hs_additional_emails",
  "firstname",
  "lastname",
  "phone",
  "mobilephone",
  "lifecyclestage",
  "hs_merged_object_ids",
  "hs_email_optout",
  "createdate",
  "lastmodifieddate",
  context.properties.referralCode,
  context.properties.referralCodeIssuedAt,
  context.properties.invitedBy,
  context.properties.invitedAt,
]

const marketingOf = (record: CrmRecord): Fact.PersonSeen["marketing"] => {
  const optout = text(record, "hs_email_optout")
  return optout === "true" ? "denied" : optout === "false" ? "granted" : "unknown"
}

const phones = (record: CrmRecord, key: Handle.HandleKey): ReadonlyArray<Handle.Handle> => {
  const found = ["phone", "mobilephone"]
    .map((property) => Handle.phone(key, text(record, property) ?? ""))
    .filter((handle) => handle !== null)
  return [...new Set(found)].sort()
}

const emailsOf = (record: CrmRecord): ReadonlyArray<string> => {
  const primary = text(record, "email")
  const all = [...(primary === null ? [] : [primary]), ...list(record, "hs_additional_emails")]
  return [...new Set(all.map(Handle.normaliseEmail))].sort()
}

const mergedFrom = (record: CrmRecord): ReadonlyArray<Handle.Handle> =>
  list(record, "hs_merged_object_ids")
    .filter((id) => id !== record.id)
    .map((id) => {
      if (!Handle.isRecordNumber(id)) throw new Unusable("hs_merged_object_ids", "holds something that is not an id")
      return handleOf("contacts", id)
    })

const headOf = (record: CrmRecord, key: string, occurredAt: number) => ({
  key: Fact.key(key),
  version: versionOf(record),
  rank: Fact.rank.api,
  occurredAt,
})

/** The code that an earlier program issued to this contact; whoever turns out to be its owner is enrolled. */
const issued = (
  record: CrmRecord,
  issuedCode: string,
  { program, properties: named }: MappingContext,
): ReadonlyArray<Fact.Fact> => {
  const at = instant(record, named.referralCodeIssuedAt) ?? createdOf(record)
  const owner = Handle.code(issuedCode)
  return [
    { _tag: "AssetIssued", ...headOf(record, `hubspot:asset/${issuedCode}`, at), code: issuedCode, owner, program },
    {
      _tag: "Enrolled",
      ...headOf(record, `hubspot:enrolment/${issuedCode}`, at),
      program,
      person: owner,
      via: "imported",
    },
  ]
}

const invited = (record: CrmRecord, byCode: string, { properties: named }: MappingContext): Fact.Fact => {
  const at = instant(record, named.invitedAt)
  if (at === null)
    throw new Unusable(named.invitedAt, `is not set although ${named.invitedBy} is: when was the invitation?`)
  const head = headOf(record, `hubspot:invitation/${record.id}`, at)
  return { _tag: "InvitationSent", ...head, code: byCode, friend: handleOf("contacts", record.id) }
}

const displayName = (record: CrmRecord): string | null => {
  const name = [text(record, "firstname"), text(record, "lastname")].filter((part) => part !== null).join(" ")
  return name === "" ? null : name
}

/** Runs one part of the mapping; what is wrong with it does not take the person along. */
const part = <A>(record: CrmRecord, what: string, run: () => A, otherwise: A): readonly [A, Mapped["rejected"]] => {
  try {
    return [run(), []]
  } catch (cause) {
    if (!(cause instanceof Unusable)) throw cause
    return [otherwise, [{ place: `${placeOf("contacts", record.id)} ${what}`, reason: cause.message }]]
  }
}

export const map = (record: CrmRecord, neighbours: Neighbours, context: MappingContext): Mapped => {
  const person = handleOf("contacts", record.id)
  const emails = emailsOf(record).map((address) => ({
    handle: Handle.email(context.handleKey, address),
    value: address,
  }))
  const [ownCode, badCode] = part(record, "code", () => code(record, context.properties.referralCode), null)
  const [assets, badAsset] = part(record, "code", () => (ownCode === null ? [] : issued(record, ownCode, context)), [])
  const [invitations, badInvitation] = part(
    record,
    "invitation",
    () => {
      const byCode = code(record, context.properties.invitedBy)
      return byCode === null ? [] : [invited(record, byCode, context)]
    },
    [],
  )
  const seen: Fact.PersonSeen = {
    _tag: "PersonSeen",
    ...headOf(record, placeOf("contacts", record.id), createdOf(record)),
    person,
    aliases: [...emails.map(({ handle }) => handle), ...(ownCode === null ? [] : [Handle.code(ownCode)])],
    mergedFrom: mergedFrom(record),
    companies: (neighbours.companies ?? []).map((id) => handleOf("companies", id)),
    soft: phones(record, context.handleKey),
    marketing: marketingOf(record),
    lifecycle: text(record, "lifecyclestage"),
  }
  const name = displayName(record)
  const personal: ReadonlyArray<PersonalValue> = [
    ...emails,
    ...(name === null ? [] : [{ handle: person, value: name }]),
  ]
  return { facts: [seen, ...assets, ...invitations], personal, rejected: [...badCode, ...badAsset, ...badInvitation] }
}
