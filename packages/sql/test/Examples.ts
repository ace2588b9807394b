/** Facts and revisions to store; what they mean does not matter to a store. */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import * as FactModule from "@advocacy-kit/core/fact/Fact"
import { platform } from "@advocacy-kit/core/id/Handle"
import { type Credit, handleAccount, keyOf, programAccount, Unit } from "@advocacy-kit/core/ledger/Credit"
import type { Revision } from "@advocacy-kit/core/ledger/Ledger"
import { type OutboundEffect, rewardKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Schema } from "effect"

const euros = Schema.decodeSync(Unit)("EUR")

export const invitation = (
  id: string,
  changes: { version?: number; occurredAt?: number; friend?: string; code?: string } = {},
): Fact =>
  FactModule.decodeSync({
    _tag: "InvitationSent",
    key: `own:invitation/${id}`,
    version: changes.version ?? 0,
    rank: 200,
    occurredAt: changes.occurredAt ?? 1_000,
    code: changes.code ?? "ANNA",
    friend: changes.friend ?? "email:f00",
  })

export const order = (id: number): Fact =>
  FactModule.decodeSync({
    _tag: "OrderPlaced",
    key: `shopify:order/${id}`,
    version: 1_700_000_000_000 + id,
    rank: 100,
    occurredAt: 1_700_000_000_000 + id,
    order: `shopify:order/${id}`,
    customer: `shopify:customer/${id % 997}`,
    email: "email:0123456789abcdef0123456789abcdef01234567",
    currency: "EUR",
    test: false,
    cancelledAt: null,
    paid: true,
    channel: "web",
    lines: [{ line: `l${id}`, product: "p1", quantity: 2, currentQuantity: 2, amountMinor: "4999", isGiftCard: false }],
    codes: [{ code: "ANNA10", discountMinor: "500" }],
    attributes: [{ key: "ref", value: "ANNA" }],
    visits: [{ at: 1_700_000_000_000, code: "ANNA", source: "direct" }],
    soft: ["phone:0123456789abcdef0123456789abcdef01234567"],
  })

export const credit = (program: string, cause: string, amountMinor: bigint): Credit => {
  const beneficiary = platform("shopify", "customer", cause)
  return {
    key: keyOf({ program, rule: "refer", cause, role: "advocate" }),
    program,
    rule: "refer",
    cause,
    role: "advocate",
    part: "",
    beneficiary,
    code: "ANNA",
    unit: euros,
    at: 1_000,
    amountMinor,
    outcome: "credited",
    reason: null,
    review: "clear",
    legs: [
      { account: handleAccount(beneficiary, "pending"), amountMinor },
      { account: programAccount(program), amountMinor: -amountMinor },
    ],
    effectiveAt: 1_000,
    expiresAt: null,
    nextDueAt: null,
    terms: "t1",
    because: [{ rule: "window", outcome: "passed", saw: { zone: "Europe/Berlin", age: "3 days" } }],
  }
}

export const revision = (program: string, cause: string, amountMinor: bigint, number = 1): Revision => {
  const granted = credit(program, cause, amountMinor)
  return {
    key: granted.key,
    revision: number,
    unit: granted.unit,
    effectiveAt: granted.effectiveAt,
    legs: granted.legs,
    credit: granted,
    asOf: granted.effectiveAt + number,
    inputs: `${"0".repeat(63)}${number}`,
  }
}

export const reward = (program: string, cause: string, amountMinor: bigint): OutboundEffect => {
  const granted = credit(program, cause, amountMinor)
  return {
    _tag: "IssueReward",
    key: rewardKey(granted.key, 1),
    credit: granted.key,
    ordinal: 1,
    beneficiary: granted.beneficiary,
    recipient: granted.beneficiary,
    unit: granted.unit,
    amountMinor,
    terms: "t1",
    plannedAt: 1_000,
  }
}
