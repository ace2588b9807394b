/**
 * Short stories for the tests of decisions: Ada shares a code, Zoe buys.
 *
 * Times are days after 1 October 2026, noon in UTC. Every member that a story does not name has a plain value. Customer 1 is
 * Ada with the code ADA; customer 2 is Zoe, who is new.
 */
import type * as Fact from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { type Handle, platform } from "../src/id/Handle.ts"
import { days, fromIso, type Instant } from "../src/id/Instant.ts"
import type { Credit } from "../src/ledger/Credit.ts"
import { make as currencyOf } from "../src/money/Currency.ts"
import { evaluate, type Evaluation } from "../src/program/Evaluation.ts"
import * as Program from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"

export const start = fromIso("2026-10-01T12:00:00Z")
export const day = (count: number): Instant => start + days(count)
export const customer = (id: number): Handle => platform("shopify", "customer", `${id}`)
export const email = (name: string): Handle => `email:${name}` as Handle
export const handle = (text: string): Handle => text as Handle

const head = (key: string, at: Instant, version = 0) => ({
  key: Facts.key(key),
  version,
  rank: Facts.rank.api,
  occurredAt: at,
})

type Of<Tag extends Fact.FactTag> = Partial<Fact.FactOf<Tag>>

export const person = (id: number, told: Of<"PersonSeen"> = {}): Fact.PersonSeen => ({
  _tag: "PersonSeen",
  ...head(customer(id), day(-100), 1),
  person: customer(id),
  aliases: [email(`customer-${id}`)],
  mergedFrom: [],
  companies: [],
  soft: [],
  marketing: "granted",
  lifecycle: null,
  ...told,
})

export const merge = (into: Handle, from: Handle, at = day(50)): Fact.PeopleMerged => ({
  _tag: "PeopleMerged",
  ...head(`shopify:merge/${into}`, at),
  into,
  from: [from],
})

export const asset = (code: string, owner: number, at = day(-50)): Fact.AssetIssued => ({
  _tag: "AssetIssued",
  ...head(`advocacy:asset/${code}`, at),
  code,
  owner: customer(owner),
  program: "refer",
})

export const line = (amountMinor: bigint, told: Partial<Fact.OrderLine> = {}): Fact.OrderLine => ({
  line: "1",
  product: "product/1",
  quantity: 1,
  currentQuantity: told.quantity ?? 1,
  amountMinor,
  isGiftCard: false,
  ...told,
})

/** Zoe's order of 100.00 on day 0 with Ada's code, unless told otherwise. */
export const order = (id: number, told: Of<"OrderPlaced"> = {}): Fact.OrderPlaced => ({
  _tag: "OrderPlaced",
  ...head(`shopify:order/${id}`, day(0), 1),
  order: platform("shopify", "order", `${id}`),
  customer: customer(2),
  email: null,
  currency: currencyOf("EUR"),
  test: false,
  cancelledAt: null,
  paid: true,
  channel: "web",
  lines: [line(10_000n)],
  codes: [{ code: "ADA", discountMinor: 0n }],
  attributes: [],
  visits: [],
  soft: [],
  ...told,
})

/** Goodwill beyond the lines unless lines are told. */
export const refund = (id: number, of: number, otherMinor: bigint, told: Of<"RefundMade"> = {}): Fact.RefundMade => ({
  _tag: "RefundMade",
  ...head(`shopify:refund/${id}`, day(5)),
  order: platform("shopify", "order", `${of}`),
  currency: currencyOf("EUR"),
  lines: [],
  otherMinor,
  ...told,
})

export const visit = (code: string, visitor: Handle, at: Instant): Fact.LinkVisited => ({
  _tag: "LinkVisited",
  ...head(`advocacy:visit/${code}/${at}`, at),
  code,
  visitor,
})
export const invitation = (code: string, friend: Handle, at: Instant): Fact.InvitationSent => ({
  _tag: "InvitationSent",
  ...head(`advocacy:invitation/${code}/${at}`, at),
  code,
  friend,
})

