/**
 * Compares an engine's outcomes with the truth, class by class.
 *
 * What is expected: `credited` wants a credit to the true advocate, `refused` the same reason, `suspect` a hold for
 * the same advocate, `ambiguous` a hold, `none` nothing, `unevidenced` ideally a credit to the true advocate (which
 * nobody can give without evidence, so saying nothing is missed recall and no disagreement).
 *
 * Recall of a class: the share of its orders for which the engine did what is expected.
 * Precision of a class: the engine's claims are its outcomes (with the reason where it refused). A claim on an order of
 * the class counts for the class if it is of the expected kind, and is right if the advocate is too. A claim of
 * the same kind on an order whose truth expects another kind is wrong, and counts against every class that expects that
 * kind, because an outcome does not say which class it meant. It is null where the engine claimed nothing.
 */
import type { TrueConversion, TruthClass, World } from "./World.ts"

export interface EngineOutcome {
  readonly orderId: string
  readonly outcome: "credited" | "refused" | "held" | "none"
  readonly advocateCode: string | null
  readonly reason: string | null
}

export interface Disagreement {
  readonly orderId: string
  readonly expected: string
  readonly got: string
}

export interface ClassAgreement {
  readonly class: TruthClass
  /** Whether hard evidence decides every order of the class. */
  readonly provable: boolean
  readonly expected: number
  readonly agreed: number
  readonly precision: number | null
  readonly recall: number
  /** The first twenty. */
  readonly disagreements: ReadonlyArray<Disagreement>
}

export interface Agreement {
  readonly classes: ReadonlyArray<ClassAgreement>
  /** All true referrals, evidenced or not, and those credited to the true advocate. */
  readonly trueReferrals: { readonly expected: number; readonly credited: number; readonly recall: number | null }
  /** Ids that the engine decided on and the world does not know; the first twenty. */
  readonly unknownOrders: ReadonlyArray<string>
}

/** Outcome and, where that matters, reason: the kind of a claim. */
type Kind = string

const expectedKind = (truth: TrueConversion): Kind => {
  switch (truth.verdict) {
    case "credited":
    case "unevidenced":
      return "credited"
    case "refused":
      return `refused ${truth.reason ?? ""}`
    case "suspect":
    case "ambiguous":
      return "held"
    case "none":
      return "none"
  }
}

const kindOf = (got: EngineOutcome): Kind => (got.outcome === "refused" ? `refused ${got.reason ?? ""}` : got.outcome)

/** A refusal and an ambiguity name nobody, so nobody is compared; a hold may leave the advocate open. */
const rightAdvocate = (truth: TrueConversion, got: EngineOutcome, owner: string | undefined): boolean => {
  if (truth.verdict === "suspect") return got.advocateCode === null || owner === truth.advocate
  return truth.verdict === "credited" || truth.verdict === "unevidenced" ? owner === truth.advocate : true
}

/**
 * Whether an advocate really brought this buyer and the rules owe a credit once it is known: credited and
 * unevidenced orders, and households, which are held although the friend is another person.
 */
export const isTrueReferral = (truth: TrueConversion): boolean =>
  truth.verdict === "credited" || truth.verdict === "unevidenced" || truth.class === "household"

const describe = (kind: Kind, advocate: string | null): string => (advocate === null ? kind : `${kind} to ${advocate}`)

interface Judged {
  readonly truth: TrueConversion
  readonly got: EngineOutcome
  readonly sameKind: boolean
  readonly agreed: boolean
}

const byOrder = (outcomes: ReadonlyArray<EngineOutcome>): Map<string, EngineOutcome> => {
  const found = new Map<string, EngineOutcome>()
  for (const outcome of outcomes) {
    if (found.has(outcome.orderId)) {
      throw new RangeError(`order ${outcome.orderId} has two outcomes: give the one that stands`)
    }
    found.set(outcome.orderId, outcome)
  }
  return found
}

const agreement = (
  truthClass: TruthClass,
  judged: ReadonlyArray<Judged>,
  wrongClaims: ReadonlyMap<Kind, number>,
): ClassAgreement => {
  const own = judged.filter(({ truth }) => truth.class === truthClass)
  const agreed = own.filter((one) => one.agreed).length
  const kinds = new Set(own.map(({ truth }) => expectedKind(truth)))
  const wrong = [...kinds].reduce((sum, kind) => sum + (wrongClaims.get(kind) ?? 0), 0)
  const claims = own.filter(({ sameKind }) => sameKind).length + wrong
  return {
    class: truthClass,
    provable: own.every(({ truth }) => truth.provable),
    expected: own.length,
    agreed,
    precision: claims === 0 ? null : agreed / claims,
    recall: agreed / own.length,
    disagreements: own
      .filter(
        ({ agreed: isRight, got, truth }) => !isRight && !(truth.verdict === "unevidenced" && got.outcome === "none"),
      )
      .slice(0, 20)
      .map(({ got, truth }) => ({
        orderId: truth.orderId,
        expected: describe(expectedKind(truth), truth.code ?? truth.advocate),
        got: describe(kindOf(got), got.advocateCode),
      })),
  }
}

/** An order without an outcome counts as `none`. Codes are compared case-insensitively. */
export const compare = (world: World, outcomes: ReadonlyArray<EngineOutcome>): Agreement => {
  const owners = new Map(
    world.truth.people.flatMap((person) => person.codes.map((code) => [code.toLowerCase(), person.person] as const)),
  )
  const given = byOrder(outcomes)
  const judged = world.truth.conversions.map((truth): Judged => {
    const got = given.get(truth.orderId) ?? {
      orderId: truth.orderId,
      outcome: "none",
      advocateCode: null,
      reason: null,
    }
    const owner = got.advocateCode === null ? undefined : owners.get(got.advocateCode.trim().toLowerCase())
    const sameKind = kindOf(got) === expectedKind(truth)
    return { truth, got, sameKind, agreed: sameKind && rightAdvocate(truth, got, owner) }
  })
  const wrongClaims = new Map<Kind, number>()
  for (const { got, sameKind, truth } of judged) {
    const silentOnPurpose = truth.verdict === "unevidenced" && got.outcome === "none"
    if (!sameKind && !silentOnPurpose) wrongClaims.set(kindOf(got), (wrongClaims.get(kindOf(got)) ?? 0) + 1)
  }
  const referrals = judged.filter(({ truth }) => isTrueReferral(truth))
  const credited = referrals.filter(
    ({ got, truth }) =>
      got.outcome === "credited" && owners.get(got.advocateCode?.trim().toLowerCase() ?? "") === truth.advocate,
  ).length
  const known = new Set(world.truth.conversions.map(({ orderId }) => orderId))
  return {
    classes: [...new Set(world.truth.conversions.map((truth) => truth.class))]
      .sort()
      .map((truthClass) => agreement(truthClass, judged, wrongClaims)),
    trueReferrals: {
      expected: referrals.length,
      credited,
      recall: referrals.length === 0 ? null : credited / referrals.length,
    },
    unknownOrders: [...given.keys()].filter((orderId) => !known.has(orderId)).slice(0, 20),
  }
}
