/**
 * The parts of the `advocacy` command that a program may use itself: the demo, its report, and the directory it works on.
 *
 * The command is the `advocacy` bin of this package; importing this starts nothing.
 */
export * as Demo from "./Demo.ts"
export * as DemoReport from "./DemoReport.ts"
export * as DemoText from "./DemoText.ts"
export * as Installation from "./Installation.ts"
