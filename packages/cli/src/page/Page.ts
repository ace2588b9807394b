/**
 * The report as one page: everything is in it, it runs nothing and fetches nothing, and says so to the browser.
 *
 * A pure function of its model: the same model gives the same bytes.
 */
import { document } from "./Document.ts"
import { html, type Html } from "./Html.ts"
import type { PageModel } from "./PageModel.ts"
import * as Said from "./Said.ts"
import { advocatesSection } from "./section/AdvocatesSection.ts"
import { answersSection } from "./section/AnswersSection.ts"
import { balancesSection } from "./section/BalancesSection.ts"
import { creditsSection } from "./section/CreditsSection.ts"
import { deliverySection } from "./section/DeliverySection.ts"
import { figures } from "./section/Figures.ts"
import { forestSection } from "./section/ForestSection.ts"
import { funnelSection } from "./section/FunnelSection.ts"
import { retentionSection } from "./section/RetentionSection.ts"
import { scoreSection } from "./section/ScoreSection.ts"
import type { Section } from "./section/Section.ts"

const sections: ReadonlyArray<(model: PageModel) => Section> = [
  figures,
  funnelSection,
  answersSection,
  retentionSection,
  scoreSection,
  forestSection,
  advocatesSection,
  creditsSection,
  balancesSection,
  deliverySection,
]

const head = ({ asOf, purchases, report, since, zone }: PageModel): Html => {
  const { people } = report
  return html`<header>
    <p class="kind">Advocacy program</p>
    <h1><bdi>${report.program}</bdi></h1>
    <p>
      As of ${Said.time(asOf, zone)} (${zone}), in
      ${report.currency ?? "no currency: no version of the program was in force"}.
      ${
        since === null
          ? "Nothing was bought yet."
          : `${Said.plural(purchases, "purchase")} since ${Said.day(since, zone)}.`
      }
    </p>
    <dl class="counts">
      <div>
        <dt>People</dt>
        <dd>${Said.count(people.all)}</dd>
      </div>
      <div>
        <dt>with several records</dt>
        <dd>${Said.count(people.withSeveralRecords)}</dd>
      </div>
      <div>
        <dt>Buyers</dt>
        <dd>${Said.count(people.buyers)}</dd>
      </div>
      <div>
        <dt>Enrolled advocates</dt>
        <dd>${Said.count(people.enrolled)}</dd>
      </div>
    </dl>
  </header> `
}

const reading = html`<aside class="reading" aria-labelledby="reading-title">
  <h2 id="reading-title">How to read this</h2>
  <dl>
    <div>
      <dt class="standing counted">counted</dt>
      <dd>It happened, and was counted.</dd>
    </div>
    <div>
      <dt class="standing credited">credited</dt>
      <dd>The rules of attribution ascribe it to a referral. It might have happened without one.</dd>
    </div>
    <div>
      <dt class="standing caused">caused</dt>
      <dd>An experiment shows that it would not have happened otherwise. Nothing on this page is.</dd>
    </div>
  </dl>
  <p>
    Intervals hold the true value in 95 of 100 cases. Where there is no figure the reason stands in its place; a zero is
    a zero that was counted.
  </p>
</aside> `

const foot = ({ report, zone }: PageModel): Html =>
  html`<footer>
    <p>
      Decisions and balances are read from
      ${report.source === "ledger" ? "the ledger" : "the facts as they stood then, not from the ledger"}.
      ${
        report.nextDueAt === null
          ? "Time alone changes nothing more."
          : html`Time alone changes something next on ${Said.time(Date.parse(report.nextDueAt), zone)}.`
      }
      ${report.terms === null ? null : html`Program version <code>${report.terms.slice(0, 12)}</code>.`}
    </p>
    <p>Made by Advocacy Kit. This page holds no names or addresses, runs no script and needs no network.</p>
  </footer> `

export const render = (model: PageModel): Html =>
  document({
    title: `${model.report.program}: advocacy report, ${Said.day(model.asOf, model.zone)}`,
    skip: "To the report",
    head: head(model),
    before: reading,
    sections: sections.map((part) => part(model)),
    foot: foot(model),
  })
