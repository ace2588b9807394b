/**
 * How a file is to be read: the options that say what the file itself does not, with what a program answers where none is given.
 */
import { fromIso, isTimeZone, type Instant } from "@advocacy-kit/core/id/Instant"
import { isCurrency, make as currencyOf } from "@advocacy-kit/core/money/Currency"
import type { Program } from "@advocacy-kit/core/program/Program"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import type { FileText, Format } from "@advocacy-kit/files"
import { Option } from "effect"
import { Flag } from "effect/cli"

export const flags = {
  asOf: Flag.String("as-of").pipe(
    Flag.withDescription(
      "When it was exported, such as 2026-10-01T12:00:00Z; the default is when the file was last written",
    ),
    Flag.mapTryCatch(fromIso, () => "a time with its zone, such as 2026-10-01T12:00:00Z"),
    Flag.optional,
  ),
  column: Flag.KeyValuePair("column").pipe(
    Flag.withDescription('What the file calls a field, such as --column email="E-Mail Adresse"; may be repeated'),
    Flag.withDefault({}),
  ),
  timeZone: Flag.String("time-zone").pipe(
    Flag.withDescription("The zone of times that name none; the default is the program's, else UTC"),
    Flag.filter(isTimeZone, (zone) => `${zone} is no time zone such as Europe/Berlin`),
    Flag.optional,
  ),
  dates: Flag.Literals("dates", ["day-first", "month-first"]).pipe(
    Flag.withDescription("How to read 03/04/2026, which is refused otherwise"),
    Flag.optional,
  ),
  decimals: Flag.Literals("decimals", ["point", "comma"]).pipe(
    Flag.withDescription("Which mark begins decimals where 1,234 could be read either way, which is refused otherwise"),
    Flag.optional,
  ),
  currency: Flag.String("currency").pipe(
    Flag.withDescription("The currency of amounts that name none; the default is the program's"),
    Flag.filter(isCurrency, (code) => `${code} is no ISO 4217 currency such as EUR`),
    Flag.optional,
  ),
  attributes: Flag.String("attributes").pipe(
    Flag.withDescription("Cart attributes that may hold a referral code, separated by commas"),
    Flag.withDefault("ref"),
  ),
}

export interface Given {
  readonly asOf: Option.Option<Instant>
  readonly timeZone: Option.Option<string>
  readonly dates: Option.Option<"day-first" | "month-first">
  readonly decimals: Option.Option<"point" | "comma">
  readonly currency: Option.Option<string>
  readonly attributes: string
}

/** The names in `--attributes`. */
export const attributesOf = ({ attributes }: Pick<Given, "attributes">): ReadonlyArray<string> =>
  attributes.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]))

/** `terms` are the program in force, where there is one. */
export const make = (
  given: Given,
  file: FileText.FileText,
  {
    program,
    tenant,
    terms,
  }: {
    readonly program: string
    readonly tenant: CurrentTenant["Service"]
    readonly terms: Program | null
  },
): Format.Lens => {
  const currency = Option.getOrNull(given.currency) ?? terms?.definition.currency ?? null
  return {
    handleKey: tenant.handleKey,
    asOf: Option.getOrElse(given.asOf, () => file.modifiedAt),
    program,
    currency: currency === null ? null : currencyOf(currency),
    timeZone: Option.getOrElse(given.timeZone, () => terms?.definition.timeZone ?? "UTC"),
    dateOrder: Option.getOrNull(given.dates),
    decimalMark: Option.getOrNull(Option.map(given.decimals, (mark) => (mark === "point" ? "." : ","))),
    referralAttributes: attributesOf(given),
    deviceAttribute: "_device",
  }
}
