/**
 * A backtest as sections of sentences and tables, for whatever shows it: a terminal or a comment on a pull request.
 *
 * It says what `Backtesting` holds and nothing else. People appear by what the caller calls a handle; names and addresses are not in
 * here.
 */
import type { Side } from "@advocacy-kit/core/flow/Backtesting"
import { toIso } from "@advocacy-kit/core/id/Instant"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Unit } from "@advocacy-kit/core/ledger/Credit"
import * as UnitSum from "@advocacy-kit/core/ledger/UnitSum"
import type { ConversionClass, PersonChange } from "@advocacy-kit/core/program/Comparison"
import type { ReasonCount } from "@advocacy-kit/core/program/Outcomes"
import * as Amount from "./Amount.ts"
import type { Report } from "./commands/backtest.ts"
import { count, percent } from "./Terminal.ts"

export interface Column {
  readonly title: string
  readonly align?: "right"
}

export interface Section {
  readonly title: string
  readonly lines: ReadonlyArray<string>
  readonly columns: ReadonlyArray<Column>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

const right = (title: string): Column => ({ title, align: "right" })
const several = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? "" : "s"}`
const people = (number: number): string => `${count(number)} ${number === 1 ? "person" : "people"}`

const earning = ({ outcomes }: Side): number => outcomes.distribution.people
const countOf = (reasons: ReadonlyArray<ReasonCount>): number => reasons.reduce((sum, one) => sum + one.count, 0)
/** One sentence that says what matters. */
export const headline = (report: Report): string => {
  const { against, candidate, comparison, scenario } = report
  if (scenario !== null) return `A scenario, not a forecast: ${scenario.why}.`
  const granted = Amount.formatSums(candidate.outcomes.granted)
  if (against === null || comparison === null)
    return `Had it been in force from the beginning, it would have granted ${granted} to ${people(earning(candidate))}.`
  const before = Amount.formatSums(against.outcomes.granted)
  const moved = comparison.difference.filter(({ amountMinor }) => amountMinor !== 0n)
  if (moved.length === 0) return `It would have granted the same: ${granted}.`
  const shares = moved.flatMap(({ amountMinor, unit }) => {
    const base = UnitSum.of(against.outcomes.granted, unit)
    return base === 0n ? [] : [`${amountMinor > 0n ? "+" : ""}${percent(Number(amountMinor) / Number(base))}`]
  })
  const share = shares.length === 1 && moved.length === 1 ? ` (${shares[0]})` : ""
  return `It would have granted ${granted} instead of ${before}: ${Amount.formatDifference(comparison.difference)}${share}.`
}

const units = (...sides: ReadonlyArray<ReadonlyArray<UnitSum.UnitSum>>): ReadonlyArray<Unit> =>
  [...new Set(sides.flat().map(({ unit }) => unit))].sort()

/** What both sides cost, in money and in counts. */
export const money = (report: Report): Section => {
  const { against, candidate } = report
  const sums = (
    what: string,
    now: ReadonlyArray<UnitSum.UnitSum>,
    before: ReadonlyArray<UnitSum.UnitSum> | null,
  ): ReadonlyArray<ReadonlyArray<string>> =>
    units(now, before ?? []).map((unit) => {
      const [old, tried] = [UnitSum.of(before ?? [], unit), UnitSum.of(now, unit)]
      const difference = Amount.formatDifference([{ unit, amountMinor: tried - old }])
      return before === null
        ? [what, Amount.format(unit, tried)]
        : [what, Amount.format(unit, old), Amount.format(unit, tried), difference]
    })
  const number = (what: string, now: number, before: number | null): ReadonlyArray<string> =>
    before === null
      ? [what, count(now)]
      : [
          what,
          count(before),
          count(now),
          now === before ? "no difference" : `${now > before ? "+" : ""}${count(now - before)}`,
        ]
  const open = (side: Side | null, maturity: string): ReadonlyArray<UnitSum.UnitSum> => {
    const last = side?.curve.at(-1)?.at
    return (side?.curve ?? [])
      .filter(({ at }) => at === last)
      .map(({ sums: of, unit }) => ({ unit, amountMinor: of[maturity] ?? 0n }))
  }
  const old = against?.outcomes ?? null
  const now = candidate.outcomes
  return {
    title: "Money",
    lines: [],
    columns:
      old === null
        ? [{ title: "" }, right("candidate")]
        : [{ title: "" }, right("in force"), right("candidate"), right("difference")],
    rows: [
      ...sums("granted", now.granted, old?.granted ?? null),
      ...sums("of it still pending", open(candidate, "pending"), old === null ? null : open(against, "pending")),
      ...sums("given at the checkout", now.recorded, old?.recorded ?? null),
      number("people who earn", earning(candidate), against === null ? null : earning(against)),
      number("conversions that earn", now.earning, old?.earning ?? null),
      number("refused", countOf(now.refusals), old === null ? null : countOf(old.refusals)),
      number("held for a human", countOf(now.holds), old === null ? null : countOf(old.holds)),
    ],
  }
}

const classTexts: Readonly<Record<ConversionClass, string>> = {
  same: "earns in both, the same",
  more: "earns in both, more now",
  less: "earns in both, less now",
  mixed: "earns in both, more of one unit and less of another",
  "only-before": "only the version in force pays",
  "only-after": "only the candidate pays",
  neither: "earns in neither",
}

export const classesOf = ({ comparison }: Report): Section => ({
  title: "Conversions",
  lines: [],
  columns: [{ title: "conversion" }, right("how many"), right("in force"), right("candidate")],
  rows: (comparison?.classes ?? [])
    .filter(({ conversions }) => conversions > 0)
    .map((one) => [
      classTexts[one.class],
      count(one.conversions),
      Amount.formatSums(one.before),
      Amount.formatSums(one.after),
    ]),
})

/** Refusals and holds by reason, and the limits behind them. */
export const reasons = ({ against, candidate }: Report): Section => {
  const rows = (what: string, now: ReadonlyArray<ReasonCount>, before: ReadonlyArray<ReasonCount> | null) =>
    [...new Set([...now, ...(before ?? [])].map(({ reason }) => reason))].map((reason) => {
      const number = (list: ReadonlyArray<ReasonCount>): string =>
        count(list.find((one) => one.reason === reason)?.count ?? 0)
      return [what, reason, ...(before === null ? [] : [number(before)]), number(now)]
    })
  const old = against?.outcomes ?? null
  return {
    title: "Refused and held",
    lines: candidate.outcomes.limitsHit
      .slice(0, 6)
      .map(
        ({ advocates, limit, refused }) =>
          `the limit of ${limit} refuses ${several(refused, "conversion")} of ${several(advocates, "advocate")}`,
      ),
    columns: [{ title: "" }, { title: "why" }, ...(old === null ? [] : [right("in force")]), right("candidate")],
    rows: [
      ...rows("refused", candidate.outcomes.refusals, old?.refusals ?? null),
      ...rows("held", candidate.outcomes.holds, old?.holds ?? null),
    ],
  }
}

/** What a beneficiary is called: the handle itself, or something that says less. */
export type NameOf = (beneficiary: Handle) => string

const personRow = ({ after, before, beneficiary, difference }: PersonChange, nameOf: NameOf): ReadonlyArray<string> => [
  nameOf(beneficiary),
  Amount.formatSums(before),
  Amount.formatSums(after),
  Amount.formatDifference(difference),
]

/** Who gets more and who less; without a comparison, who earns most. */
export const affected = ({ candidate, comparison }: Report, most: number, nameOf: NameOf): Section => {
  if (comparison === null)
    return {
      title: "Who would have earned most",
      lines: [],
      columns: [{ title: "beneficiary" }, right("credits"), right("earned")],
      rows: candidate.outcomes.earners
        .slice(0, most)
        .map((one) => [nameOf(one.beneficiary), count(one.credits), Amount.formatSums(one.earned)]),
    }
  const { losers, tiers, winners } = comparison
  const up = tiers.filter(({ isHigher }) => isHigher).length
  return {
    title: "Who is affected",
    lines: [
      `${people(winners.length)} would have more, ${count(losers.length)} less`,
      ...(tiers.length === 0
        ? []
        : [`${count(up)} would be in a higher tier, ${count(tiers.length - up)} in a lower one`]),
    ],
    columns: [{ title: "beneficiary" }, right("in force"), right("candidate"), right("difference")],
    rows: [...winners.slice(0, most), ...losers.slice(0, most)].map((one) => personRow(one, nameOf)),
  }
}

/** How earning is spread, and the first of those who earn. */
export const earners = ({ candidate }: Report, most: number, nameOf: NameOf): Section => {
  const { distribution, earners: all, tiers } = candidate.outcomes
  const bands = distribution.byCredits
    .filter((band) => band.people > 0)
    .map(({ atLeast, atMost, ...band }) => {
      const credits =
        atMost === null
          ? `${atLeast} or more credits`
          : atLeast === atMost
            ? `${atLeast} credit`
            : `${atLeast} to ${atMost} credits`
      return `${count(band.people)} with ${credits}`
    })
  return {
    title: `Who would have earned: the first ${Math.min(most, all.length)} of ${count(all.length)}`,
    lines: [
      ...(bands.length === 0 ? ["nobody would have earned anything"] : [bands.join(", ")]),
      ...distribution.amounts.map(
        ({ medianMinor, mostMinor, topTenthShare, unit }) =>
          `half of them at most ${Amount.format(unit, medianMinor)}, one at most ${Amount.format(unit, mostMinor)}; the best tenth has ${percent(topTenthShare, 0)} of it`,
      ),
      ...(tiers.length === 0
        ? []
        : [`tiers held: ${tiers.map((one) => `${one.tier} ${count(one.people)}`).join(", ")}`]),
    ],
    columns: [{ title: "beneficiary" }, right("credits"), right("earned")],
    rows: all.slice(0, most).map((one) => [nameOf(one.beneficiary), count(one.credits), Amount.formatSums(one.earned)]),
  }
}

/** What is owed at each month's end. */
export const curve = ({ candidate }: Report): Section => {
  const known = ["pending", "available", "settled"]
  const others = [...new Set(candidate.curve.flatMap(({ sums }) => Object.keys(sums)))].filter(
    (name) => !known.includes(name),
  )
  const maturities = [...known, ...others]
  return {
    title: `Liability by month, ${candidate.program.definition.timeZone}`,
    lines: [
      "at each month's end; available is what live would have handed over, settled what the shop gave at the checkout",
    ],
    columns: [{ title: "month" }, ...maturities.map(right)],
    rows: candidate.curve.map(({ month, sums, unit }) => [
      month,
      ...maturities.map((maturity) => Amount.format(unit, sums[maturity] ?? 0n)),
    ]),
  }
}

const factorTexts = { none: "none", half: "half", double: "double" } as const

/** What would be otherwise if the hold, the window or the limits were. */
export const sensitivity = ({ candidate, sensitivity: of }: Report): ReadonlyArray<Section> => {
  const own = (isOwn: boolean): string => (isOwn ? " (as it is)" : "")
  const limits = of.limits.map(({ conversions, granted, turn }) => [
    turn.what === "limits" ? factorTexts[turn.factor] : "",
    count(conversions),
    Amount.formatSums(granted),
  ])
  const asItIs = ["as it is", count(candidate.outcomes.earning), Amount.formatSums(candidate.outcomes.granted)]
  return [
    {
      title: "Sensitivity to the hold",
      lines: ["lost is what would have been handed over before its refund or cancellation came"],
      columns: [{ title: "hold" }, right("credits lost"), right("lost"), right("waiting now")],
      rows: of.hold.map(({ credits, holdDays, lost, waiting }) => [
        `${holdDays} days${own(holdDays === of.ownHoldDays)}`,
        count(credits),
        Amount.formatSums(lost),
        Amount.formatSums(waiting),
      ]),
    },
    {
      title: "Sensitivity to the window",
      lines: [],
      columns: [{ title: "window" }, right("conversions that earn"), right("granted")],
      rows: of.window.map(({ conversions, granted, isOwn, turn }) => [
        `${turn.what === "window" ? turn.days : ""} days${own(isOwn)}`,
        count(conversions),
        Amount.formatSums(granted),
      ]),
    },
    {
      title: "Sensitivity to limits",
      lines: [],
      columns: [{ title: "limits" }, right("conversions that earn"), right("granted")],
      rows: limits.length === 0 ? [] : [asItIs, ...limits],
    },
  ].filter(({ rows }) => rows.length > 0)
}

export const scenarioOf = ({ scenario }: Report): Section | null =>
  scenario === null
    ? null
    : {
        title: "If purchases had been referred",
        lines: [
          `${several(scenario.qualifying, "purchase")} would qualify, each with an advocate of its own: without limits, an upper bound`,
        ],
        columns: [{ title: "share that is referred" }, right("conversions"), right("cost")],
        rows: scenario.shares.map((one) => [`${one.percent} %`, count(one.conversions), Amount.formatSums(one.cost)]),
      }

/** Whether the engine can be trusted on this store, in one sentence. */
export const engineLine = ({ engine }: Report): string =>
  engine === null
    ? "there is no version in force to check the engine by"
    : engine.isEqual
      ? `the same engine, given the versions in force with their commitments and human decisions, rebuilds the ledger in use exactly, as of ${toIso(engine.asOf)}: ${several(engine.decisions, "decision")}, digest ${engine.digest.replay.slice(0, 16)}`
      : engine.stands
        ? "the ledger in use is NOT what the engine rebuilds from the facts: run `advocacy credit --no-fulfil` in case it is behind, and `advocacy replay` before believing this"
        : "nothing was credited at this time, so the engine could not be checked by the ledger: run `advocacy credit --no-fulfil` first"
