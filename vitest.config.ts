import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "vitest/config"

const packages = join(import.meta.dirname, "packages")
const tested = readdirSync(packages).filter((name) => existsSync(join(packages, name, "test")))

export default defineConfig({
  test: {
    // Property and law tests share two cores with each other.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: tested.map((name) => ({
      extends: true,
      root: join(packages, name),
      test: {
        name,
        include: ["test/**/*.test.ts"],
        globalSetup: name === "sql" ? ["test/emptyDatabase.ts"] : [],
      },
    })),
  },
})
