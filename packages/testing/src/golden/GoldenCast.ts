/**
 * The people and records that golden stories are made of. Every member that a story does not name has a plain value.
 *
 * Customers and orders are the shop's, contacts and deals the CRM's; `email("ada")` stands for an address, as a hash does.
 */
import * as Facts from "@advocacy-kit/core/fact/Fact"
import type { Fact, FactOf, FactTag } from "@advocacy-kit/core/fact/Fact"
import { platform, type Handle } from "@advocacy-kit/core/id/Handle"
import { fromIso } from "@advocacy-kit/core/id/Instant"
import { make as currencyOf } from "@advocacy-kit/core/money/Currency"
import * as Program from "@advocacy-kit/core/program/Program"
import * as Referral from "@advocacy-kit/core/program/Referral"
import * as Reward from "@advocacy-kit/core/reward/Reward"

export const customer = (id: number): Handle => platform("shopify", "customer", `${id}`)
export const contact = (id: number): Handle => platform("hubspot", "contact", `${id}`)
export const email = (name: string): Handle => `email:${name}` as Handle

const head = (key: string, at: string, version = 0) => ({
  key: Facts.key(key),
  version,
  rank: Facts.rank.api,
  occurredAt: fromIso(at),
})

type Told<Tag extends FactTag> = Partial<FactOf<Tag>>

const long = "2026-01-01T00:00:00Z"

export const person = (handle: Handle, ...aliases: ReadonlyArray<Handle>): Fact => ({
  _tag: "PersonSeen",
  ...head(handle, long, 1),
  person: handle,
  aliases,
  mergedFrom: [],
  companies: [],
  soft: [],
  marketing: "granted",
  lifecycle: null,
})

export const code = (text: string, owner: Handle): Fact => ({
  _tag: "AssetIssued",
  ...head(`advocacy:asset/${text}`, long),
  code: text,
  owner,
  program: "refer-a-friend",
})

/** An order of a customer with codes; a guest has an address only. */
export const order = (
  id: number,
  at: string,
  amountMinor: bigint,
  buyer: { readonly customer?: Handle; readonly email?: Handle },
  codes: ReadonlyArray<string>,
  told: Told<"OrderPlaced"> = {},
): Fact => ({
  _tag: "OrderPlaced",
  ...head(`shopify:order/${id}`, at, 1),
  order: platform("shopify", "order", `${id}`),
  customer: buyer.customer ?? null,
  email: buyer.email ?? null,
  currency: currencyOf("EUR"),
  test: false,
  cancelledAt: null,
  paid: true,
  channel: "web",
  lines: [{ line: "1", product: "product/1", quantity: 1, currentQuantity: 1, amountMinor, isGiftCard: false }],
  codes: codes.map((text) => ({ code: text, discountMinor: 0n })),
  attributes: [],
  visits: [],
  soft: [],
  ...told,
})

export const refund = (id: number, of: number, at: string, amountMinor: bigint): Fact => ({
  _tag: "RefundMade",
  ...head(`shopify:refund/${id}`, at),
  order: platform("shopify", "order", `${of}`),
  currency: currencyOf("EUR"),
  lines: [],
  otherMinor: amountMinor,
})

export const merged = (into: Handle, from: Handle, at: string): Fact => ({
  _tag: "PeopleMerged",
  ...head(`hubspot:merge/${into}`, at),
  into,
  from: [from],
})

export const invited = (text: string, friend: Handle, at: string): Fact => ({
  _tag: "InvitationSent",
  ...head(`advocacy:invitation/${text}/${at}`, at),
  code: text,
  friend,
})

export const published = (program: Program.Program, at: string): Fact => Program.publication(program, fromIso(at))

/** 20.00 EUR for the advocate after 14 days, new customers, codes and invitations of the last 30 days. */
export const program = (
  mechanic: Partial<Referral.ReferralOptions> = {},
  options: Partial<Program.ProgramOptions> = {},
): Program.Program =>
  Program.make("refer-a-friend", {
    currency: "EUR",
    timeZone: "Europe/Berlin",
    mechanics: [
      Referral.make({
        evidence: [Referral.Evidence.code, Referral.Evidence.invitation],
        attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
        qualifies: [Referral.Qualify.newCustomer],
        hold: "14 days",
        advocate: Reward.discount({ amount: "20.00" }),
        friend: null,
        ...mechanic,
      }),
    ],
    ...options,
  })

/** What most stories share. */
export const plain = program()
export const [ada, ben, zoe] = [customer(1), customer(2), customer(3)]
export const people = { [ada]: "Ada", [ben]: "Ben", [zoe]: "Zoe" }
export const cast = [
  published(plain, "2026-01-01T00:00:00Z"),
  person(ada, email("ada")),
  code("ADA", ada),
  person(ben, email("ben")),
  code("BEN", ben),
]
export const plainRules = "20.00 EUR for the advocate of a new customer, 14 days after the purchase"
