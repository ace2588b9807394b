/**
 * `advocacy explain ORDER|CREDIT|PERSON`: the whole trail of a decision, refusals included.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as Explaining from "@advocacy-kit/core/flow/Explaining"
import { explainPerson } from "@advocacy-kit/core/flow/ExplainingPerson"
import { reevaluate } from "@advocacy-kit/core/flow/Reevaluating"
import * as Subject from "@advocacy-kit/core/flow/Subject"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import type { CreditKey } from "@advocacy-kit/core/ledger/Credit"
import * as Receipt from "@advocacy-kit/core/program/Receipt"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as ExplainPersonText from "../ExplainPersonText.ts"
import * as ExplainText from "../ExplainText.ts"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as ReevaluationText from "../ReevaluationText.ts"
import * as Session from "../Session.ts"

const what = Argument.String("what").pipe(
  Argument.withDescription(
    "An order (shopify:order/7, order/7 or 7), a deal, a credit key, or a person by e-mail address, code, customer/7 or contact/7",
  ),
)

const showPersonal = Flag.Boolean("show-personal").pipe(
  Flag.withDescription("Also show the personal values that handles stand for (names, addresses)"),
  Flag.withDefault(false),
)

const receipt = Flag.Boolean("receipt").pipe(
  Flag.withDescription("Of a credit: what its person may read of it, without anything of anybody else"),
  Flag.withDefault(false),
)

const replay = Flag.Boolean("replay").pipe(
  Flag.withDescription(
    "Of a credit: make the stored decision again from the facts as they were known; exit code 1 where it differs",
  ),
  Flag.withDefault(false),
)

const revision = Flag.Int("revision").pipe(
  Flag.withDescription("With --replay: which revision; the last unless told"),
  Flag.optional,
)

/** The personal values of some people; none unless they are asked for. */
const personalOf = Effect.fn("explain.personal")(function* (
  wanted: boolean,
  identities: ReadonlyArray<Explaining.Identity>,
) {
  if (!wanted) return new Map<Handle, string>()
  const log = yield* FactLog
  return yield* log.personal([...new Set(identities.flatMap(({ handles }) => handles))])
})

const withPersonal = (explained: object, personal: ExplainText.Personal): unknown =>
  personal.size === 0 ? explained : { ...explained, personal: Object.fromEntries(personal) }

interface Options {
  readonly json: boolean
  readonly showPersonal: boolean
  readonly receipt: boolean
  readonly replay: boolean
  readonly revision: Option.Option<number>
}

/** Makes a stored decision again. */
const again = Effect.fn("explain.again")(function* (key: CreditKey, asOf: Instant, options: Options) {
  const made = yield* reevaluate(key, asOf, Option.getOrUndefined(options.revision))
  if (made === null) {
    return yield* Failure.usage(
      "the ledger has no such revision of this credit",
      "run `advocacy explain` of the credit: it lists the revisions",
    )
  }
  yield* Output.print(options.json, { kind: "replay", ...made }, (terminal) => ReevaluationText.text(terminal, made))
  if (!made.isEqual && made.settledBy === null) {
    return yield* Failure.check(
      "the decision made again is not the stored one",
      "if somebody was erased since, their facts are tombstones now; else `advocacy verify` says which promise is broken",
    )
  }
})

const explain = Effect.fn("explain")(function* (text: string, options: Options) {
  const { asOf, program } = yield* Session.Session
  const tenant = yield* CurrentTenant
  const trail = yield* Explaining.read(program, asOf)
  const subject = Subject.find(text, trail, tenant.handleKey)
  if (subject._tag === "NotFound") {
    const several = subject.candidates.length > 0
    return yield* Failure.usage(
      several ? `"${text}" fits ${subject.candidates.join(" and ")}` : `nothing here is called "${text}"`,
      subject.hint,
    )
  }
  if ((options.receipt || options.replay) && subject._tag !== "Credit") {
    return yield* Failure.usage(
      `"${text}" is no credit`,
      "receipts and replays are of one credit: `advocacy explain` of the order lists the keys",
    )
  }
  if (subject._tag === "Person") {
    const explained = explainPerson(trail, subject.handle)
    const personal = yield* personalOf(options.showPersonal, [explained.identity])
    return yield* Output.print(options.json, withPersonal(explained, personal), (terminal) =>
      ExplainPersonText.person(terminal, personal, explained),
    )
  }
  if (subject._tag === "Credit") {
    if (options.replay) return yield* again(subject.key, asOf, options)
    const decision = yield* Explaining.explainCredit(trail, subject.key)
    if (options.receipt) {
      const made = Receipt.of(decision)
      return yield* Output.print(options.json, { kind: "receipt", ...made }, () => Receipt.text(made))
    }
    const personal = yield* personalOf(options.showPersonal, [decision.beneficiary])
    return yield* Output.print(options.json, withPersonal({ kind: "credit", ...decision }, personal), (terminal) =>
      ExplainText.decision(terminal, personal, decision),
    )
  }
  const explained = yield* Explaining.explainConversion(trail, subject.cause)
  if (explained === null) return yield* Effect.die(new Error(`${subject.cause} was found and is not among the facts`))
  const personal = yield* personalOf(options.showPersonal, [
    ...explained.buyers,
    ...explained.decisions.map(({ beneficiary }) => beneficiary),
  ])
  return yield* Output.print(options.json, withPersonal(explained, personal), (terminal) =>
    ExplainText.conversion(terminal, personal, explained),
  )
})

export const command = Command.make(
  "explain",
  { what, store: Session.store, asOf: Session.asOf, showPersonal, receipt, replay, revision, json: Output.json },
  ({ asOf, store, what: text, ...options }) =>
    explain(text, options).pipe(Effect.provide(Session.layer({ asOf, store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Print why: the whole decision trail of an order, a credit or a person, refusals included"),
  Command.withExamples([
    {
      command: "advocacy explain shopify:order/7",
      description: "What was said, found, tried, posted and handed over for an order",
    },
    {
      command: "advocacy explain ada@example.com --show-personal",
      description: "A person, with the values behind their handles",
    },
    {
      command: "advocacy explain 'refer-a-friend|referral|shopify:order/7|advocate|' --json",
      description: "One credit, for a program to read (`advocacy schema decision` says how it looks)",
    },
    {
      command: "advocacy explain 'refer-a-friend|referral|shopify:order/7|advocate|' --receipt",
      description: "What the advocate may read of it",
    },
    {
      command: "advocacy explain 'refer-a-friend|referral|shopify:order/7|advocate|' --replay --revision 1",
      description: "Whether the stored decision follows from the facts of then",
    },
  ]),
)
