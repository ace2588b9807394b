/**
 * The commands besides the demo under one root, to be run in the process of the tests.
 */
import { Command } from "effect/cli"
import * as adjust from "../src/commands/adjust.ts"
import * as analyze from "../src/commands/analyze.ts"
import * as backtest from "../src/commands/backtest.ts"
import * as backup from "../src/commands/backup.ts"
import * as balance from "../src/commands/balance.ts"
import * as credit from "../src/commands/credit.ts"
import * as erase from "../src/commands/erase.ts"
import * as explain from "../src/commands/explain.ts"
import * as exporting from "../src/commands/export.ts"
import * as identify from "../src/commands/identify.ts"
import * as metrics from "../src/commands/metrics.ts"
import * as migrate from "../src/commands/migrate.ts"
import * as outbox from "../src/commands/outbox.ts"
import * as program from "../src/commands/program.ts"
import * as replay from "../src/commands/replay.ts"
import * as reconcile from "../src/commands/reconcile.ts"
import * as redeem from "../src/commands/redeem.ts"
import * as report from "../src/commands/report.ts"
import * as restore from "../src/commands/restore.ts"
import * as review from "../src/commands/review.ts"
import * as sandbox from "../src/commands/sandbox.ts"
import * as schema from "../src/commands/schema.ts"
import * as serve from "../src/commands/serve.ts"
import * as shadow from "../src/commands/shadow.ts"
import * as state from "../src/commands/state.ts"
import * as sync from "../src/commands/sync.ts"
import * as tiers from "../src/commands/tiers.ts"
import * as transfer from "../src/commands/transfer.ts"
import * as verify from "../src/commands/verify.ts"
import * as Failure from "../src/Failure.ts"

export const root = Command.make("advocacy").pipe(
  Command.withDescription(Failure.help),
  Command.withSubcommands([
    sync.command,
    identify.command,
    credit.command,
    outbox.command,
    review.command,
    balance.command,
    redeem.command,
    transfer.command,
    adjust.command,
    tiers.command,
    reconcile.command,
    explain.command,
    program.command,
    backtest.command,
    shadow.command,
    replay.command,
    exporting.command,
    erase.command,
    metrics.command,
    analyze.command,
    report.command,
    verify.command,
    state.command,
    sandbox.command,
    serve.command,
    migrate.command,
    backup.command,
    restore.command,
    schema.command,
  ]),
)

export const names = [
  "sync",
  "identify",
  "credit",
  "outbox",
  "review",
  "balance",
  "redeem",
  "transfer",
  "adjust",
  "tiers",
  "reconcile",
  "explain",
  "backtest",
  "shadow",
  "replay",
  "export",
  "erase",
  "metrics",
  "analyze",
  "report",
  "verify",
  "state",
  "sandbox",
  "serve",
  "migrate",
  "backup",
  "restore",
  "schema",
] as const
