/**
 * The demo's report for a person at a terminal.
 */
import type { DemoReport } from "./DemoReport.ts"
import * as MetricText from "./MetricText.ts"
import { count, duration, heading, percent, table, type Terminal } from "./Terminal.ts"

const right = (title: string) => ({ title, align: "right" as const })

/** The whole report, sections in the order in which the job ran. */
export const render = (report: DemoReport, terminal: Terminal): string =>
  [
    title(report, terminal),
    cameIn(report, terminal),
    whoIsWho(report, terminal),
    advocates(report, terminal),
    referrals(report, terminal),
    money(report, terminal),
    metrics(report, terminal),
    calls(report, terminal),
    truth(report, terminal),
    closing(report, terminal),
  ].join("\n")

const title = ({ sandbox }: DemoReport, terminal: Terminal): string =>
  `\n${terminal.style("bold", sandbox.brand)}  ${terminal.style("dim", `${sandbox.shop} + HubSpot ${sandbox.portal}, ${sandbox.from.slice(0, 10)} to ${sandbox.now.slice(0, 10)}, seed ${sandbox.seed}`)}`

const cameIn = ({ synced }: DemoReport, terminal: Terminal): string => {
  const { inbox, played } = synced.webhooks
  const rows = synced.imported.map((part, index) => {
    const later = synced.reconciled[index]
    return [
      part.source,
      part.label,
      count(part.recorded),
      count(later?.recorded ?? 0),
      count(part.rejected.length + (later?.rejected.length ?? 0)),
    ]
  })
  return [
    heading(terminal, "What came in"),
    table(
      terminal,
      [{ title: "from" }, { title: "what" }, right("history"), right("reconciled"), right("rejected")],
      rows,
    ),
    `  ${count(played.shopify.delivered + played.hubspot.delivered)} webhook requests, duplicates and late ones among them, became ${count(inbox.done)} messages; ${count(inbox.parked)} parked, ${count(inbox.open)} waiting.`,
  ].join("\n")
}

const whoIsWho = ({ people }: DemoReport, terminal: Terminal): string =>
  [
    heading(terminal, "Who is who"),
    `  ${count(people.records)} records are ${terminal.style("bold", `${count(people.people)} people`)}; ${count(people.joined)} of them are known by more than one record.`,
  ].join("\n")

const several = (number: string | undefined, noun: string): string => `${number} ${noun}${number === "1" ? "" : "s"}`

const advocates = (report: DemoReport, terminal: Terminal): string => {
  const { advocates: found } = report
  const rows = found.top
    .slice(0, 5)
    .map(({ inputs, person, score }) => [
      person.length > 36 ? `${person.slice(0, 35)}…` : person,
      String(score),
      `${several(inputs.friendsBrought, "friend")}, ${several(inputs.orders, "order")}, the last ${several(inputs.daysSinceLastOrder, "day")} ago, NPS ${inputs.nps}`,
    ])
  return [
    heading(terminal, "Advocates"),
    `  ${count(found.scored)} customers scored, ${count(found.eligible)} may be asked, ${count(found.enrolledNow)} enrolled now, ${terminal.style("bold", `${count(found.enrolled)} in the program`)}. The first five:`,
    table(terminal, [{ title: "person" }, right("score"), { title: "because" }], rows),
  ].join("\n")
}

const reasonsLine = (reasons: Readonly<Record<string, number>>): string =>
  Object.entries(reasons)
    .map(([reason, times]) => `${reason} ${count(times)}`)
    .join(", ")

const referrals = (report: DemoReport, terminal: Terminal): string => {
  const { referrals: found } = report
  const rows = [
    [terminal.style("green", "credited"), count(found.credited), ""],
    [terminal.style("red", "refused"), count(found.refused.count), reasonsLine(found.refused.reasons)],
    [terminal.style("yellow", "held for a human"), count(found.held.count), reasonsLine(found.held.reasons)],
    ...(found.reversed.count > 0
      ? [["reversed", count(found.reversed.count), reasonsLine(found.reversed.reasons)]]
      : []),
  ]
  const [first, ...rest] = rows.map((row) => wrapLast(row, terminal))
  return [
    heading(terminal, "Referrals"),
    `  ${count(found.withEvidence)} purchases show referral evidence.`,
    table(terminal, [{ title: "" }, right("how many"), { title: "why" }], [...(first ?? []), ...rest.flat()]),
    `  ${count(found.clawedBack.count)} credits were posted and then clawed back (${found.clawedBack.amount} ${report.rewards.unit}): ${reasonsLine(found.clawedBack.reasons) || "none"}.`,
    `  Ask why of any of them: ${terminal.style("cyan", `pnpm advocacy explain ${found.ask ?? "ORDER"}`)}`,
  ].join("\n")
}

/** Breaks a long last cell into rows of its own. */
const wrapLast = (row: ReadonlyArray<string>, terminal: Terminal): ReadonlyArray<ReadonlyArray<string>> => {
  const room = terminal.width - 32
  const lines: Array<string> = []
  for (const part of (row[2] ?? "").split(", ")) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length + 2 <= room) lines[lines.length - 1] = `${last}, ${part}`
    else lines.push(part)
  }
  return lines.map((line, index) => (index === 0 ? [row[0] ?? "", row[1] ?? "", line] : ["", "", line]))
}

