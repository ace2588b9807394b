/**
 * The `advocacy` command: its subcommands, in the order in which one meets them.
 */
import { Command } from "effect/cli"
import * as adjust from "./commands/adjust.ts"
import * as advocates from "./commands/advocates.ts"
import * as analyze from "./commands/analyze.ts"
import * as audit from "./commands/audit.ts"
import * as backtest from "./commands/backtest.ts"
import * as backup from "./commands/backup.ts"
import * as balance from "./commands/balance.ts"
import * as capabilities from "./commands/capabilities.ts"
import * as credit from "./commands/credit.ts"
import * as demo from "./commands/demo.ts"
import * as erase from "./commands/erase.ts"
import * as explain from "./commands/explain.ts"
import * as exporting from "./commands/export.ts"
import * as hubspot from "./commands/hubspot.ts"
import * as identify from "./commands/identify.ts"
import * as importing from "./commands/import.ts"
import * as init from "./commands/init.ts"
import * as metrics from "./commands/metrics.ts"
import * as migrate from "./commands/migrate.ts"
import * as outbox from "./commands/outbox.ts"
import * as program from "./commands/program.ts"
import * as replay from "./commands/replay.ts"
import * as reconcile from "./commands/reconcile.ts"
import * as redeem from "./commands/redeem.ts"
import * as report from "./commands/report.ts"
import * as restore from "./commands/restore.ts"
import * as review from "./commands/review.ts"
import * as sandbox from "./commands/sandbox.ts"
import * as schema from "./commands/schema.ts"
import * as serve from "./commands/serve.ts"
import * as shadow from "./commands/shadow.ts"
import * as state from "./commands/state.ts"
import * as sync from "./commands/sync.ts"
import * as tiers from "./commands/tiers.ts"
import * as transfer from "./commands/transfer.ts"
import * as verify from "./commands/verify.ts"
import * as Failure from "./Failure.ts"
import * as Watching from "./Watching.ts"

export const advocacy = Command.make("advocacy").pipe(
  Command.withDescription(`Customer advocacy programs on the CRM and shop you already run. ${Failure.help}`),
  Command.withSubcommands([
    demo.command,
    init.command,
    capabilities.command,
    sync.command,
    importing.command,
    identify.command,
    advocates.command,
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
    audit.command,
    report.command,
    verify.command,
    state.command,
    sandbox.command,
    serve.command,
    hubspot.command,
    migrate.command,
    backup.command,
    restore.command,
    schema.command,
  ]),
  Command.provide(Watching.layer),
  Command.withGlobalFlags([Watching.quiet]),
)
