/**
 * What was done on the platforms, and what came in and could not be understood.
 */
import { html } from "../Html.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

const parkedShown = 20

const effects: Readonly<Record<string, string>> = {
  IssueReward: "Hand over a reward",
  TakeBack: "Take a reward back",
  OpenShareCode: "Open an advocate's share code",
}

export const deliverySection = ({ report }: PageModel): Section => {
  const { inbox, parked } = report
  return section(
    "delivery",
    "Platforms and messages",
    html`<h3>Outbox</h3>
      ${table({
        name: "What is done on the platforms, by state",
        columns: [text("What"), text("State"), number("How many")],
        rows: report.effects.map(({ count, effect, state }) => [effects[effect] ?? effect, state, Said.count(count)]),
        none: "nothing was to be done yet",
      })}
      <h3>Messages</h3>
      <p>${Said.count(inbox.open)} waiting, ${Said.count(inbox.done)} done, ${Said.count(inbox.parked)} parked.</p>
      ${table({
        name: `Parked messages${parked.length > parkedShown ? `, the first ${parkedShown} of ${Said.count(parked.length)}` : ""}`,
        columns: [text("Message"), text("From"), text("Why it could not be understood")],
        rows: parked
          .slice(0, parkedShown)
          .map(({ eventKey, reason, source }) => [Said.record(eventKey), source, reason]),
      })}`,
  )
}
