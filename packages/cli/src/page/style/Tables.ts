/**
 * Tables, and what opens to show them.
 */
import { html } from "../Html.ts"

export const tables = html`<style>
  th .question {
    display: block;
    font-weight: 400;
    font-size: 0.8rem;
    min-width: 15rem;
  }
  details {
    margin: 0.5rem 0;
  }
  summary {
    cursor: pointer;
    color: var(--a);
    padding: 4px 0;
    width: max-content;
    max-width: 100%;
  }
  .scroll {
    overflow-x: auto;
    margin: 0.5rem 0 0.75rem;
    max-width: 100%;
  }
  table {
    border-collapse: collapse;
    font-size: 0.88rem;
    min-width: min(100%, 420px);
  }
  th,
  td {
    text-align: left;
    vertical-align: top;
    padding: 5px 12px 5px 0;
    border-bottom: 1px solid var(--line);
  }
  thead th {
    color: var(--soft);
    font-weight: 600;
    vertical-align: bottom;
  }
  tbody th {
    font-weight: 500;
  }
  .number {
    text-align: right;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  thead .number {
    white-space: normal;
  }
  caption {
    text-align: left;
    font-size: 0.84rem;
    color: var(--soft);
    padding-bottom: 2px;
  }
  .record {
    font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace;
    font-size: 0.84em;
    overflow-wrap: anywhere;
  }
  .shade {
    display: block;
    min-width: 2.4rem;
    padding: 3px 6px;
    text-align: center;
    border-radius: 3px;
    background: rgb(var(--shade)/var(--deep));
  }
  .s0 {
    --deep: 0.04;
  }
  .s1 {
    --deep: 0.1;
  }
  .s2 {
    --deep: 0.16;
  }
  .s3 {
    --deep: 0.22;
  }
  .s4 {
    --deep: 0.27;
  }
  .s5 {
    --deep: 0.32;
  }
  .s6 {
    --deep: 0.36;
  }
  .s7 {
    --deep: 0.4;
  }
  .s8 {
    --deep: 0.44;
  }
  .s9 {
    --deep: 0.48;
  }
  @media screen {
    td:not(.number) {
      min-width: 7rem;
    }
  }
  table .record {
    white-space: nowrap;
  }
  #cohorts td,
  #cohorts tbody th {
    padding: 2px 2px 2px 0;
    border: 0;
    vertical-align: middle;
  }
  #cohorts .number {
    padding-right: 10px;
  }
  #cohorts td.number:has(.shade) {
    padding-right: 2px;
  }
  #cohorts th {
    white-space: nowrap;
  }
</style> `
