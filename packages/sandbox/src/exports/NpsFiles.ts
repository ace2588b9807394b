/**
 * The brand's survey answers as three kinds of files: a plain one, and in the columns of Delighted and Typeform.
 *
 * Promises: every answer is a row in each, in order of time, under the contact's main e-mail. Sure, from code that reads
 * such files: Typeform's columns beside the questions, whose text is the brand's, and its instants in UTC. A guess in the
 * words of its API: Delighted's. The world has no reviews and no mentions, so there are no files of these.
 */
import type { World } from "../world/World.ts"
import { anew, columnNames, placed } from "./ExportTable.ts"
import type { ExportTable, Row } from "./ExportTable.ts"
import * as Present from "./Present.ts"
import * as ShopClock from "./ShopClock.ts"

export interface NpsFiles {
  readonly generic: ExportTable
  readonly delighted: ExportTable
  readonly typeform: ExportTable
}

interface Answer {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly score: string
  readonly at: string
}

const answers = (world: World): ReadonlyArray<Answer> => {
  const present = Present.of(world)
  const contacts = new Map(present.contacts.map((contact) => [contact.id, contact]))
  const askedOf = new Map(
    present.associations.flatMap(({ fromId, toId, toType }) =>
      toType === "feedback_submissions" ? [[toId, fromId] as const] : [],
    ),
  )
  return present.answers.map(({ createdAt, id, properties }) => {
    const who = contacts.get(askedOf.get(id) ?? "")?.properties ?? {}
    return {
      id,
      email: who["email"] ?? "",
      name: `${who["firstname"] ?? ""} ${who["lastname"] ?? ""}`.trim(),
      score: properties["hs_value"] ?? "",
      at: properties["hs_submission_timestamp"] ?? createdAt,
    }
  })
}

const file = (
  fileName: string,
  columns: ReadonlyArray<string>,
  of: ReadonlyArray<Answer>,
  toRow: (answer: Answer) => Row,
): ExportTable => ({
  fileName,
  columns,
  amounts: new Set(),
  rows: anew(function* () {
    for (const answer of of) yield toRow(answer)
  }),
})

const fiveMinutesBefore = (iso: string): string => new Date(Date.parse(iso) - 5 * 60_000).toISOString()

export const tables = (world: World): NpsFiles => {
  const all = answers(world)
  const delighted = columnNames(
    "Response ID, Email, Name, Survey type, Score, Comment, Survey sent at, Created at, Updated at",
  )
  const question = `How likely are you to recommend ${world.brand.name} to a friend or colleague?`
  // The hidden field stands after the questions.
  const typeform = [
    "#",
    question,
    ...columnNames("email, Response Type, Start Date (UTC), Stage Date (UTC), Submit Date (UTC), Network ID, Tags"),
  ]
  const toDelighted = placed(delighted)
  const toTypeform = placed(typeform)
  return {
    generic: file("nps.csv", ["email", "score", "answered_at"], all, ({ at, email, score }) => [email, score, at]),
    delighted: file("delighted.csv", delighted, all, ({ at, email, id, name, score }) =>
      toDelighted({
        "Response ID": id,
        Email: email,
        Name: name,
        "Survey type": "nps",
        Score: score,
        "Survey sent at": ShopClock.universal(fiveMinutesBefore(at)),
        "Created at": ShopClock.universal(at),
        "Updated at": ShopClock.universal(at),
      }),
    ),
    typeform: file("typeform.csv", typeform, all, ({ at, email, id, score }) =>
      toTypeform({
        "#": `nps${id}`,
        [question]: score,
        email,
        "Response Type": "completed",
        "Start Date (UTC)": ShopClock.universal(fiveMinutesBefore(at)),
        "Submit Date (UTC)": ShopClock.universal(at),
        "Network ID": "0a1b2c3d4e",
      }),
    ),
  }
}
