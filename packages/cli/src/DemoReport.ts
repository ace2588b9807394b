/**
 * What a demo run came to, as one JSON value.
 *
 * The keys are a contract: `sandbox, synced, people, advocates, referrals, ledger, rewards, writeBack, metrics, groundTruth,
 * secondRun, timings`. Amounts are decimal strings, times ISO 8601. It holds nothing personal.
 */
import { make as currencyOf, isCurrency } from "@advocacy-kit/core/money/Currency"
import { make as money, toDecimal } from "@advocacy-kit/core/money/Money"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import type { State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { principalHandle } from "@advocacy-kit/core/person/People"
import { kindOf } from "@advocacy-kit/core/id/Handle"
import type { Synced } from "@advocacy-kit/core/flow/Sync"
import * as GroundTruth from "@advocacy-kit/sandbox/world/GroundTruth"
import type { DemoRun } from "./Demo.ts"

export type DemoReport = ReturnType<typeof make>

/** The money of a unit as a decimal string; points stay whole. */
export const amountIn = (unit: string, amountMinor: bigint): string =>
  isCurrency(unit) ? toDecimal(money(currencyOf(unit), amountMinor)) : amountMinor.toString()

const tally = <T>(items: Iterable<T>, name: (item: T) => string): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(items, name)]
      .map(([key, group]) => [key, group.length] as const)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
  )

const syncedOf = ({ duplicates, label, recorded, rejected, source }: Synced) => ({
  source,
  label,
  recorded,
  duplicates,
  rejected,
})

const people = ({ credited }: DemoRun) => {
  const { history } = credited.evaluation
  const records = history.people.all.flatMap((person) => history.people.recordsOf(person))
  return {
    records: records.length,
    people: history.people.all.length,
    /** People known by more than one platform record. */
    joined: history.people.all.filter((person) => history.people.recordsOf(person).length > 1).length,
    handles: tally(
      history.people.all.flatMap((person) => history.people.handlesOf(person)),
      kindOf,
    ),
  }
}

const advocates = ({ identified, credited }: DemoRun) => ({
  scored: identified.candidates.length,
  eligible: identified.candidates.filter(({ eligible }) => eligible).length,
  enrolledNow: identified.enrolled,
  enrolled: new Set(
    credited.facts.flatMap((fact) =>
      fact._tag === "Enrolled" ? [credited.evaluation.history.people.personOf(fact.person)] : [],
    ),
  ).size,
  top: identified.candidates
    .filter(({ eligible }) => eligible)
    .slice(0, 10)
    .map(({ inputs, person, score }) => ({
      person: principalHandle(credited.evaluation.history.people, person),
      score,
      inputs,
    })),
})

const advocateCredits = ({ credited }: DemoRun): ReadonlyArray<Credit> =>
  [...credited.evaluation.credits.values()].filter(({ role }) => role === "advocate")

const referrals = (run: DemoRun) => {
  const credits = advocateCredits(run)
  const withOutcome = (outcome: Credit["outcome"]) => credits.filter((credit) => credit.outcome === outcome)
  const reasons = (list: ReadonlyArray<Credit>) => tally(list, ({ reason }) => reason ?? "none")
  return {
    withEvidence: credits.length,
    credited: withOutcome("credited").length,
    /** An order worth asking about: one that was refused. */
    ask: withOutcome("refused").find(({ reason }) => reason === "self-referral")?.cause ?? null,
    refused: { count: withOutcome("refused").length, reasons: reasons(withOutcome("refused")) },
    held: { count: withOutcome("held").length, reasons: reasons(withOutcome("held")) },
    reversed: { count: withOutcome("reversed").length, reasons: reasons(withOutcome("reversed")) },
    clawedBack: {
      count: run.clawedBack.length,
      amount: amountIn(
        run.credited.evaluation.terms?.currency ?? "",
        run.clawedBack.reduce((total, { beforeMinor, nowMinor }) => total + beforeMinor - nowMinor, 0n),
      ),
      reasons: reasons(run.clawedBack.map(({ credit }) => credit)),
    },
    recordedAtCheckout: [...run.credited.evaluation.credits.values()].filter(({ outcome }) => outcome === "recorded")
      .length,
  }
}

