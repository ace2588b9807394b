/**
 * Who brought this buyer? A pure decision over touches.
 *
 * The model picks one moment (the last or the first touch inside the window); at that moment the kind that the program
 * ranks highest counts. If that still names several people, the answer is that it is ambiguous, not a guess.
 */
import { failed, namedMax, noted, passed, type Trial } from "../because/Because.ts"
import { days } from "../id/Instant.ts"
import type { People, PersonId } from "../person/People.ts"
import type { Conversion } from "./Conversion.ts"
import type { Touch } from "./Touch.ts"

export interface Policy {
  /** `shared`: everybody whose touch lies in the window. */
  readonly model: "last-touch" | "first-touch" | "shared"
  readonly windowDays: number
}

export type Attribution =
  /** No evidence of any kind. */
  | { readonly _tag: "None" }
  | {
      readonly _tag: "Refused"
      readonly reason: "unknown-code" | "outside-window"
      readonly touch: Touch
      readonly trials: ReadonlyArray<Trial>
    }
  | { readonly _tag: "Ambiguous"; readonly touches: ReadonlyArray<Touch>; readonly trials: ReadonlyArray<Trial> }
  | {
      readonly _tag: "Attributed"
      readonly touch: Touch
      readonly advocate: PersonId
      readonly trials: ReadonlyArray<Trial>
    }
  /** The newest touch of each advocate, in order of code: they share equally. */
  | { readonly _tag: "Shared"; readonly touches: ReadonlyArray<Touch>; readonly trials: ReadonlyArray<Trial> }

const describe = (touch: Touch): Record<string, string> => ({
  kind: touch.kind,
  code: touch.code,
  shownBy: touch.shownBy,
  ...(touch.owner === null ? {} : { owner: touch.owner }),
})

/** The other candidates, each with why it does not count. What came after the purchase is none. */
const others = (
  conversion: Conversion,
  touches: ReadonlyArray<Touch>,
  whyNot: (touch: Touch) => string | null,
): ReadonlyArray<Trial> => {
  const lost = touches.flatMap((touch) => {
    const why = touch.at > conversion.at ? null : whyNot(touch)
    return why === null ? [] : [noted("other touch", { ...describe(touch), why })]
  })
  return lost.length <= namedMax
    ? lost
    : [...lost.slice(0, namedMax), noted("other touches", { more: String(lost.length - namedMax) })]
}

const unknown = "nobody was issued this code"

/** `touches` as `Touch.touchesOf` orders them: newest first, better kind first. */
export const attribute = (
  conversion: Conversion,
  touches: ReadonlyArray<Touch>,
  people: People,
  policy: Policy,
): Attribution => {
  const [latest] = touches
  if (latest === undefined) return { _tag: "None" }
  const owned = touches.filter(({ owner }) => owner !== null)
  const [latestOwned] = owned
  if (latestOwned === undefined) {
    const rest = others(conversion, touches, (touch) => (touch === latest ? null : unknown))
    const trials = [failed("known code", describe(latest)), ...rest]
    return { _tag: "Refused", reason: "unknown-code", touch: latest, trials }
  }
  const ageDays = (touch: Touch): number => (conversion.at - touch.at) / days(1)
  const inside = owned.filter((touch) => ageDays(touch) >= 0 && conversion.at - touch.at <= days(policy.windowDays))
  const [newest] = inside
  if (newest === undefined) {
    const saw = {
      ...describe(latestOwned),
      ageDays: ageDays(latestOwned).toFixed(1),
      windowDays: String(policy.windowDays),
    }
    const rest = others(conversion, touches, (touch) =>
      touch === latestOwned ? null : touch.owner === null ? unknown : "outside the window",
    )
    return { _tag: "Refused", reason: "outside-window", touch: latestOwned, trials: [failed("window", saw), ...rest] }
  }
  if (policy.model === "shared") return shared(conversion, touches, inside, people, policy)
  const moment = policy.model === "last-touch" ? newest.at : Math.min(...inside.map(({ at }) => at))
  const atMoment = inside.filter(({ at }) => at === moment)
  const chosen = atMoment.filter(({ kind }) => kind === atMoment[0]?.kind)
  const advocates = new Set(chosen.flatMap(({ owner }) => (owner === null ? [] : [people.personOf(owner)])))
  const trials = [
    passed("window", { touches: String(inside.length), windowDays: String(policy.windowDays) }),
    ...others(conversion, touches, (touch) => {
      if (chosen.includes(touch)) return null
      if (touch.owner === null) return unknown
      if (!inside.includes(touch)) return "outside the window"
      if (touch.at === moment) return "its kind ranks lower"
      return policy.model === "last-touch" ? "not the last" : "not the first"
    }),
  ]
  const [touch] = chosen
  const [advocate] = advocates
  if (touch === undefined || advocate === undefined || advocates.size > 1) {
    return {
      _tag: "Ambiguous",
      touches: chosen,
      trials: [...trials, ...chosen.map((one) => failed(`one advocate by ${policy.model}`, describe(one)))],
    }
  }
  return { _tag: "Attributed", touch, advocate, trials: [...trials, passed(policy.model, describe(touch))] }
}

const shared = (
  conversion: Conversion,
  all: ReadonlyArray<Touch>,
  inside: ReadonlyArray<Touch>,
  people: People,
  policy: Policy,
): Attribution => {
  const newest = new Map<PersonId, Touch>()
  for (const touch of inside) {
    const advocate = touch.owner === null ? null : people.personOf(touch.owner)
    if (advocate !== null && !newest.has(advocate)) newest.set(advocate, touch)
  }
  const touches = [...newest.values()].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
  return {
    _tag: "Shared",
    touches,
    trials: [
      passed("window", { touches: String(inside.length), windowDays: String(policy.windowDays) }),
      passed("shared", { codes: touches.map(({ code }) => code).join(" ") }),
      ...others(conversion, all, (touch) => {
        if (touches.includes(touch)) return null
        if (touch.owner === null) return unknown
        return inside.includes(touch) ? "the same advocate has a later one" : "outside the window"
      }),
    ],
  }
}