const money = ({ ledger, rewards, writeBack }: DemoReport, terminal: Terminal): string =>
  [
    heading(terminal, "Value"),
    table(
      terminal,
      [{ title: "ledger" }, right("amount")],
      Object.entries(ledger.totals).map(([name, amount]) => {
        const [unit, ...words] = name.split(" ")
        return [words.join(" "), `${amount} ${unit}`]
      }),
    ),
    `  ${count(ledger.revisions)} revisions posted; the ledger ${ledger.sumsToZero ? "sums to zero" : terminal.style("red", "DOES NOT SUM TO ZERO")}. ${count(ledger.reducedConversions)} orders lost value to refunds and cancellations; their credits follow the net amount.`,
    `  ${terminal.style("bold", `${count(rewards.issued)} rewards`)} issued in Shopify (${rewards.issuedAmount} ${rewards.unit}), ${count(rewards.shareCodesOpened)} share codes opened, ${count(rewards.unfulfillable)} without a shop customer; ${count(rewards.states.unknown + rewards.states.failed)} in doubt or failed.`,
    `  ${count(writeBack.written)} HubSpot contacts updated, ${count(writeBack.linked)} referral links set, ${count(writeBack.unchanged)} unchanged, ${count(writeBack.failed.length)} failed.`,
  ].join("\n")

/** What a first look asks for; `advocacy metrics` has the rest. */
const headlines: ReadonlySet<string> = new Set([
  "net-promoter-score",
  "referral-rate",
  "advocate-rate",
  "second-purchase-within-90-days",
  "referral-acquisition-cost",
  "reward-cost-ratio",
])

const metrics = (report: DemoReport, terminal: Terminal): string =>
  [
    heading(terminal, "Metrics"),
    MetricText.table(
      terminal,
      "",
      report.metrics.filter(({ name }) => headlines.has(name)).map((reading) => ({ label: reading.name, reading })),
      report.rewards.unit,
    ),
  ].join("\n")

const calls = ({ sandbox, timings }: DemoReport, terminal: Terminal): string => {
  const { hubspot, shopify } = sandbox.usage
  const number = (value: unknown): string => (typeof value === "number" ? count(value) : "?")
  const total = timings.reduce((sum, { millis }) => sum + millis, 0)
  return [
    heading(terminal, "Calls and time"),
    `  Shopify: ${number(shopify.requests)} calls, ${number(shopify.pointsUsed)} points (${number(shopify.restoreRate)} a second allowed), ${number(shopify.throttled)} throttled.`,
    `  HubSpot: ${number(hubspot.requests)} calls, at most ${number(hubspot.peakPerTenSeconds)} in 10 s (${number(hubspot.allowedPerTenSeconds)} allowed), ${number(hubspot.throttled)} throttled.`,
    table(
      terminal,
      [{ title: "stage" }, right("time")],
      [
        ...timings.map(({ millis, stage }) => [stage, duration(millis)]),
        [terminal.style("bold", "all"), terminal.style("bold", duration(total))],
      ],
    ),
  ].join("\n")
}

const truth = ({ groundTruth }: DemoReport, terminal: Terminal): string => {
  const rows = Object.entries(groundTruth.classes).map(([name, one]) => {
    const mark =
      one.agreed === one.expected
        ? terminal.style("green", "ok")
        : one.provable
          ? terminal.style("red", "NO")
          : terminal.style("yellow", one.precision === null ? "none" : "part")
    return [
      name,
      mark,
      `${count(one.agreed)} of ${count(one.expected)}`,
      one.precision === null ? "-" : one.precision.toFixed(3),
      one.recall.toFixed(3),
      one.provable ? "" : one.precision === null ? "nothing on record" : "soft evidence",
    ]
  })
  const wrong = Object.entries(groundTruth.classes)
    .flatMap(([name, { disagreements }]) =>
      disagreements.map((one) => `  ${name}: order ${one.orderId} should be ${one.expected}, is ${one.got}`),
    )
    .slice(0, 20)
  const { credited, expected, recall } = groundTruth.allTrueReferrals
  return [
    heading(terminal, "Checked against what really happened"),
    table(
      terminal,
      [{ title: "class" }, { title: "" }, right("agree"), right("precision"), right("recall"), { title: "" }],
      rows,
    ),
    `  Of all ${count(expected)} true referrals, those without any evidence included, ${count(credited)} are credited (${percent(recall)}).`,
    ...wrong,
  ].join("\n")
}

const closing = ({ groundTruth, secondRun }: DemoReport, terminal: Terminal): string => {
  const again = secondRun.postings === 0 && secondRun.effects === 0
  return [
    "",
    `  ${again ? terminal.style("green", "A second run posted nothing and sent nothing.") : terminal.style("red", `A second run posted ${secondRun.postings} and sent ${secondRun.effects}: it should do nothing.`)}`,
    `  ${groundTruth.provableAgree ? terminal.style("green", "Every provable class agrees with the truth.") : terminal.style("red", "Some provable classes do not agree with the truth; see above.")}`,
    "",
    `  Next: ${terminal.style("cyan", "pnpm advocacy verify")}, ${terminal.style("cyan", "pnpm advocacy report")}, ${terminal.style("cyan", "pnpm advocacy --help")}`,
    "",
  ].join("\n")
}
