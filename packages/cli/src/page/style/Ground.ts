/**
 * Colours, type and the frame of the page: light, dark, from a narrow telephone on. Fonts are those that the reader has.
 *
 * Tones a (blue), b (orange), c (violet) and d (grey) stay apart for people who do not tell red from green, and against both grounds.
 */
import { html } from "../Html.ts"

export const ground = html`<style>
  :root {
    color-scheme: light dark;
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
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #14181d;
      --raised: #1d232a;
      --line: #39424d;
      --ink: #e8ebef;
      --soft: #a9b2bd;
      --a: #74b0f0;
      --b: #f0964a;
      --c: #c3a0e8;
      --d: #8f99a5;
      --shade: 116 176 240;
    }
  }
  * {
    box-sizing: border-box;
  }
  html {
    scroll-behavior: smooth;
    -webkit-text-size-adjust: 100%;
  }
  @media (prefers-reduced-motion: reduce) {
    html {
      scroll-behavior: auto;
    }
  }
  body {
    margin: 0;
    background: var(--ground);
    color: var(--ink);
    font:
      16px/1.5 system-ui,
      -apple-system,
      "Segoe UI",
      Roboto,
      "Helvetica Neue",
      sans-serif;
  }
  header,
  nav,
  main,
  footer {
    max-width: 964px;
    margin: 0 auto;
    padding: 0 16px;
  }
  header {
    padding-top: 40px;
  }
  h1 {
    font-size: clamp(1.7rem, 5vw, 2.5rem);
    line-height: 1.15;
    margin: 0 0 0.4rem;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 1.5rem;
    line-height: 1.25;
    margin: 0 0 1rem;
    padding-top: 1.25rem;
    border-top: 2px solid var(--ink);
  }
  h3 {
    font-size: 1.05rem;
    line-height: 1.3;
    margin: 0 0 0.25rem;
  }
  p {
    margin: 0 0 0.6rem;
  }
  a {
    color: var(--a);
  }
  :focus-visible {
    outline: 3px solid var(--a);
    outline-offset: 2px;
  }
  main:focus {
    outline: none;
  }
  .kind {
    text-transform: uppercase;
    letter-spacing: 0.08em;
    font-size: 0.8rem;
    color: var(--soft);
    margin: 0;
  }
  .skip {
    position: absolute;
    left: -9999px;
  }
  .skip:focus {
    left: 8px;
    top: 8px;
    background: var(--ground);
    padding: 8px;
  }
  .counts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
    gap: 12px;
    margin: 1.25rem 0;
  }
  .counts div {
    border-left: 3px solid var(--a);
    padding-left: 10px;
  }
  dt {
    color: var(--soft);
    font-size: 0.85rem;
  }
  dd {
    margin: 0;
  }
  .counts dd {
    font-size: 1.5rem;
    font-weight: 650;
    line-height: 1.2;
    font-variant-numeric: tabular-nums;
  }
  nav ul {
    list-style: none;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    margin: 1rem 0;
    padding: 10px 0;
    border-block: 1px solid var(--line);
  }
  nav a {
    display: inline-block;
    padding: 4px 0;
  }
  section {
    margin: 2.5rem 0;
    scroll-margin-top: 12px;
  }
  .reading {
    background: var(--raised);
    border-radius: 8px;
    padding: 16px 18px;
    margin: 1.25rem 0;
    font-size: 0.92rem;
  }
  .reading h2 {
    border: 0;
    padding: 0;
    font-size: 1.05rem;
    margin-bottom: 0.6rem;
  }
  .reading dl {
    margin: 0 0 0.6rem;
    display: grid;
    gap: 8px;
  }
  .reading dl div {
    display: grid;
    grid-template-columns: 5.5rem 1fr;
    gap: 12px;
    align-items: baseline;
  }
  .reading p {
    margin: 0;
  }
  .standing {
    display: inline-block;
    width: max-content;
    margin: 0;
    font-size: 0.78rem;
    line-height: 1.4;
    padding: 0 8px;
    border-radius: 9px;
    border: 1px solid currentColor;
    color: var(--soft);
  }
  .standing.credited {
    color: var(--a);
    border-style: dashed;
  }
  .standing.caused {
    color: var(--c);
    border-width: 2px;
  }
  .cards {
    list-style: none;
    margin: 0 0 1rem;
    padding: 0;
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 215px), 1fr));
    gap: 12px;
  }
  .card {
    background: var(--raised);
    border-radius: 8px;
    padding: 14px 16px;
    display: flex;
    flex-direction: column;
  }
  .card h3 {
    font-size: 0.92rem;
    color: var(--soft);
    font-weight: 600;
  }
  .card p {
    font-size: 0.85rem;
    margin: 0 0 0.4rem;
  }
  .card .value {
    font-size: 1.6rem;
    font-weight: 650;
    line-height: 1.2;
    font-variant-numeric: tabular-nums;
  }
  .card .value.none {
    color: var(--soft);
    border: 0;
    padding: 0;
    background: none;
  }
  .card .standing {
    margin-top: auto;
  }
  .question {
    color: var(--soft);
  }
  .none {
    color: var(--soft);
    border: 1px dashed var(--d);
    border-radius: 8px;
    padding: 12px 14px;
    background: var(--raised);
    font-size: 0.92rem;
  }
  .aside {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  footer {
    width: calc(100% - 32px);
    max-width: 932px;
    border-top: 1px solid var(--line);
    padding: 16px 0;
    color: var(--soft);
    font-size: 0.88rem;
  }
</style> `
