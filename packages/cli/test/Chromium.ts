/**
 * A browser for tests: one from the PATH, else the one of the registry, which needs nothing but Node.
 */
import sparticuz from "@sparticuz/chromium"
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { chromium, type Browser } from "playwright-core"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

const fromPath = (): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file))

export const launch = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: fromPath() ?? (await sparticuz.executablePath()),
    // Tests open files of ours alone, and containers often have no sandbox to offer.
    args: ["--no-sandbox"],
  })
