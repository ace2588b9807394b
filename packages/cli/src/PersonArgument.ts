/**
 * A person as commands take them: by e-mail address, code, customer/7, contact/7, or any handle.
 *
 * A text that fits nobody, or something that is no person, is wrong usage, with what to give instead.
 */
import * as Explaining from "@advocacy-kit/core/flow/Explaining"
import * as Subject from "@advocacy-kit/core/flow/Subject"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { principalHandle } from "@advocacy-kit/core/person/People"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import { Argument } from "effect/cli"
import * as Failure from "./Failure.ts"
import * as Session from "./Session.ts"

export const person = (name: string, what: string) =>
  Argument.String(name).pipe(
    Argument.withDescription(`${what}: by e-mail address, code, customer/7, contact/7 or any handle`),
  )

/** What the store knows at the time of the command, and the people that texts mean, by the record that others know them by. */
export const resolve = Effect.fn("PersonArgument.resolve")(function* (texts: ReadonlyArray<string>) {
  const { asOf, program } = yield* Session.Session
  const tenant = yield* CurrentTenant
  const trail = yield* Explaining.read(program, asOf)
  const known = trail.evaluation.history.people
  const people = yield* Effect.forEach(
    texts,
    Effect.fnUntraced(function* (text): Effect.fn.Return<Handle, Failure.Failure> {
      const subject = Subject.find(text, trail, tenant.handleKey)
      if (subject._tag === "Person") return principalHandle(known, known.personOf(subject.handle))
      return yield* subject._tag === "NotFound"
        ? Failure.usage(
            subject.candidates.length > 0
              ? `"${text}" fits ${subject.candidates.join(" and ")}`
              : `nobody here is called "${text}"`,
            "give an e-mail address, a referral code, customer/7 or contact/7",
          )
        : Failure.usage(`"${text}" is not a person`, "give an e-mail address, a referral code, customer/7 or contact/7")
    }),
  )
  return { trail, people }
})
