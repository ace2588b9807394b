/**
 * A decision made again, as a text: whether it is the stored one, where it differs, and what has changed since.
 */
import type { Reevaluated } from "@advocacy-kit/core/flow/Reevaluating"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { headline } from "@advocacy-kit/core/program/DecisionTexts"
import type { ChangedFact } from "@advocacy-kit/core/program/Reevaluation"
import * as Amount from "./Amount.ts"
import { count, heading, type Terminal } from "./Terminal.ts"

const shown = 200

const cut = (text: string): string => (text.length > shown ? `${text.slice(0, shown)}…` : text)

const changed = ({ is, key, was }: ChangedFact): string =>
  was === null
    ? `  ${key} has come, version ${is}`
    : is === null
      ? `  ${key}, version ${was}, is not read any more`
      : `  ${key} went from version ${was} to ${is}`

const verdict = (terminal: Terminal, made: Reevaluated): string => {
  if (made.isEqual) return terminal.style("green", "the same outcome, amounts and reasons")
  if (made.settledBy !== null)
    return `a step on the way: crediting of changes corrected it at once, in revision ${made.settledBy}`
  return terminal.style(
    "red",
    made.differences.length === 0
      ? "the same outcome, amounts and reasons, from other inputs"
      : `${count(made.differences.length)} members differ`,
  )
}

const inputs = ({ inputs: { again, stored }, read }: Reevaluated): string => {
  if (stored === "") return `  inputs: ${count(read.length)} facts; an earlier release posted this and kept no digest`
  return stored === again
    ? `  inputs: the same ${count(read.length)} facts and numbers, digest ${stored}`
    : `  inputs: the digest was ${stored} and is ${again}`
}

export const text = (terminal: Terminal, made: Reevaluated): string =>
  [
    heading(terminal, `Revision ${made.revision} of ${made.revisions}, made again as of ${toIso(made.asOf)}`),
    `  credit ${made.key}`,
    `  stored: ${headline(made.stored)} ${Amount.format(made.stored.unit, made.stored.amountMinor)}`,
    `  again: ${verdict(terminal, made)}`,
    ...made.differences.map(({ again, member, stored }) => `    ${member} was ${cut(stored)} and is ${cut(again)}`),
    inputs(made),
    heading(terminal, "Changed since among what it reads"),
    ...(made.changedSince.length === 0 ? ["  nothing"] : made.changedSince.map(changed)),
  ].join("\n")
