/**
 * One GraphQL operation: its document, how its answer is read, and what it costs at most.
 *
 * Promises: what Shopify's schema lets it answer is accepted, and every member that is asked for is read; otherwise it
 * does not compile. Answers are read tolerantly: absent is null, and the records of a list are read one by one later.
 */
import type { z } from "zod"
import type { Document } from "./Document.ts"

export interface Operation<Data, in Variables = never> {
  readonly name: string
  readonly document: string
  readonly data: z.ZodType<Data>
  /** Points asked for at first; Shopify's own figure takes its place after the first answer. */
  readonly points: number
  /** Types only; never set. */
  readonly variables?: (variables: Variables) => void
}

type Writable<Type> =
  Type extends ReadonlyArray<infer Item>
    ? Array<Writable<Item>>
    : Type extends object
      ? { -readonly [Key in keyof Type]: Writable<Type[Key]> }
      : Type

/** Names of members that are asked for and that the schema does not know. What it takes as it comes counts as read. */
type Unread<Sent, Read> = unknown extends Read ? never : UnreadIn<Sent, NonNullable<Read>>

type UnreadIn<Sent, Read> =
  Sent extends ReadonlyArray<infer Item>
    ? Read extends ReadonlyArray<infer ReadItem>
      ? Unread<Item, ReadItem>
      : never
    : string extends keyof Sent
      ? never
      : Sent extends object
        ? {
            [Key in keyof Sent & string]: Key extends keyof Read ? Unread<Sent[Key], Read[Key]> : Key
          }[keyof Sent & string]
        : never

/** Nothing to object to (`unknown`), or what is wrong, in the words of the compiler's message. */
export type Fits<Sent, Input> = [Writable<Sent>] extends [Input]
  ? [Unread<Sent, Input>] extends [never]
    ? unknown
    : { readonly "is asked for, but not read": Unread<Sent, Input> }
  : { readonly "refuses what Shopify may send": Writable<Sent> }

/** A schema for what a fragment brings. */
export const reads =
  <Sent>() =>
  <Schema extends z.ZodType>(schema: Schema & Fits<Sent, z.input<Schema>>): Schema =>
    schema

export const query = <Sent, Variables, Data, Input>(
  { name, points, text }: Document<Sent, Variables>,
  data: z.ZodType<Data, Input> & Fits<Sent, Input>,
): Operation<Data, Variables> => ({ name, document: text, data, points })

/** What a mutation answers is null only along with errors, and those are read before. */
type Payload<Sent> = { readonly [Key in keyof Sent]: NonNullable<Sent[Key]> }

export const mutation = <Sent, Variables, Data, Input>(
  { name, points, text }: Document<Sent, Variables>,
  data: z.ZodType<Data, Input> & Fits<Payload<Sent>, Input>,
): Operation<Data, Variables> => ({ name, document: text, data, points })
