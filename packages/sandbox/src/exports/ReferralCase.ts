/**
 * What happened, as the product in use knows it: each order that it saw as a referral, with who brought whom by what.
 *
 * It is taken from the world's truth, not from what files show. Orders whose evidence names several advocates are left
 * out of what faults may be planted on: files show a part of their evidence, which may name the other one.
 */
import * as OrderTotals from "../shopify/OrderTotals.ts"
import * as Decimal from "../shopify/Decimal.ts"
import type { CrmRecord, ShopOrder, TrueConversion, TruePerson, World } from "../world/World.ts"
import { rules } from "../world/World.ts"
import * as Present from "./Present.ts"

export interface Member {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  /** null for a guest. */
  readonly customerId: string | null
}

export interface ReferralCase {
  readonly order: ShopOrder
  readonly truth: TrueConversion
  readonly advocate: Member
  /** Person id of the advocate, the simulator's own. */
  readonly advocateId: string
  readonly friend: Member
  readonly code: string
  /** Where the evidence stands: in the orders file, among the contacts, or in the product's own records alone. */
  readonly evidence: "orders" | "contacts" | "referrals"
  /** The end of the hold. */
  readonly payableAt: number
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const windowMs = rules.windowDays * dayMs

const shownCode = (code: string): string => code.trim().toLowerCase()

const evidenceOf = (order: ShopOrder, code: string, contact: CrmRecord | undefined): ReferralCase["evidence"] => {
  const wanted = shownCode(code)
  const onOrder = [...order.discountCodes, ...order.attributes.map(({ value }) => value)]
  if (onOrder.some((shown) => shownCode(shown) === wanted)) return "orders"
  const invitedAt = Date.parse(contact?.properties["invited_at"] ?? "")
  // A file of contacts shows minutes, so that an invitation as old as the window looks older.
  const isShownInWindow = Date.parse(order.createdAt) - Math.floor(invitedAt / minuteMs) * minuteMs <= windowMs
  const isInvited = shownCode(contact?.properties["invited_by_code"] ?? "") === wanted
  return isInvited && isShownInWindow ? "contacts" : "referrals"
}

interface Register {
  readonly people: ReadonlyMap<string, TruePerson>
  readonly customers: ReadonlyMap<string, Present.Present["customers"][number]>
  readonly contacts: ReadonlyMap<string, CrmRecord>
}

const nameless = { firstName: "", lastName: "" }

const nameOf = (register: Register, person: TruePerson | undefined): Omit<Member, "email" | "customerId"> => {
  const customer = register.customers.get(person?.shopCustomerIds[0] ?? "")
  if (customer !== undefined) return { firstName: customer.firstName ?? "", lastName: customer.lastName ?? "" }
  const contact = register.contacts.get(person?.contactIds[0] ?? "")
  if (contact === undefined) return nameless
  return { firstName: contact.properties["firstname"] ?? "", lastName: contact.properties["lastname"] ?? "" }
}

/** In order of purchase; orders under test and orders that name no known advocate are no referrals of the product. */
export const all = (world: World): ReadonlyArray<ReferralCase> => {
  const present = Present.of(world)
  const register: Register = {
    people: new Map(world.truth.people.map((person) => [person.person, person])),
    customers: new Map(present.customers.map((customer) => [customer.id, customer])),
    contacts: new Map(present.contacts.map((contact) => [contact.id, contact])),
  }
  const truths = new Map(world.truth.conversions.map((truth) => [truth.orderId, truth]))
  return present.orders.flatMap((order): ReadonlyArray<ReferralCase> => {
    const truth = truths.get(order.id)
    if (truth === undefined || truth.code === null || truth.advocate === null || order.test) return []
    const advocate = register.people.get(truth.advocate)
    const friend = register.people.get(truth.friend ?? "")
    const email = advocate?.emails[0]
    if (advocate === undefined || email === undefined || order.email === null) return []
    return [
      {
        order,
        truth,
        advocateId: advocate.person,
        advocate: { email, ...nameOf(register, advocate), customerId: advocate.shopCustomerIds[0] ?? null },
        friend: {
          email: order.email.trim().toLowerCase(),
          ...nameOf(register, friend),
          customerId: order.customerId,
        },
        code: truth.code,
        evidence: evidenceOf(order, truth.code, register.contacts.get(friend?.contactIds[0] ?? "")),
        payableAt: Date.parse(order.createdAt) + rules.holdDays * dayMs,
      },
    ]
  })
}

/** Whether the orders file alone shows that what is left lies below the minimum, whatever of the refund was shipping. */
export const isBelowMinimumByFile = ({ order }: ReferralCase): boolean => {
  const totals = OrderTotals.of(order)
  const ofGoods = totals.refunded - totals.shipping
  return totals.subtotal - (ofGoods > 0n ? ofGoods : 0n) < Decimal.parse(rules.minimum)
}
