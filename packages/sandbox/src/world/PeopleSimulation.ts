/**
 * Makes people and their shop accounts: names, addresses, devices, e-mails and how each platform spells them.
 *
 * Promises: no two people share an e-mail, address, device, phone or IP unless the caller asks for it, and codes
 * are unique. It decides nothing about orders or referrals.
 */
import type { AccountDraft, PersonDraft } from "./Draft.ts"
import { firstNames, lastNames, mailDomains, places, plain, streets } from "./NameList.ts"
import * as RandomSource from "./RandomSource.ts"
import type { ShopAddress } from "./World.ts"

export interface PersonOptions {
  /** Lives at the same place and goes on line through the same connection. */
  readonly livesWith?: PersonDraft
  readonly lastName?: string
}

export interface AccountOptions {
  readonly guest?: boolean
  /** A spelling of the person's own choice; it must be new. */
  readonly email?: string
  /** Nothing on either platform proves that this is the same person as the main account. */
  readonly unprovable?: boolean
}

export interface Population {
  readonly people: Array<PersonDraft>
  readonly person: (options?: PersonOptions) => PersonDraft
  readonly account: (person: PersonDraft, options?: AccountOptions) => AccountDraft
  /** Makes the person an advocate of the earlier program and returns the code. */
  readonly issueCode: (person: PersonDraft, issuedAt: number) => string
  /** A code that looks like one of ours and was never issued. */
  readonly inventCode: () => string
  /** An address where nobody else lives. */
  readonly address: () => ShopAddress
  readonly workEmail: (person: PersonDraft, domain: string) => string
}

const codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

const capitalised = (email: string): string =>
  email.replace(/(^|[.@])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())

const makeAddress = (random: RandomSource.RandomSource, number: number): ShopAddress => {
  const place = random.pick(places)
  // The running number makes the street line unique.
  return {
    address1: `${random.pick(streets)} ${1 + (number % 140)}${number < 140 ? "" : ` / ${Math.floor(number / 140)}`}`,
    city: place.city,
    zip: place.zip + String(random.int(100, 999)),
    countryCode: place.countryCode,
  }
}

/** Addresses from ranges reserved for documentation and measurements. */
const makeIp = (random: RandomSource.RandomSource, number: number): string =>
  random.chance(0.6) || number > 130_000
    ? `2001:db8:${Math.floor(number / 0x10000).toString(16)}:${(number % 0x10000).toString(16)}::${random.int(1, 0xfff).toString(16)}`
    : `198.${18 + (Math.floor(number / 0x10000) % 2)}.${Math.floor(number / 256) % 256}.${number % 256}`

export const population = (seed: number): Population => {
  const random = RandomSource.make(seed, "people")
  const codes = RandomSource.make(seed, "codes")
  const people: Array<PersonDraft> = []
  const taken = new Set<string>()
  let addresses = 0

  const unique = (wanted: string, domain: string): string => {
    let email = `${wanted}@${domain}`
    for (let number = 2; taken.has(email); number++) email = `${wanted}${number}@${domain}`
    taken.add(email)
    return email
  }

  const person = (options: PersonOptions = {}): PersonDraft => {
    const number = people.length + 1
    const home = options.livesWith
    const made: PersonDraft = {
      id: `person-${String(number).padStart(6, "0")}`,
      firstName: random.pick(firstNames),
      lastName: options.lastName ?? random.pick(lastNames),
      locale: random.pick(["de", "de", "de", "de", "en", "fr", "it"]),
      phone: `+999${String(100_000_000 + number)}`,
      address: home?.address ?? makeAddress(random, ++addresses),
      clientIp: home?.clientIp ?? makeIp(random, number),
      devices: Array.from({ length: random.chance(0.35) ? 2 : 1 }, () => random.text("0123456789abcdef", 32)),
      accounts: [],
      contacts: [],
      referral: null,
      invitation: null,
      provable: true,
      repeatsFrom: null,
      appetite: Math.min(14, Math.exp(1.3 * random.normal())),
    }
    people.push(made)
    return made
  }

  const account = (owner: PersonDraft, options: AccountOptions = {}): AccountDraft => {
    const local = random.pick([
      `${plain(owner.firstName)}.${plain(owner.lastName)}`,
      `${plain(owner.firstName).charAt(0)}.${plain(owner.lastName)}`,
      `${plain(owner.firstName)}${random.int(50, 99)}`,
      `${plain(owner.lastName)}.${plain(owner.firstName)}`,
    ])
    if (options.email !== undefined) {
      if (taken.has(options.email)) throw new RangeError(`${options.email} is taken`)
      taken.add(options.email)
    }
    const email = options.email ?? unique(local, random.pick(mailDomains))
    const made: AccountDraft = {
      person: owner,
      identity: options.unprovable === true ? `${owner.id}/${owner.accounts.length + 1}` : owner.id,
      email,
      shownEmail: random.chance(0.25) ? capitalised(email) : email,
      guest: options.guest ?? false,
      knownFrom: 0,
      marketing: random.pick(["SUBSCRIBED", "SUBSCRIBED", "NOT_SUBSCRIBED", "NOT_SUBSCRIBED", "UNSUBSCRIBED"]),
      createdAt: Number.POSITIVE_INFINITY,
      changes: [],
      customerId: "",
    }
    if (options.unprovable === true) owner.provable = false
    owner.accounts.push(made)
    return made
  }

  const newCode = (name: string): string => {
    for (;;) {
      const code = `${plain(name).toUpperCase()}-${codes.text(codeLetters, 4)}`
      if (!taken.has(code)) {
        taken.add(code)
        return code
      }
    }
  }

  const issueCode = (owner: PersonDraft, issuedAt: number): string => {
    const code = newCode(owner.firstName)
    owner.referral = { code, issuedAt }
    return code
  }

  return {
    people,
    person,
    account,
    issueCode,
    address: () => makeAddress(random, ++addresses),
    inventCode: () => newCode(codes.pick(firstNames)),
    workEmail: (owner, domain) => unique(`${plain(owner.firstName)}.${plain(owner.lastName)}`, domain),
  }
}

/** A second way to write an e-mail that only a human would recognise: a tag and other dots. */
export const softSpelling = (email: string, tag: string): string => {
  const [local = "", domain = ""] = email.split("@")
  return `${local.replaceAll(".", "")}+${tag}@${domain}`
}
