/**
 * Records a purchase that no connected shop knows: the contact bought, perhaps with somebody's code.
 *
 * It becomes an order of its own, and is credited like any other when credits are next computed. Deals need no step: they are
 * read by themselves.
 */
import type { OrderPlaced } from "@advocacy-kit/core/fact/Fact"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { sha256Hex } from "@advocacy-kit/core/id/Digest"
import { platform, usableCode } from "@advocacy-kit/core/id/Handle"
import * as Currency from "@advocacy-kit/core/money/Currency"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import { Effect } from "effect"
import { z } from "zod"
import * as Action from "./Action.ts"
import { programInput } from "./ActionDefinition.ts"
import { failed, succeeded } from "./ActionOutcome.ts"
import * as Standing from "./Standing.ts"

const currency = z
  .string()
  .trim()
  .toUpperCase()
  .refine(Currency.isCurrency, "give an ISO 4217 currency such as EUR")
  .transform(Currency.make)

const order = (
  told: { readonly amountMinor: bigint; readonly currency: Currency.Currency; readonly code: string | undefined },
  { asOf, contact }: Action.Occasion,
  id: string,
): OrderPlaced => ({
  _tag: "OrderPlaced",
  key: Fact.key(`hubspot:conversion/${id}`),
  version: 0,
  rank: Fact.rank.own,
  occurredAt: asOf,
  order: platform("hubspot", "conversion", id),
  customer: contact,
  email: null,
  currency: told.currency,
  test: false,
  cancelledAt: null,
  paid: true,
  channel: "hubspot",
  lines: [
    {
      line: "1",
      product: null,
      quantity: 1,
      currentQuantity: 1,
      amountMinor: told.amountMinor,
      isGiftCard: false,
    },
  ],
  codes: told.code === undefined ? [] : [{ code: told.code, discountMinor: 0n }],
  attributes: [],
  visits: [],
  soft: [],
})

export const recordConversion = Action.make({
  definition: {
    uid: "adv_record_conversion",
    name: "Record conversion",
    description:
      "Records that the contact bought something that no connected shop knows of, such as over the counter. Deals are read by themselves.",
    card: "Record {{amount}} for {{program}}",
    inputs: [
      programInput,
      {
        name: "amount",
        type: "number",
        label: "Amount",
        description: "What was paid for goods, without tax",
        isRequired: true,
        mayBeProperty: true,
      },
      {
        name: "currency",
        type: "string",
        label: "Currency",
        description: "Such as EUR; that of the account where empty",
        isRequired: false,
        mayBeProperty: true,
      },
      {
        name: "code",
        type: "string",
        label: "Referral code",
        description: "The code that the contact came with",
        isRequired: false,
        mayBeProperty: true,
      },
      {
        name: "dedupeKey",
        type: "string",
        label: "Once per",
        description: "Recorded once for each value, such as a receipt's number; where empty, once per enrolment",
        isRequired: false,
        mayBeProperty: true,
      },
    ],
    outputs: [
      { name: "conversionId", type: "string", label: "Conversion" },
      { name: "alreadyRecorded", type: "bool", label: "Was recorded before" },
    ],
    isReadOnly: false,
  },
  reading: "once",
  inputs: z.object({
    program: Action.program,
    amount: z
      .string({ error: "give the amount" })
      .trim()
      .regex(/^\d{1,15}(?:\.\d+)?$/, "give an amount such as 49.90"),
    currency: currency.optional(),
    code: z
      .string()
      .trim()
      .refine((text) => usableCode(text) !== null, "a code has at most 100 characters and no spaces")
      .optional(),
    dedupeKey: z.string().trim().max(200, "use at most 200 characters").optional(),
  }),
  perform: ({ amount, code, currency: named, dedupeKey, program }, occasion) =>
    Effect.gen(function* () {
      yield* Standing.read(program, occasion)
      const unit = named ?? Currency.make(occasion.currency)
      const amountMinor = inMinor(amount, unit)
      if (amountMinor === null) return failed("INVALID_INPUT", `Amount: ${unit} has fewer decimals`)
      const key = dedupeKey === undefined ? occasion.key : `${occasion.contact}|${dedupeKey}`
      const id = sha256Hex(key).slice(0, 32)
      const log = yield* FactLog
      const [known] = yield* log.byKey({
        keys: [Fact.key(`hubspot:conversion/${id}`)],
        asOf: Number.MAX_SAFE_INTEGER,
      })
      if (known === undefined)
        yield* log.append({ facts: [order({ amountMinor, currency: unit, code }, occasion, id)], personal: [] })
      return succeeded({ conversionId: `hubspot:conversion/${id}`, alreadyRecorded: known !== undefined })
    }),
})

const inMinor = (amount: string, unit: Currency.Currency): bigint | null => {
  try {
    return fromDecimal(amount, unit).amountMinor
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
