/**
 * Pages of facts as they are stored: in parts, the checkpoint with the last of them.
 *
 * Promises: a part holds at most 1,000 facts; parts that are stored without the last one are brought again.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { z } from "zod"
import type { RawRecord } from "./Reading.ts"

const factsPerPage = 1000

type Checkpoint = NonNullable<Page["checkpoint"]>

export const inParts = (page: Page, checkpoint: Checkpoint): ReadonlyArray<Page> => {
  const parts: Array<Page> = []
  for (let from = 0; from === 0 || from < page.facts.length; from += factsPerPage) {
    const isFirst = from === 0
    parts.push({
      facts: page.facts.slice(from, from + factsPerPage),
      personal: isFirst ? page.personal : [],
      rejected: isFirst ? page.rejected : [],
      ...(from + factsPerPage >= page.facts.length ? { checkpoint } : {}),
    })
  }
  return parts
}

const Stamped = z.object({ updatedAt: z.iso.datetime({ offset: true }) })

export const changedAt = ({ record }: RawRecord): Instant.Instant | undefined => {
  const read = Stamped.safeParse(record)
  return read.success ? Instant.fromIso(read.data.updatedAt) : undefined
}

export const newestOf = (records: ReadonlyArray<RawRecord>): Instant.Instant | undefined =>
  records.reduce<number | undefined>((newest, record) => {
    const at = changedAt(record)
    return at === undefined || (newest !== undefined && newest >= at) ? newest : at
  }, undefined)
