/**
 * The advocates who brought most.
 */
import { html } from "../Html.ts"
import type { PageModel } from "../PageModel.ts"
import * as Said from "../Said.ts"
import { number, table, text } from "../Table.ts"
import { section, type Section } from "./Section.ts"

export const advocatesSection = ({ advocates, zone }: PageModel): Section =>
  section(
    "advocates",
    "Advocates",
    html`<p>
        ${
          advocates.bringing === 0
            ? "No advocate has brought a friend who was credited yet."
            : `${Said.plural(advocates.bringing, "advocate has", "advocates have")} brought at least one friend; ${advocates.rows.length === advocates.bringing ? "all of them" : `the first ${advocates.rows.length}`}, by friends brought.`
        }
      </p>
      ${table({
        name: "Advocates by friends brought",
        columns: [
          text("Record"),
          text("Enrolled"),
          number("Credited"),
          number("Held"),
          number("Refused"),
          number("Cascade"),
          number("Earned"),
        ],
        rows: advocates.rows.map((one) => [
          Said.record(one.record),
          one.since === null ? "not enrolled" : Said.shortDay(one.since, zone),
          Said.count(one.credited),
          Said.count(one.held),
          Said.count(one.refused),
          Said.count(one.cascade),
          one.earned.map(({ amountMinor, unit }) => Said.amount(unit, amountMinor)).join(", ") || "nothing",
        ]),
        none: "nobody yet",
      })}
      <p class="note">
        Records are named by the handle of their system; names and addresses are not on this page. Cascade counts
        everybody below, friends of friends too.
      </p>`,
  )
