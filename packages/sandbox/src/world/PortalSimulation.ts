/**
 * The brand's HubSpot: contacts of customers and of strangers, companies and deals.
 *
 * Promises: every advocate and every invited friend has a contact; people whose second e-mail is provably theirs
 * have it as an additional e-mail, half of them after a merge; e-mails are lower-case, as HubSpot keeps them.
 */
import { day, hour, iso, minute, seasonal } from "./Calendar.ts"
import type { ContactDraft, PersonDraft, RecordDraft, Story } from "./Draft.ts"
import { companyWords } from "./NameList.ts"
import type { Population } from "./PeopleSimulation.ts"
import * as RandomSource from "./RandomSource.ts"
import * as SurveySimulation from "./SurveySimulation.ts"

export interface PortalSize {
  readonly contacts: number
  readonly companies: number
  readonly deals: number
  readonly answers: number
}

const firstSeen = (person: PersonDraft): number => Math.min(...person.accounts.map((account) => account.createdAt))

const referralProperties = (person: PersonDraft): Record<string, string> =>
  person.referral === null
    ? {}
    : {
        referral_code: person.referral.code,
        referral_code_issued_at: iso(person.referral.issuedAt),
      }

const invitationProperties = (person: PersonDraft): Record<string, string> =>
  person.invitation === null
    ? {}
    : {
        invited_by_code: person.invitation.code,
        invited_at: iso(person.invitation.at),
      }

/** What HubSpot learns of a known contact in the live phase. */
const lateChanges = (story: Story, person: PersonDraft, createdAt: number): ContactDraft["changes"] => {
  const { liveFrom } = story.period
  const seen = firstSeen(person)
  const invitedAt = person.invitation?.at ?? 0
  const changes = aliases(person)
    .filter(({ from }) => from > liveFrom)
    .map(({ from }) => ({
      at: from,
      properties: {
        hs_additional_emails: aliases(person)
          .map(({ email }) => email)
          .join(";"),
      } as Record<string, string>,
    }))
  if (seen > liveFrom && createdAt < seen)
    changes.push({ at: seen + 30 * minute, properties: { lifecyclestage: "customer" } })
  if (invitedAt > liveFrom && createdAt < invitedAt)
    changes.push({ at: invitedAt, properties: invitationProperties(person) })
  return changes
}

/** E-mails that HubSpot joins to one contact, with the instant from which it does; the first is its main one. */
const knownEmails = (person: PersonDraft): ReadonlyArray<{ readonly email: string; readonly from: number }> => {
  const emails = person.accounts
    .filter((account) => account.identity === person.id)
    .map((account) => ({ email: account.email, from: account.knownFrom }))
  // Each platform has its own idea of the main address of some people.
  return person.id.endsWith("1") && emails.every(({ from }) => from === 0) ? emails.reverse() : emails
}

const aliases = (person: PersonDraft): ReturnType<typeof knownEmails> => knownEmails(person).slice(1)

const contactOfCustomer = (story: Story, random: RandomSource.RandomSource, person: PersonDraft): ContactDraft => {
  const [main] = knownEmails(person)
  if (main === undefined) throw new RangeError(`${person.id} has no account`)
  const seen = firstSeen(person)
  const { liveFrom } = story.period
  // An invited friend is a contact from the invitation on, others soon after their first order.
  const createdAt =
    person.invitation === null ? seen + random.int(2, 50) * minute : Math.min(person.invitation.at, seen + 5 * minute)
  const known = aliases(person).filter(({ from }) => from <= liveFrom)
  const invitedAt = person.invitation?.at ?? 0
  const invited = invitedAt <= liveFrom || invitedAt <= createdAt
  const contact: ContactDraft = {
    createdAt,
    touchedAt: Math.max(createdAt, person.referral?.issuedAt ?? 0, invited ? invitedAt : 0),
    properties: {
      email: main.email,
      firstname: person.firstName,
      lastname: person.lastName,
      lifecyclestage:
        person.referral !== null ? "evangelist" : seen > liveFrom && createdAt < seen ? "lead" : "customer",
      ...(random.chance(0.5) ? { phone: person.phone } : {}),
      ...(random.chance(0.07) ? { hs_email_optout: "true" } : {}),
      ...referralProperties(person),
      ...(invited ? invitationProperties(person) : {}),
      ...(known.length === 0 ? {} : { hs_additional_emails: known.map(({ email }) => email).join(";") }),
    },
    changes: lateChanges(story, person, createdAt),
    mergedFrom: [],
    id: "",
  }
  if (known.length > 0 && random.chance(0.5)) {
    const from = [createdAt - 2 * day, createdAt - day, ...(random.chance(0.3) ? [createdAt - 3 * day] : [])]
    for (const at of from) contact.mergedFrom.push({ createdAt: at, id: "" })
  }
  person.contacts.push(contact)
  return contact
}

const needsContact = (person: PersonDraft): boolean =>
  person.referral !== null || person.invitation !== null || aliases(person).length > 0

