/**
 * How the page looks, in the order in which rules override each other.
 */
import { html } from "../Html.ts"
import { charts } from "./Charts.ts"
import { ground } from "./Ground.ts"
import { paper } from "./Paper.ts"
import { tables } from "./Tables.ts"

export const style = html`${ground}${charts}${tables}${paper}`
