/**
 * Arbitrary facts of every kind, straight from the schemas: any text a store can hold, any amount, any whole number.
 *
 * Promises: every one decodes as `Fact`; none holds NUL bytes or lone surrogates, which stores refuse. They are for
 * stores, which do not look inside; for stories that make sense use `HistoryArbitrary`.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { Arbitrary, Schema } from "effect"

const unstorable = /[\0\p{Surrogate}]/gu

/** JSON that every store can hold; an own member called `__proto__` is more than JavaScript's objects can. */
const storable = (value: unknown): unknown => {
  if (typeof value === "string") return value.replace(unstorable, "?")
  if (typeof value === "number") return Number.isFinite(value) ? value : null
  if (value === null || typeof value === "bigint" || typeof value === "boolean") return value
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== "object") return null
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "__proto__")
      .map(([name, member]) => [name.replace(unstorable, "?"), storable(member)]),
  )
}

const isFact = (value: unknown): value is Fact.Fact =>
  typeof value === "object" && value !== null && "_tag" in value && "key" in value

const cleaned = (fact: Fact.Fact): Fact.Fact => {
  const clean = storable(fact)
  if (!isFact(clean)) throw new TypeError("a fact stays a fact when its text is cleaned")
  return clean._tag === "ProgramPublished" || clean._tag === "ProgramCorrected"
    ? { ...clean, definition: JSON.parse(JSON.stringify(clean.definition, asText)) }
    : clean
}

/** JSON has no bigints. */
const asText = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}` : value)

/** Drawing arbitrary text until it happens to be a currency would take for ever. */
const currency = Schema.Literals(["JPY", "EUR", "KWD", "CLF"]).pipe(Schema.brand("Currency"))
const { DealChanged, OrderPlaced, RefundMade } = Fact
const withMoney = [
  Schema.Struct({ ...OrderPlaced.fields, currency }),
  Schema.Struct({ ...RefundMade.fields, currency }),
  Schema.Struct({ ...DealChanged.fields, currency: Schema.NullOr(currency) }),
] as const
const withoutMoney = [
  Fact.PersonSeen,
  Fact.CompanySeen,
  Fact.PeopleMerged,
  Fact.CompaniesMerged,
  Fact.MergeUndone,
  Fact.PersonErased,
  Fact.PersonReturned,
  Fact.AskSent,
  Fact.SurveyAnswered,
  Fact.ContentPublished,
  Fact.AssetIssued,
  Fact.AssetShared,
  Fact.LinkVisited,
  Fact.InvitationSent,
  Fact.Enrolled,
  Fact.Identified,
  Fact.Assigned,
  Fact.ProgramPublished,
  Fact.ProgramCorrected,
  Fact.RewardCommitted,
  Fact.CommitmentWithdrawn,
  Fact.ReviewDecided,
  Fact.ValueRedeemed,
  Fact.ValueTransferred,
  Fact.ValueAdjusted,
  Fact.TierAnnounced,
  Fact.RewardPaid,
] as const

/** One arbitrary per kind of fact. */
export const ofEachKind: ReadonlyArray<Arbitrary.Arbitrary<Fact.Fact>> = [...withMoney, ...withoutMoney].map((member) =>
  Arbitrary.schema<Schema.Schema<Fact.Fact>>(member).pipe(Arbitrary.map(cleaned)),
)

export const fact: Arbitrary.Arbitrary<Fact.Fact> = Arbitrary.schema(
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: ofEachKind.length - 1 })),
).pipe(Arbitrary.flatMap((kind) => ofEachKind[kind] ?? Arbitrary.schema(Fact.AssetIssued)))