const ledger = ({ balances, credited, revisions }: DemoRun) => {
  const maturity = (account: string): string => account.slice(account.indexOf("#") + 1)
  const groups = Map.groupBy(
    balances,
    ({ account, unit }) => `${unit} ${account.startsWith("program:") ? "granted" : maturity(account)}`,
  )
  const refunded = credited.evaluation.history.conversions.filter(
    ({ grossMinor, netMinor, test }) => !test && netMinor < grossMinor,
  )
  return {
    revisions,
    totals: Object.fromEntries(
      [...groups]
        .map(
          ([name, group]) =>
            [
              name,
              amountIn(
                name.split(" ")[0] ?? "",
                group.reduce((total, { amountMinor }) => total + amountMinor, 0n),
              ),
            ] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    /** Conversions that lost some or all of their amount to refunds, cancellations or edits. */
    reducedConversions: refunded.length,
    sumsToZero: [...Map.groupBy(balances, ({ unit }) => unit).values()].every(
      (group) => group.reduce((total, { amountMinor }) => total + amountMinor, 0n) === 0n,
    ),
  }
}

const rewards = ({ credited, effects }: DemoRun) => {
  const state = (name: State) => effects.filter((row) => row.state === name).length
  const issued = effects.flatMap((row) =>
    row.effect._tag === "IssueReward" && row.state === "confirmed" ? [row.effect] : [],
  )
  return {
    issued: issued.length,
    issuedAmount: amountIn(
      issued[0]?.unit ?? "EUR",
      issued.reduce((total, { amountMinor }) => total + amountMinor, 0n),
    ),
    unit: issued[0]?.unit ?? "EUR",
    shareCodesOpened: effects.filter((row) => row.effect._tag === "OpenShareCode" && row.state === "confirmed").length,
    unfulfillable: credited.unfulfillable.length,
    states: {
      planned: state("planned"),
      sending: state("sending"),
      confirmed: state("confirmed"),
      unknown: state("unknown"),
      failed: state("failed"),
      undone: state("undone"),
    },
  }
}

/** The engine's outcomes as the simulator's truth compares them. */
export const outcomes = (run: DemoRun): ReadonlyArray<GroundTruth.EngineOutcome> =>
  advocateCredits(run)
    .filter(({ cause }) => cause.startsWith("shopify:order/"))
    .map(({ cause, code, outcome, reason }) => ({
      orderId: cause.slice("shopify:order/".length),
      outcome: outcome === "credited" || outcome === "held" ? outcome : "refused",
      advocateCode: code,
      reason,
    }))

const groundTruth = (run: DemoRun) => {
  const agreement = GroundTruth.compare(run.world, outcomes(run))
  const provable = agreement.classes.filter((one) => one.provable)
  return {
    classes: Object.fromEntries(
      agreement.classes.map((one) => [
        one.class,
        {
          provable: one.provable,
          expected: one.expected,
          agreed: one.agreed,
          precision: one.precision,
          recall: one.recall,
          disagreements: one.disagreements,
        },
      ]),
    ),
    provableAgree: provable.every(({ agreed, expected, precision }) => agreed === expected && (precision ?? 1) === 1),
    allTrueReferrals: agreement.trueReferrals,
    unknownOrders: agreement.unknownOrders,
  }
}

/** The whole report. */
export const make = (run: DemoRun) => ({
  sandbox: {
    brand: run.world.brand.name,
    seed: run.world.brand.seed,
    shop: run.world.brand.shopDomain,
    portal: run.world.brand.portalId,
    from: run.world.brand.startsAt,
    now: run.world.brand.now,
    resumed: run.resumed,
    usage: run.usage,
  },
  synced: {
    imported: run.imported.map(syncedOf),
    webhooks: { played: run.played, received: run.received, inbox: run.inbox },
    reconciled: run.reconciled.map(syncedOf),
    rejected: [...run.imported, ...run.reconciled].flatMap(({ rejected }) => rejected),
  },
  people: people(run),
  advocates: advocates(run),
  referrals: referrals(run),
  ledger: ledger(run),
  rewards: rewards(run),
  writeBack: run.shown,
  metrics: run.metrics,
  groundTruth: groundTruth(run),
  secondRun: run.secondRun,
  timings: run.timings.map(({ millis, stage }) => ({ stage, millis: Math.round(millis) })),
})
