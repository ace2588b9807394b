/**
 * What `advocacy init` has to know: each question with its flag, what is suggested, and how an answer is read.
 *
 * Promises: a question that does not apply is not asked, and answering it is a mistake that is told; nothing is guessed that
 * cannot be known (what somebody has, their currency, their time zone).
 */
import { isTimeZone } from "@advocacy-kit/core/id/Instant"
import { isCurrency } from "@advocacy-kit/core/money/Currency"
import { Result } from "effect"
import * as Rewards from "./Rewards.ts"

export const sources = [
  { name: "files", title: "Files", what: "exports of a shop, a CRM, or the program in use" },
  { name: "shopify", title: "Shopify", what: "a shop, with a token of an app in it" },
  { name: "hubspot", title: "HubSpot", what: "a portal, with a token of an app in it" },
] as const
export type SourceName = (typeof sources)[number]["name"]

export const kinds = [
  { name: "refer-a-friend", title: "Refer a friend", what: "customers bring friends, who buy in the shop" },
  { name: "refer-a-company", title: "Refer a company", what: "customers bring companies, whose deals are won" },
  { name: "collect-points", title: "Collect points", what: "customers collect points by what they buy" },
] as const
export type Kind = (typeof kinds)[number]["name"]

export const flags = [
  "sources",
  "tenant",
  "currency",
  "time-zone",
  "program",
  "advocate-reward",
  "friend-reward",
  "points-per-unit",
  "offer",
  "site",
] as const
export type FlagName = (typeof flags)[number]

/** Answers as they were typed. */
export type Typed = Partial<Readonly<Record<FlagName, string>>>

export interface Question {
  readonly flag: FlagName
  readonly ask: string
  /** What is meant, for help. */
  readonly what: string
  /** Nothing may be taken for granted: it is answered, or nothing is written. */
  readonly isRequired: boolean
  /** What an empty answer means; null: nothing can be suggested. */
  readonly suggestion: (typed: Typed, place: Place) => string | null
  readonly applies: (typed: Typed) => boolean
  /** Fails with what is wrong and what is expected. */
  readonly check: (text: string, typed: Typed) => Result.Result<unknown, string>
}

/** Where it is asked. */
export interface Place {
  /** The name of the directory, for a first idea of the brand's. */
  readonly directoryName: string
  readonly timeZone: string
}

const when = (holds: boolean, problem: string): Result.Result<unknown, string> =>
  holds ? Result.succeed(null) : Result.fail(problem)

export const sourcesOf = (text: string): ReadonlyArray<SourceName> =>
  sources.map(({ name }) => name).filter((name) => text.split(",").some((one) => one.trim() === name))

const isKind =
  (...wanted: ReadonlyArray<Kind>) =>
  ({ program }: Typed): boolean =>
    wanted.some((kind) => kind === program)
const refers = isKind("refer-a-friend", "refer-a-company")
const always = (): boolean => true
const one = (text: string) => (): string => text

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40) || "brand"

const sourceNames = sources.map(({ name }) => name).join(", ")
const kindNames = kinds.map(({ name }) => name).join(", ")

/** In the order in which they are asked; each may look at the answers before it. */
export const questions: ReadonlyArray<Question> = [
  {
    flag: "sources",
    ask: "What do you have?",
    what: `What you have: one or more of ${sourceNames}, with commas between them`,
    isRequired: true,
    suggestion: () => null,
    applies: always,
    check: (text) => {
      const unknown = text.split(",").find((part) => !sources.some(({ name }) => name === part.trim()))
      return when(unknown === undefined, `"${unknown}" is none of ${sourceNames}`)
    },
  },
  {
    flag: "tenant",
    ask: "What is your brand called here? Lower-case letters, digits and hyphens:",
    what: "Your brand's name in the database: lower-case letters, digits and hyphens",
    isRequired: false,
    suggestion: (_, { directoryName }) => slug(directoryName),
    applies: always,
    check: (text) =>
      when(/^[a-z0-9][a-z0-9-]{0,62}$/.test(text), `"${text}" must be lower-case letters, digits and hyphens`),
  },
  {
    flag: "currency",
    ask: "Which currency are rewards in?",
    what: "The currency of rewards, such as EUR",
    isRequired: true,
    suggestion: () => null,
    applies: always,
    check: (text) => when(isCurrency(text), `"${text}" is no ISO 4217 currency code such as EUR`),
  },
  {
    flag: "time-zone",
    ask: "In which time zone do your days and months begin?",
    what: "The time zone in which days and months begin, such as Europe/Berlin",
    isRequired: true,
    suggestion: (_, { timeZone }) => timeZone,
    applies: always,
    check: (text) => when(isTimeZone(text), `"${text}" is no IANA time zone such as Europe/Berlin`),
  },
  {
    flag: "program",
    ask: "What kind of program?",
    what: `The kind of program: ${kindNames}`,
    isRequired: false,
    suggestion: one("refer-a-friend"),
    applies: always,
    check: (text) =>
      when(
        kinds.some(({ name }) => name === text),
        `"${text}" is none of ${kindNames}`,
      ),
  },
  {
    flag: "advocate-reward",
    ask: "What does the advocate get? An amount, a percentage of what the friend buys, or none:",
    what: "What the advocate gets: an amount such as 20.00, 10% of what the friend buys, or none",
    isRequired: false,
    suggestion: ({ program }) => (program === "refer-a-company" ? "5%" : "10%"),
    applies: refers,
    check: (text) => Rewards.reward(text, false),
  },
  {
    flag: "friend-reward",
    ask: "What does the friend get? An amount, a percentage, or none:",
    what: "What the friend gets: an amount such as 10.00, 10% (off at a shop's checkout), or none",
    isRequired: false,
    suggestion: ({ program }) => (program === "refer-a-company" ? "none" : "10%"),
    applies: refers,
    check: (text, { program }) => Rewards.reward(text, program === "refer-a-friend"),
  },
  {
    flag: "points-per-unit",
    ask: "How many points for each whole unit of the currency?",
    what: "Points for each whole unit of the currency",
    isRequired: false,
    suggestion: one("1"),
    applies: isKind("collect-points"),
    check: (text) => when(/^[1-9]\d{0,5}$/.test(text), `"${text}" must be a whole number of 1 or more`),
  },
  {
    flag: "offer",
    ask: "What can points be turned into? Points and an amount such as 500:5.00, or none:",
    what: "What points can be turned into: points and an amount, such as 500:5.00, or none",
    isRequired: false,
    suggestion: one("500:5"),
    applies: isKind("collect-points"),
    check: Rewards.offer,
  },
  {
    flag: "site",
    ask: "Where do advocates' links lead?",
    what: "The address that advocates' links lead to, such as https://acme.example",
    isRequired: false,
    suggestion: ({ tenant }) => `https://${tenant ?? "brand"}.example`,
    applies: always,
    check: (text) =>
      when(
        URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
        `"${text}" is no address such as https://acme.example`,
      ),
  },
]

export const questionOf = (flag: FlagName): Question => {
  const found = questions.find((question) => question.flag === flag)
  if (found === undefined) throw new Error(`nothing is asked by ${flag}`)
  return found
}
