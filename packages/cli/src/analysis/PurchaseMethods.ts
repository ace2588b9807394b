/** Methods for who bought when, and for how much. */
import * as BgNbd from "@advocacy-kit/core/metric/BgNbd"
import { histories } from "@advocacy-kit/core/metric/BuyingHistory"
import * as GammaGamma from "@advocacy-kit/core/metric/GammaGamma"
import { lifetimeValue, weeksPerMonth } from "@advocacy-kit/core/metric/LifetimeValue"
import type { Purchase } from "@advocacy-kit/core/metric/Purchase"
import { cohortTable, repeatPurchases, secondPurchase } from "@advocacy-kit/core/metric/Retention"
import type { Column, DataFile, Read } from "./DataFile.ts"
import { values, type Finding, type Method } from "./Method.ts"

const columns: ReadonlyArray<Column> = [
  { name: "customer", what: "who bought" },
  { name: "date", what: "2026-10-31" },
  { name: "amount", what: "in one currency" },
]

const purchasesIn = (file: DataFile): Read<Purchase> =>
  file.each((row) => ({ customer: row.text("customer"), date: row.date("date"), amount: row.number("amount") }))

/** The last day that anybody bought: what is known reaches to there. */
const endOf = (purchases: ReadonlyArray<Purchase>): string =>
  purchases.reduce((last, { date }) => (date > last ? date : last), "")

const nothing = ({ leftOut }: Pick<Finding, "leftOut">): Finding => ({
  sections: [],
  notes: ["there are no purchases, hence nothing to tell"],
  leftOut,
})

export const retention: Method = {
  name: "retention",
  question: "Who comes back, by month of the first purchase?",
  columns,
  apply: (file) => {
    const read = purchasesIn(file)
    if (read.used.length === 0) return nothing(read)
    const end = endOf(read.used)
    const repeat = repeatPurchases(read.used, end)
    const table = cohortTable(read.used, end)
    return {
      sections: [
        values("Repeat purchases", [
          ["customers", repeat.customers],
          ["bought on two days or more", repeat.repeaters],
          ["share", repeat.rate],
          ["low (95 %, Wilson)", repeat.interval?.low ?? null],
          ["high", repeat.interval?.high ?? null],
        ]),
        {
          title: "Bought again within (Kaplan and Meier)",
          columns: ["days", "share", "low", "high"],
          rows: secondPurchase(read.used, end, [30, 90, 180, 365]).map(({ days, interval, share }) => [
            days,
            share,
            interval?.low ?? null,
            interval?.high ?? null,
          ]),
        },
        {
          title: "Active in the months after the first purchase",
          columns: ["cohort", "customers", ...(table.cohorts[0]?.active ?? []).map((_, month) => `+${month}`)],
          rows: table.cohorts.map(({ active, cohort, size }) => [cohort, size, ...active]),
        },
      ],
      notes: [
        `known up to ${end}, the last purchase in the file`,
        ...(table.unfinishedMonth === null ? [] : [`${table.unfinishedMonth} is not over: it counts too few`]),
      ],
      leftOut: read.leftOut,
    }
  },
}

export const lifetime: Method = {
  name: "lifetime",
  question: "How much will each customer still buy (BG/NBD and Gamma-Gamma)?",
  columns,
  settings: [
    { name: "months", what: "how far to look ahead", fallback: 12 },
    { name: "discount", what: "a month: 0.01 is 1 %", fallback: 0.01 },
    { name: "margin", what: "share of the amount that is left", fallback: 1 },
  ],
  apply: (file, setting) => {
    const read = purchasesIn(file)
    const [months, discount, margin] = [setting("months"), setting("discount"), setting("margin")]
    if (read.used.length === 0) return nothing(read)
    const customers = histories(read.used, { end: endOf(read.used) })
    const [buying, spending] = [BgNbd.fit(customers), GammaGamma.fit(customers)]
    const none = (reason: string): Finding => ({ sections: [], notes: [`no model: ${reason}`], leftOut: read.leftOut })
    if (buying.parameters === null) return none(buying.reason)
    if (spending.parameters === null) return none(spending.reason)
    const horizon = { periods: months, periodLength: weeksPerMonth, discount, margin }
    const each = customers
      .map((one) => ({
        customer: one.customer,
        alive: BgNbd.probabilityAlive(buying.model, one),
        expected: BgNbd.expectedPurchases(buying.model, one, months * weeksPerMonth),
        value: lifetimeValue(
          (time) => BgNbd.expectedPurchases(buying.model, one, time),
          GammaGamma.expectedSpend(spending.model, one),
          horizon,
        ),
      }))
      .sort((left, right) => (right.value ?? 0) - (left.value ?? 0) || (left.customer < right.customer ? -1 : 1))
    return {
      sections: [
        values("Models", [
          ["BG/NBD r", buying.model.r],
          ["alpha", buying.model.alpha],
          ["a", buying.model.a],
          ["b", buying.model.b],
          ["log-likelihood", buying.logLikelihood],
          ["Gamma-Gamma p", spending.model.p],
          ["q", spending.model.q],
          ["v", spending.model.v],
        ]),
        {
          title: `Customers, by what they will buy in ${months} months`,
          columns: ["customer", "still a customer", "purchases", "value"],
          rows: each.map(({ alive, customer, expected, value }) => [customer, alive, expected, value]),
        },
      ],
      notes: [
        `discounted by ${discount * 100} % a month, at a margin of ${margin * 100} %`,
        "who has bought once counts as a customer for certain in this model: read the chance for repeat buyers",
      ],
      leftOut: read.leftOut,
    }
  },
}
