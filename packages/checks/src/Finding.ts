/**
 * One thing that was looked at, and what was wrong with it.
 *
 * Promises: every finding counts as one check; a result of nothing but passed findings shows only the lines given with it,
 * any other shows every fault in full.
 */
import type { StageResult } from "./Stage.ts"

export interface Finding {
  /** What should hold, in words. */
  readonly check: string
  /** Undefined where it holds. */
  readonly fault: string | undefined
}

/** `fault` is read only where the check does not hold. */
export const finding = (check: string, holds: boolean, fault: () => string): Finding => ({
  check,
  fault: holds ? undefined : fault(),
})

/** A finding that holds where nothing was found; of many faults the first ones are shown. */
export const noneOf = (check: string, faults: ReadonlyArray<string>): Finding => {
  const shown = faults.slice(0, 10).join("\n    ")
  const more = faults.length > 10 ? `\n    and ${faults.length - 10} more` : ""
  return finding(check, faults.length === 0, () => `${shown}${more}`)
}

export const resultOf = (findings: ReadonlyArray<Finding>, lines: ReadonlyArray<string> = []): StageResult => {
  const wrong = findings.filter(({ fault }) => fault !== undefined)
  return {
    passed: findings.length - wrong.length,
    failed: wrong.length,
    report: [...lines, ...wrong.map(({ check, fault }) => `FAILED ${check}:\n    ${fault}`)].join("\n"),
  }
}
