/**
 * Where customers stand between willing and influential, counted by field of a grid, and the two lists that follow from the score.
 *
 * Bounded for any number of customers: a field counts, and of each list the first stand by name of record.
 */
import type { Candidate } from "@advocacy-kit/core/advocate/Identification"
import { principalHandle, type People } from "@advocacy-kit/core/person/People"

/** Fields along each axis. */
export const fields = 20
const listed = 10

export type Standing = "ask" | "save" | "other"

export interface Field {
  /** Its middle, 0 to 1. */
  readonly willing: number
  readonly influential: number
  readonly standing: Standing
  readonly customers: number
}

export interface Listed {
  readonly record: string
  readonly score: number
  readonly willing: number
  readonly influential: number
  readonly inputs: Readonly<Record<string, string>>
}

export interface ScoreField {
  readonly customers: number
  readonly eligible: number
  readonly fields: ReadonlyArray<Field>
  readonly lists: Readonly<
    Record<"ask" | "save", { readonly customers: number; readonly first: ReadonlyArray<Listed> }>
  >
}

const fieldOf = (share: number): number => Math.min(fields - 1, Math.floor(share * fields))

export const make = (candidates: ReadonlyArray<Candidate>, people: People): ScoreField => {
  const groups = Map.groupBy(candidates, ({ influential, list, willing }) =>
    [fieldOf(willing), fieldOf(influential), list ?? "other"].join(" "),
  )
  const list = (name: "ask" | "save") => {
    const of = candidates.filter((candidate) => candidate.list === name)
    return {
      customers: of.length,
      first: of
        .toSorted((a, b) => b.influential - a.influential || (a.person < b.person ? -1 : 1))
        .slice(0, listed)
        .map(({ influential, inputs, person, score, willing }) => ({
          record: principalHandle(people, person),
          score,
          willing,
          influential,
          inputs,
        })),
    }
  }
  return {
    customers: candidates.length,
    eligible: candidates.filter(({ eligible }) => eligible).length,
    fields: [...groups.values()].flatMap((group): ReadonlyArray<Field> => {
      const [one] = group
      return one === undefined
        ? []
        : [
            {
              willing: (fieldOf(one.willing) + 0.5) / fields,
              influential: (fieldOf(one.influential) + 0.5) / fields,
              standing: one.list ?? "other",
              customers: group.length,
            },
          ]
    }),
    lists: { ask: list("ask"), save: list("save") },
  }
}