export const keyFor = (id: number, role: Credit["role"] = "advocate"): string =>
  `refer|referral|shopify:order/${id}|${role}|`

export const committed = (id: number, told: Of<"RewardCommitted"> = {}): Fact.RewardCommitted => ({
  _tag: "RewardCommitted",
  ...head(`advocacy:commitment/${keyFor(id)}/${told.ordinal ?? 1}`, day(20)),
  credit: keyFor(id),
  ordinal: 1,
  beneficiary: customer(1),
  unit: "EUR",
  amountMinor: 1_000n,
  terms: program().hash,
  ...told,
})

export const review = (
  id: number,
  verdict: "release" | "reject",
  told: Of<"ReviewDecided"> = {},
): Fact.ReviewDecided => ({
  _tag: "ReviewDecided",
  ...head(`advocacy:review/${id}/${told.occurredAt ?? 0}`, day(21)),
  credit: keyFor(id),
  verdict,
  beneficiary: null,
  by: "sam",
  reason: "looked at it",
  ...told,
})

/** 10 % for the advocate after 14 days, evidence of every kind in 30 days, new customers. */
export const program = (
  mechanic: Partial<Referral.ReferralOptions> = {},
  options: Partial<Program.ProgramOptions> = {},
): Program.Program => {
  const { Attribution, Evidence, Qualify } = Referral
  return Program.make("refer", {
    currency: "EUR",
    timeZone: "Europe/Berlin",
    mechanics: [
      Referral.make({
        evidence: [Evidence.code, Evidence.cartAttribute, Evidence.click, Evidence.invitation],
        attribution: Attribution.lastTouch({ window: "30 days" }),
        qualifies: [Qualify.newCustomer],
        hold: "14 days",
        advocate: Reward.discount({ percentOfOrder: 10 }),
        friend: null,
        ...mechanic,
      }),
    ],
    ...options,
  })
}

/** Ada, her code, Zoe, and the plain program in force for long. */
export const cast = (of = program()): ReadonlyArray<Fact.Fact> => [
  Program.publication(of, day(-400)),
  person(1),
  asset("ADA", 1),
  person(2),
  person(3),
  asset("BEN", 3),
]

export const tell = (
  facts: ReadonlyArray<Fact.Fact>,
  told: { readonly program?: Program.Program; readonly asOf?: Instant } = {},
): Evaluation => evaluate([...cast(told.program), ...facts], "refer", told.asOf ?? day(100))

/** The credit of order `id`, in few words: outcome, reason, review, amount. */
export const verdict = (evaluation: Evaluation, id = 1, role: Credit["role"] = "advocate"): string => {
  const credit = creditOf(evaluation, id, role)
  return credit === undefined
    ? "none"
    : [credit.outcome, credit.reason ?? "-", credit.review, credit.amountMinor].join(" ")
}

export const creditOf = (evaluation: Evaluation, id = 1, role: Credit["role"] = "advocate"): Credit | undefined =>
  [...evaluation.credits.values()].find(({ key }) => key === keyFor(id, role))

/** Amounts by what the account is called after the hash: `{ granted: -10n, pending: 10n }`. */
export const sheet = (credit: Credit | undefined): Readonly<Record<string, bigint>> =>
  Object.fromEntries(
    (credit?.legs ?? []).map(({ account, amountMinor }) => [account.slice(account.indexOf("#") + 1), amountMinor]),
  )

/** A review of the first customer. */
export const content = (id: number | string, told: Of<"ContentPublished"> = {}): Fact.ContentPublished => ({
  _tag: "ContentPublished",
  ...head(`brand:content/${id}`, day(-10)),
  kind: "review",
  author: customer(1),
  channel: "judge.me",
  product: null,
  stars: null,
  impressions: null,
  engagements: {},
  rights: "unknown",
  incentivised: null,
  removed: false,
  ...told,
})
