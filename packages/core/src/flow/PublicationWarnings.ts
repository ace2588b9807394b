/**
 * What somebody who publishes a version should have seen: things that are allowed and often not meant.
 */
import type { Fact } from "../fact/Fact.ts"
import { toIso, type Instant } from "../id/Instant.ts"
import { versions, type Program } from "../program/Program.ts"

const checkoutPercents = ({ definition }: Program): ReadonlyArray<number> =>
  definition.mechanics.flatMap((mechanic) =>
    mechanic.kind === "referral" && mechanic.friend?.kind === "checkout-discount" ? [mechanic.friend.percent] : [],
  )

/** Against the version that is in force before it. */
const ofReplacing = (inForce: Program, program: Program): ReadonlyArray<string> => {
  const rules = ({ definition }: Program): ReadonlyArray<string> => definition.mechanics.map(({ rule }) => rule)
  const gone = rules(inForce).filter((rule) => !rules(program).includes(rule))
  const come = rules(program).filter((rule) => !rules(inForce).includes(rule))
  const [before, after] = [checkoutPercents(inForce), checkoutPercents(program)]
  return [
    ...(inForce.currency === program.currency
      ? []
      : [
          `the currency changes from ${inForce.currency} to ${program.currency}: purchases in ${inForce.currency} are refused from then on, and balances in ${inForce.currency} stay as they are`,
        ]),
    ...(inForce.definition.timeZone === program.definition.timeZone
      ? []
      : ["the time zone changes: limits of the running day, week, month or year are counted by the new calendar"]),
    ...(gone.length > 0 && come.length > 0
      ? [
          `the rule ${gone.join(", ")} goes and ${come.join(", ")} comes: under another name limits are counted afresh, and credits have other keys`,
        ]
      : []),
    ...(before.length > 0 && after.length > 0 && before.join() !== after.join()
      ? [
          `codes that are open in the shop keep ${before.join(", ")} % off; codes that are issued from then on have ${after.join(", ")} %`,
        ]
      : []),
  ]
}

export const publicationWarnings = (
  facts: ReadonlyArray<Fact>,
  program: Program,
  { from, inForce }: { readonly from: Instant; readonly inForce: Program | null },
): ReadonlyArray<string> => {
  const later = versions(facts, program.name).find((version) => version.from > from)
  const codes = facts.some((fact) => fact._tag === "AssetIssued" && fact.program === program.name)
  return [
    ...(inForce === null
      ? [`nothing of "${program.name}" is in force before: purchases made earlier are never judged by it`]
      : ofReplacing(inForce, program)),
    ...(later === undefined
      ? []
      : [`another version, ${later.program.hash.slice(0, 12)}, takes its place at ${toIso(later.from)}`]),
    ...(codes || inForce !== null
      ? []
      : [`nobody has a code in "${program.name}" yet: \`advocacy identify\` enrols whom the program asks for`]),
    ...(program.definition.advocates.length > 0
      ? []
      : ["the program asks for no advocates: nobody is enrolled by itself"]),
  ]
}
