/**
 * The parts of the `advocacy` command that a program may use itself: the demo, its report, the directory it works on, and
 * the sandboxes with the connectors to them; and the type of a program file that `advocacy init` writes.
 *
 * The command is the `advocacy` bin of this package; importing this starts nothing.
 */
export type { Written as ProgramDefinition } from "@advocacy-kit/core/program/Program"
export * as Connections from "./Connections.ts"
export * as Demo from "./Demo.ts"
export * as DemoReport from "./DemoReport.ts"
export * as DemoText from "./DemoText.ts"
export * as Installation from "./Installation.ts"
export * as Sandboxes from "./Sandboxes.ts"
