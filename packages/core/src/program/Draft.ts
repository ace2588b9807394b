/**
 * A credit before its legs: what it is worth and what was taken of it, so that debts can be paid across a person's credits.
 */
import { listed, noted, type Trial } from "../because/Because.ts"
import { format, make as money } from "../money/Money.ts"
import { isCurrency, make as currencyOf } from "../money/Currency.ts"
import { toIso, type Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import { legsOf, openMinor, shortMinor, type Sheet } from "./BalanceSheet.ts"
import type { History } from "./History.ts"
import { repay, type Item } from "./Repayment.ts"

export interface Draft {
  readonly credit: Omit<Credit, "legs">
  /** Null for what has no postings: a tier. */
  readonly sheet: Sheet | null
  readonly maturesAt: Instant
  /** Since when something has to come back, where it does. */
  readonly fellAt: Instant
  /** Since when what nobody took is forfeited, where it is. */
  readonly forfeitedAt?: Instant
}

/** An amount for people: money with its currency, anything else with its unit. */
export const amountIn = (unit: string, amountMinor: bigint): string =>
  isCurrency(unit) ? format(money(currencyOf(unit), amountMinor)) : `${amountMinor} ${unit.split(":")[0]}`

/** What lay open before it was forfeited pays the debts of before: they stay as they were. Nothing pays after. */
const itemOf = ({ credit, fellAt, forfeitedAt, maturesAt, sheet }: Draft): ReadonlyArray<Item> =>
  sheet === null
    ? []
    : [
        {
          key: credit.key,
          at: credit.at,
          // What is held is nobody's yet.
          openMinor:
            credit.review === "held" || (forfeitedAt !== undefined && credit.at >= forfeitedAt) ? 0n : openMinor(sheet),
          maturesAt,
          expiresAt: forfeitedAt ?? credit.expiresAt,
          shortMinor: shortMinor(sheet),
          fellAt,
        },
      ]

/** What an erased person has open is forfeited from the erasure on; what had expired before has. */
const forfeited = (draft: Draft, at: Instant | undefined): Draft => {
  const { credit, sheet } = draft
  if (at === undefined || sheet === null || openMinor(sheet) === 0n) return draft
  if (credit.expiresAt !== null && credit.expiresAt <= at) return draft
  return {
    ...draft,
    forfeitedAt: at,
    sheet: { ...sheet, rest: "forfeited" },
    credit: {
      ...credit,
      nextDueAt: null,
      effectiveAt: Math.max(credit.effectiveAt, at),
      because: [...credit.because, noted("forfeited by erasure", { at: toIso(at) })],
    },
  }
}

const repayment = (
  rule: string,
  unit: string,
  amountMinor: bigint,
  parts: ReadonlyArray<readonly [string, bigint]>,
): ReadonlyArray<Trial> =>
  amountMinor === 0n
    ? []
    : [
        noted(rule, {
          amount: amountIn(unit, amountMinor),
          ...listed(parts.map(([name, minor]) => [name, amountIn(unit, minor)])),
        }),
      ]

/** Forfeits what erased people have open, lets each person's credits pay the person's debts, and draws up the legs. */
export const finish = (
  { erasedAt, people }: Pick<History, "people" | "erasedAt">,
  drawn: ReadonlyArray<Draft>,
): ReadonlyMap<CreditKey, Credit> => {
  const drafts =
    erasedAt.size === 0
      ? drawn
      : drawn.map((draft) => forfeited(draft, erasedAt.get(people.personOf(draft.credit.beneficiary))))
  const short = drafts.filter(({ sheet }) => sheet !== null && shortMinor(sheet) > 0n)
  const purseOf = ({ credit }: Draft): string => `${people.personOf(credit.beneficiary)} ${credit.unit}`
  const indebted = new Set(short.map(purseOf))
  const purses = indebted.size === 0 ? [] : [...Map.groupBy(drafts, purseOf)].filter(([purse]) => indebted.has(purse))
  const repaid = purses.map(([, of]) => repay(of.flatMap(itemOf)))
  const repaysMinor = new Map(repaid.flatMap(({ repays }) => [...repays]))
  const repaidMinor = new Map(repaid.flatMap((one) => [...one.repaid]))
  const payments = repaid.flatMap((one) => one.payments)
  const paidBy = Map.groupBy(payments, ({ debt }) => debt)
  const paidFor = Map.groupBy(payments, ({ from }) => from)
  return new Map(
    drafts.map(({ credit, sheet }): readonly [CreditKey, Credit] => {
      if (sheet === null) return [credit.key, { ...credit, legs: [] }]
      const [pays, paid] = [repaysMinor.get(credit.key) ?? 0n, repaidMinor.get(credit.key) ?? 0n]
      return [
        credit.key,
        {
          ...credit,
          legs: legsOf({ ...sheet, repaysMinor: pays, repaidMinor: paid }),
          because: [
            ...credit.because,
            ...repayment(
              "pays a debt of the same person",
              credit.unit,
              pays,
              (paidFor.get(credit.key) ?? []).map(({ amountMinor, debt }) => [`of ${debt}`, amountMinor]),
            ),
            ...repayment(
              "debt paid by other credits",
              credit.unit,
              paid,
              (paidBy.get(credit.key) ?? []).map(({ amountMinor, from }) => [`by ${from}`, amountMinor]),
            ),
          ],
        },
      ]
    }),
  )
}
