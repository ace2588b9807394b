#!/usr/bin/env node
/**
 * Starts `advocacy`. What was compiled for one start is kept for the next, in the folder for temporary files of the machine:
 * without it compiling is a good third of the time until the first line of a small command.
 */
import { enableCompileCache } from "node:module"

enableCompileCache()
// Only what is imported after this line is kept.
const [{ advocacy }, Entry] = await Promise.all([import("./Advocacy.ts"), import("./Entry.ts")])
Entry.main(advocacy)
