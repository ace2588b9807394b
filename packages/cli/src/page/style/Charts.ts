/**
 * Figures: two drawings of each chart, of which the window shows one, and what marks look like.
 */
import { html } from "../Html.ts"

export const charts = html`<style>
  figure {
    margin: 0 0 2.25rem;
  }
  figcaption p {
    color: var(--soft);
    margin-bottom: 0.7rem;
    overflow-wrap: anywhere;
  }
  .legend {
    list-style: none;
    display: flex;
    flex-wrap: wrap;
    gap: 2px 20px;
    padding: 0;
    margin: 0 0 0.6rem;
    font-size: 0.88rem;
  }
  .legend li {
    display: flex;
    gap: 7px;
  }
  .legend svg {
    flex: none;
    margin-top: 3px;
  }
  .note {
    font-size: 0.85rem;
    color: var(--soft);
    margin: 0.35rem 0 0;
    max-width: 90ch;
    text-wrap: pretty;
  }
  .chart {
    display: block;
    width: 100%;
    height: auto;
    overflow: visible;
    margin: 0.25rem 0 0.5rem;
  }
  .chart.wide {
    display: none;
    font-size: 12px;
  }
  .chart.narrow {
    font-size: 11px;
    max-width: 480px;
  }
  @media (min-width: 720px) {
    .chart.wide {
      display: block;
    }
    .chart.narrow {
      display: none;
    }
  }
  .chart text {
    fill: var(--soft);
    font-variant-numeric: tabular-nums;
  }
  .chart text.name {
    fill: var(--ink);
  }
  .chart text.axis {
    fill: var(--ink);
    font-weight: 600;
  }
  .chart text.quarter {
    fill: var(--ink);
    font-style: italic;
    paint-order: stroke;
    stroke: var(--ground);
    stroke-width: 4px;
    stroke-linejoin: round;
  }
  .grid {
    stroke: var(--line);
  }
  .zero,
  .tick {
    stroke: var(--soft);
  }
  .half {
    stroke: var(--soft);
    stroke-dasharray: 2 4;
  }
  .fill {
    stroke: none;
  }
  .hollow {
    fill: var(--ground);
    stroke-width: 2;
  }
  .a {
    --tone: var(--a);
  }
  .b {
    --tone: var(--b);
  }
  .c {
    --tone: var(--c);
  }
  .d {
    --tone: var(--d);
  }
  .fill {
    fill: var(--tone);
  }
  .hollow {
    stroke: var(--tone);
  }
  .curve {
    fill: none;
    stroke: var(--tone);
    stroke-width: 2.25;
  }
  .curve.b {
    stroke-dasharray: 7 4;
  }
  .band {
    fill: var(--tone);
    opacity: 0.16;
    stroke: none;
  }
  .mark {
    fill: var(--tone);
    fill-opacity: 0.8;
    stroke: var(--ground);
    stroke-width: 0.75;
  }
  .mark.d {
    fill-opacity: 0.6;
  }
  .whisker {
    stroke: var(--a);
    stroke-width: 1.5;
  }
  .branch {
    fill: none;
    stroke: var(--d);
    stroke-width: 1.25;
  }
  .hatched {
    fill: url(#hatch);
  }
  .hatch {
    stroke: var(--ground);
    stroke-width: 4;
  }
</style> `