/** Two more records of one human that nothing but a look at the names would join. */
const softDouble = (population: Population, contact: ContactDraft, person: PersonDraft): void => {
  const email = population.workEmail(person, "office.example.org")
  person.provable = false
  person.contacts.push({
    createdAt: contact.createdAt + 3 * hour,
    touchedAt: contact.createdAt + 3 * hour,
    properties: { email, firstname: person.firstName, lastname: person.lastName, lifecyclestage: "lead" },
    changes: [],
    mergedFrom: [],
    id: "",
  })
}

const makeCompanies = (story: Story, random: RandomSource.RandomSource, count: number): Array<RecordDraft> =>
  Array.from({ length: count }, (_, index) => {
    const first = random.pick(companyWords.first)
    const second = random.pick(companyWords.second)
    return {
      type: "companies",
      createdAt: seasonal(random, story.period.startsAt, story.period.liveFrom),
      properties: {
        name: `${first}${second} ${random.pick(companyWords.legal)}`,
        domain: `${first}${second}-${index + 1}.example.com`.toLowerCase(),
      },
      changes: [],
      contacts: [],
      company: null,
      id: "",
    }
  })

/** People from companies whom the shop has never seen. */
const makeLead = (
  story: Story,
  population: Population,
  random: RandomSource.RandomSource,
  company: RecordDraft,
): void => {
  const person = population.person()
  const createdAt = seasonal(random, story.period.startsAt, story.period.now - 3 * hour)
  const contact: ContactDraft = {
    createdAt,
    touchedAt: createdAt,
    properties: {
      email: population.workEmail(person, company.properties["domain"] ?? "example.com"),
      firstname: person.firstName,
      lastname: person.lastName,
      lifecyclestage: random.pick(["subscriber", "lead", "marketingqualifiedlead", "opportunity"]),
    },
    changes: [],
    mergedFrom: [],
    id: "",
  }
  person.contacts.push(contact)
  company.contacts.push(contact)
}

const makeDeals = (
  story: Story,
  random: RandomSource.RandomSource,
  companies: ReadonlyArray<RecordDraft>,
  count: number,
): void => {
  const { liveFrom, startsAt } = story.period
  const members = companies.filter((company) => company.contacts.some((contact) => contact.createdAt < liveFrom))
  // Advocates of few orders, so that a deal never decides about the limit of an order.
  const uses = new Map<string, number>()
  for (const { code } of story.orders.flatMap((order) => order.touches)) uses.set(code, (uses.get(code) ?? 0) + 1)
  const codes = story.people.flatMap(({ referral }) =>
    referral === null || (uses.get(referral.code) ?? 0) > 3 || referral.issuedAt > startsAt + 200 * day
      ? []
      : [referral.code],
  )
  for (let index = 0; index < count && members.length > 0; index++) {
    const company = random.pick(members)
    const createdAt = seasonal(random, startsAt + 200 * day, liveFrom)
    const stage = random.pick(["closedwon", "closedwon", "closedlost", "appointmentscheduled", "qualifiedtobuy"])
    const closed = stage.startsWith("closed")
    const closesAt = closed
      ? Math.min(createdAt + random.int(5, 60) * day, liveFrom - hour)
      : createdAt + random.int(30, 90) * day
    story.records.push({
      type: "deals",
      createdAt,
      properties: {
        dealname: `${company.properties["name"] ?? ""} staff gifts ${index + 1}`,
        amount: `${random.int(400, 9_000)}.00`,
        deal_currency_code: "EUR",
        dealstage: stage,
        hs_is_closed_won: String(stage === "closedwon"),
        closedate: iso(Math.max(closesAt, createdAt)),
        ...(random.chance(0.06) && codes.length > 0 ? { referral_code_used: random.pick(codes) } : {}),
      },
      changes: [],
      contacts: [random.pick(company.contacts.filter((contact) => contact.createdAt < liveFrom))],
      company,
      id: "",
    })
  }
}

export const fill = (story: Story, population: Population, size: PortalSize): void => {
  const random = RandomSource.make(story.seed, "portal")
  const { now } = story.period
  const customers = story.people.filter((person) => person.accounts.length > 0)
  let missing = size.contacts
  for (const person of customers.filter(needsContact)) {
    contactOfCustomer(story, random, person)
    missing--
  }
  const others = random.shuffle(
    customers.filter((person) => !needsContact(person) && firstSeen(person) < now - 2 * hour),
  )
  const overlap = Math.floor(size.contacts * 0.8) - (size.contacts - missing)
  for (const person of others.slice(0, Math.max(0, overlap))) {
    const contact = contactOfCustomer(story, random, person)
    missing--
    const single = person.provable && person.accounts.length === 1
    if (single && contact.createdAt < story.period.liveFrom - day && random.chance(0.01)) {
      softDouble(population, contact, person)
      missing--
    }
  }
  const companies = makeCompanies(story, random, size.companies)
  story.records.push(...companies)
  for (; missing > 0; missing--) makeLead(story, population, random, random.pick(companies))
  for (const person of customers) {
    if (person.contacts[0] !== undefined && random.chance(0.03))
      random.pick(companies).contacts.push(person.contacts[0])
  }
  makeDeals(story, random, companies, size.deals)
  SurveySimulation.answer(story, random, size.answers)
}
