/**
 * Why a command of a person was refused. Nothing was recorded; each reason names the place and what to do.
 *
 * A refusal is about what was asked, so none of them is worth a second try as it is. That a store was away is an error of
 * the store, not of the command.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { toIso, Instant } from "../id/Instant.ts"
import { AmountMinor } from "../money/Money.ts"
import { amountIn } from "../program/Draft.ts"

/** Less is available than was asked for. */
export class NotEnough extends Schema.TaggedError<NotEnough>()("NotEnough", {
  person: Handle,
  unit: Schema.String,
  wantedMinor: AmountMinor,
  availableMinor: AmountMinor,
}) {
  readonly isRetryable = false
  readonly remedy = "`advocacy balance PERSON` shows what is available and when more will be"
  override get message(): string {
    return `${this.person} has ${amountIn(this.unit, this.availableMinor)} available, and ${amountIn(this.unit, this.wantedMinor)} are needed`
  }
}

export class UnknownPerson extends Schema.TaggedError<UnknownPerson>()("UnknownPerson", { person: Handle }) {
  readonly isRetryable = false
  readonly remedy = "name a handle of theirs that a record, a purchase or a code has shown"
  override get message(): string {
    return `no fact knows ${this.person}`
  }
}

export class UnknownProgram extends Schema.TaggedError<UnknownProgram>()("UnknownProgram", {
  program: Schema.String,
  at: Instant,
}) {
  readonly isRetryable = false
  readonly remedy = "publish it, or name the program that is in force"
  override get message(): string {
    return `no version of the program ${this.program} is in force at ${toIso(this.at)}`
  }
}

export class UnknownOffer extends Schema.TaggedError<UnknownOffer>()("UnknownOffer", {
  program: Schema.String,
  offer: Schema.String,
  offers: Schema.Array(Schema.String),
}) {
  readonly isRetryable = false
  get remedy(): string {
    return this.offers.length === 0
      ? "give the points mechanic offers to redeem for, and publish it"
      : `name one of ${this.offers.join(", ")}`
  }
  override get message(): string {
    return `the program ${this.program} has no offer "${this.offer}"`
  }
}

export class UnknownUnit extends Schema.TaggedError<UnknownUnit>()("UnknownUnit", {
  unit: Schema.String,
  units: Schema.Array(Schema.String),
}) {
  readonly isRetryable = false
  get remedy(): string {
    return `use ${this.units.join(" or ")}`
  }
  override get message(): string {
    return `the program counts nothing in ${this.unit}`
  }
}

/** The key names another command already. */
export class KeyUsedOtherwise extends Schema.TaggedError<KeyUsedOtherwise>()("KeyUsedOtherwise", {
  fact: Schema.String,
  what: Schema.String,
  at: Instant,
}) {
  readonly isRetryable = false
  readonly remedy = "give each command a key of its own; the same key only to repeat the same command"
  override get message(): string {
    return `the key was used for something else: ${this.what} at ${toIso(this.at)}`
  }
}

export class BadAmount extends Schema.TaggedError<BadAmount>()("BadAmount", { amountMinor: AmountMinor }) {
  readonly isRetryable = false
  readonly remedy = "a transfer takes more than 0; an adjustment more or less, not 0"
  override get message(): string {
    return `${this.amountMinor} cannot be the amount of this command`
  }
}

/** Giver and receiver are one person. */
export class SamePerson extends Schema.TaggedError<SamePerson>()("SamePerson", { from: Handle, to: Handle }) {
  readonly isRetryable = false
  readonly remedy = "name somebody else: what one person has is one balance under all their handles"
  override get message(): string {
    return `${this.from} and ${this.to} are one person`
  }
}

export class UnknownCredit extends Schema.TaggedError<UnknownCredit>()("UnknownCredit", { credit: Schema.String }) {
  readonly isRetryable = false
  readonly remedy = "`advocacy review list` and `advocacy explain ORDER` show the keys; put them in quotes"
  override get message(): string {
    return `no credit has the key ${this.credit}`
  }
}

/** There is nothing to decide, or the decision would change nothing. */
export class NotHeld extends Schema.TaggedError<NotHeld>()("NotHeld", {
  credit: Schema.String,
  standing: Schema.String,
  remedy: Schema.String,
}) {
  readonly isRetryable = false
  override get message(): string {
    return `${this.credit} is ${this.standing}`
  }
}

/** Evidence names several people: somebody has to say who shall have it. */
export class NeedsBeneficiary extends Schema.TaggedError<NeedsBeneficiary>()("NeedsBeneficiary", {
  credit: Schema.String,
  candidates: Schema.Array(Handle),
}) {
  readonly isRetryable = false
  get remedy(): string {
    return `release it to one of ${this.candidates.join(", ")}`
  }
  override get message(): string {
    return `the evidence for ${this.credit} names several people`
  }
}

/** They said that they want no marketing. */
export class NoConsent extends Schema.TaggedError<NoConsent>()("NoConsent", { person: Handle }) {
  readonly isRetryable = false
  readonly remedy = "ask nobody who does not want it: the platform's record says how they can change their mind"
  override get message(): string {
    return `${this.person} wants no marketing`
  }
}

/** The last ask, of whatever kind, is too fresh. */
export class AskedLately extends Schema.TaggedError<AskedLately>()("AskedLately", {
  person: Handle,
  at: Instant,
  nextAt: Instant,
}) {
  readonly isRetryable = false
  get remedy(): string {
    return `ask again from ${toIso(this.nextAt)} on`
  }
  override get message(): string {
    return `${this.person} was asked for something at ${toIso(this.at)}`
  }
}

export const CommandReason = Schema.Union([
  NotEnough,
  UnknownPerson,
  UnknownProgram,
  UnknownOffer,
  UnknownUnit,
  KeyUsedOtherwise,
  BadAmount,
  SamePerson,
  UnknownCredit,
  NotHeld,
  NeedsBeneficiary,
  NoConsent,
  AskedLately,
])
export type CommandReason = typeof CommandReason.Type

export class CommandError extends Schema.TaggedError<CommandError>()("CommandError", { reason: CommandReason }) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return this.reason.message
  }
}

export const refuse = (reason: CommandReason): CommandError => new CommandError({ reason })
