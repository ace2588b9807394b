/**
 * On paper: light, without what is to be clicked, nothing cut between pages that belongs together.
 */
import { html } from "../Html.ts"

export const paper = html`<style>
  @media print {
    :root {
      color-scheme: light;
      --ground: #fff;
      --raised: #f6f7f9;
      --line: #d9dde3;
      --ink: #1b2129;
      --soft: #545d69;
      --a: #1f5fa8;
      --b: #c05a00;
      --c: #7a4fa3;
      --d: #7b8490;
      --shade: 31 95 168;
    }
    body {
      font-size: 11pt;
    }
    nav,
    .skip,
    details:not([open]),
    details > summary {
      display: none;
    }
    .chart.wide {
      display: block;
    }
    .chart.narrow {
      display: none;
    }
    figure,
    .card,
    tr,
    .reading {
      break-inside: avoid;
    }
    h2,
    h3,
    figcaption {
      break-after: avoid;
    }
    .scroll {
      overflow: visible;
    }
    table {
      font-size: 8.5pt;
    }
    th,
    td {
      padding-right: 8px;
    }
    tbody .number,
    table .record {
      white-space: normal;
    }
    .shade {
      min-width: 0;
      padding: 3px 4px;
    }
    th .question {
      min-width: 0;
    }
    * {
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
  }
</style> `
