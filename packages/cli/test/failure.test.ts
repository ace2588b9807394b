/**
 * What each error of the libraries means for whoever typed a command.
 */
import { SourceError } from "@advocacy-kit/core/connector/FactSource"
import { InboxError } from "@advocacy-kit/core/connector/Inbox"
import { FactLogError, StoreUnavailable, Unstorable } from "@advocacy-kit/core/fact/FactLog"
import { LedgerError } from "@advocacy-kit/core/ledger/Ledger"
import { DirectoryLock } from "@advocacy-kit/sql"
import { Cause, Console, Effect, Exit, Runtime } from "effect"
import { describe, expect, it } from "vitest"
import * as Failure from "../src/Failure.ts"
import { InstallationError } from "../src/Installation.ts"
import { SandboxError } from "../src/Sandboxes.ts"

const unavailable = new StoreUnavailable({ operation: "append facts", cause: new Error("ConnectionError") })

const code = (error: unknown): number | undefined => Runtime.getErrorExitCode(Failure.of(error))

describe("the exit code of an error", () => {
  it("is 3 where the store is the trouble", () => {
    for (const error of [
      new LedgerError({ reason: unavailable }),
      new FactLogError({ reason: unavailable }),
      new InboxError({ reason: unavailable }),
      new DirectoryLock.DirectoryInUse({ directory: "d", pid: 1, remedy: "stop it" }),
      new DirectoryLock.DirectoryUnusable({ directory: "d", cause: new Error("EACCES") }),
      new InstallationError({ directory: "d", remedy: "run the demo" }),
    ]) {
      expect([error._tag, code(error)]).toEqual([error._tag, 3])
    }
  })

  it("is 4 where a platform is the trouble, with its own remedy", () => {
    const error = new SourceError({
      source: "hubspot",
      operation: "search",
      message: "answered 401",
      remedy: "renew the token",
      isRetryable: false,
    })
    expect(code(error)).toBe(4)
    expect(Failure.of(error).message).toBe("answered 401\n  next: renew the token")
    expect(code(new SandboxError({ sandbox: "shopify", problem: "ended with 1" }))).toBe(4)
  })

  it("is 70 for what nobody foresaw, without a stack", () => {
    for (const error of [
      new TypeError("x is not a function"),
      "text",
      undefined,
      { _tag: "Strange", message: "odd" },
    ]) {
      const failure = Failure.of(error)
      expect(Runtime.getErrorExitCode(failure)).toBe(70)
      expect(failure.message).toContain("ADVOCACY_DEBUG=1")
      expect(failure.message).not.toContain("    at ")
    }
  })
})

describe("a failure", () => {
  it("says what the store could not do, and with which record", () => {
    expect(Failure.of(new LedgerError({ reason: unavailable })).message).toContain(
      "the store could not append facts: ConnectionError",
    )
    const odd = Failure.of(
      new FactLogError({ reason: new Unstorable({ key: "shopify:order/7", remedy: "remove the NUL byte" }) }),
    )
    expect(odd.message).toContain("shopify:order/7")
    expect(odd.message).toContain("remove the NUL byte")
  })

  it("is told once, on standard error, and keeps its code", async () => {
    const told: Array<string> = []
    const console = Object.assign(Object.create(globalThis.console) as Console.Console, {
      error: (text: string) => told.push(text),
    })
    const exit = await Effect.runPromiseExit(
      Effect.die(new Error("no")).pipe(Failure.report, Effect.provideService(Console.Console, console)),
    )
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/^advocacy: this is a mistake of ours: no/)
    expect(Exit.isFailure(exit) && Runtime.getErrorExitCode(Cause.squash(exit.cause))).toBe(70)
  })
})
