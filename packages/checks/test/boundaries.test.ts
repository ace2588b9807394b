import { describe, expect, it } from "vitest"
import { checkBoundaries } from "../src/boundaries.ts"
import { boundaryTable } from "../src/BoundaryTable.ts"
import { root } from "../src/Workspace.ts"
import { fixture, manifest } from "./Fixture.ts"

/** The report on one file of one package that declares `dependencies`. */
const reportOn = (name: string, path: string, text: string, dependencies: ReadonlyArray<string> = []): string => {
  const folder = fixture({
    [`packages/${name}/package.json`]: manifest(name, dependencies),
    [`packages/${name}/${path}`]: text,
  })
  const result = checkBoundaries(folder, boundaryTable, root)
  return result.failed === 0 ? "" : result.report
}

describe("the present tree", () => {
  it("keeps to the import table", () => {
    expect(checkBoundaries(root).report).toMatch(/^\d+ files of \d+ packages keep to the import table\.$/)
  })
})

describe("between packages", () => {
  it.each([
    ["import", `import { Inbox } from "@advocacy-kit/sql"`],
    ["type import", `import type { Inbox } from "@advocacy-kit/sql"`],
    ["inline type import", `export type Kept = import("@advocacy-kit/sql").Inbox`],
    ["re-export", `export * from "@advocacy-kit/sql"`],
    ["named re-export", `export { Inbox } from "@advocacy-kit/sql/Inbox"`],
    ["dynamic import", `export const inbox = await import("@advocacy-kit/sql")`],
    ["require", `declare const require: (name: string) => unknown\nexport const inbox = require("@advocacy-kit/sql")`],
  ])("a connector may not reach the store by %s", (_, text) => {
    expect(reportOn("shopify", "src/Orders.ts", text, ["@advocacy-kit/sql"])).toContain("shopify may import core")
  })

  it("hubspot may not import shopify", () => {
    const text = `import { Client } from "@advocacy-kit/shopify"`
    expect(reportOn("hubspot", "src/Client.ts", text, ["@advocacy-kit/shopify"])).toMatch(
      /src\/Client\.ts:1 .*forbidden/,
    )
  })

  it("nor by a relative path", () => {
    expect(reportOn("hubspot", "src/Client.ts", `import "../../shopify/src/Client.ts"`)).toContain("leaves the package")
  })

  it("the sandbox may take core's types and nothing else of it", () => {
    const dependencies = ["@advocacy-kit/core"]
    expect(reportOn("sandbox", "src/A.ts", `import type { Money } from "@advocacy-kit/core"`, dependencies)).toBe("")
    expect(reportOn("sandbox", "src/A.ts", `import { type Money } from "@advocacy-kit/core"`, dependencies)).toBe("")
    expect(reportOn("sandbox", "src/A.ts", `import { Money } from "@advocacy-kit/core"`, dependencies)).toContain(
      "types only",
    )
  })

  it("only the server's own sub-paths may import a connector", () => {
    const text = `import { Client } from "@advocacy-kit/shopify"`
    expect(reportOn("server", "src/ShopifyRoutes.ts", text, ["@advocacy-kit/shopify"])).toBe("")
    expect(reportOn("server", "src/Routes.ts", text, ["@advocacy-kit/shopify"])).toContain("named Shopify")
  })

  it("a new package needs a row", () => {
    expect(reportOn("extra", "src/index.ts", "export {}")).toContain("has no row")
  })

  it("an absolute path is refused", () => {
    expect(reportOn("cli", "src/A.ts", `import "/home/me/Demo.ts"`)).toMatch(
      /^[^\n]*a path of one machine[^\n]*\n1 violations/,
    )
  })

  it("a computed import is refused", () => {
    expect(reportOn("cli", "src/A.ts", "export const load = (name: string) => import(name)")).toContain("computed")
  })

  it("a computed import passes in the file that the table names, and in no other of its name", () => {
    const source = "export const load = (name: string) => import(name)"
    expect(reportOn("cli", "src/ProgramFile.ts", source)).not.toContain("computed")
    expect(reportOn("cli", "src/commands/ProgramFile.ts", source)).toContain("computed")
    expect(reportOn("server", "src/ProgramFile.ts", source)).toContain("computed")
  })
})

describe("in core", () => {
  it("node:fs is forbidden", () => {
    expect(reportOn("core", "src/fact/FactLog.ts", `import { readFileSync } from "node:fs"`)).toContain("without Node")
  })

  it("an import in a comment or a string is none", () => {
    const text = [
      "// import fs from 'node:fs'",
      `/* import "node:fs" */`,
      "export const text = `import 'node:fs'`",
    ].join("\n")
    expect(reportOn("core", "src/fact/FactLog.ts", text)).toBe("")
  })

  it("the ledger may not reach to the program, the program may reach to the ledger", () => {
    expect(reportOn("core", "src/ledger/Ledger.ts", `import "../program/Program.ts"`)).toContain(
      "ledger stands left of program",
    )
    expect(reportOn("core", "src/program/Program.ts", `import "../ledger/Ledger.ts"`)).toBe("")
  })

  it("folders of one group are a line as well", () => {
    expect(reportOn("core", "src/money/Money.ts", `import type { Id } from "../id/Id.ts"`)).toContain("to the right")
    expect(reportOn("core", "src/id/Id.ts", `import "../money/Money.ts"`)).toBe("")
  })

  it("a folder may not import the index, nor stand outside the line", () => {
    expect(reportOn("core", "src/flow/Flow.ts", `import "../index.ts"`)).toContain("never the package's own index")
    expect(reportOn("core", "src/extra/Extra.ts", `import "../money/Money.ts"`)).toContain("no place in the line")
    expect(reportOn("core", "src/flow/Flow.ts", `import "../extra/Extra.ts"`)).toContain("no place in the line")
  })

  it.each([
    ["a sub-path", `import { HttpRouter } from "effect/http"`, "not a stable root module"],
    ["an unstable root module", `import { FileSystem } from "effect"`, "FileSystem (unstable)"],
    ["an unknown export", `import { Nothing } from "effect"`, "no such export"],
    ["the test modules", `import { TestClock } from "effect/testing"`, "not a stable root module"],
    ["a vendor's package", `import { Client } from "@hubspot/api-client"`, "decision record"],
  ])("%s is refused", (_, text, reason) => {
    expect(reportOn("core", "src/flow/Flow.ts", text, ["effect", "@hubspot/api-client"])).toContain(reason)
  })

  it("stable exports pass, by root and by module path", () => {
    const text = `import { Effect, pipe } from "effect"\nimport * as Option from "effect/Option"\nexport const one = pipe(Effect.succeed(1), Effect.map(Option.some))`
    expect(reportOn("core", "src/flow/Flow.ts", text, ["effect"])).toBe("")
  })
})

describe("manifests", () => {
  it("an undeclared import fails", () => {
    expect(reportOn("core", "src/flow/Flow.ts", `import { z } from "zod"`)).toContain("does not declare")
  })

  it("a dependency nobody imports fails", () => {
    expect(reportOn("core", "src/flow/Flow.ts", "export {}", ["zod"])).toContain("declares zod")
  })

  it("a script that runs at installation fails", () => {
    const folder = fixture({
      "packages/core/package.json": JSON.stringify({
        name: "@advocacy-kit/core",
        scripts: { postinstall: "node x.js" },
      }),
      "packages/core/src/index.ts": "export {}",
    })
    expect(checkBoundaries(folder, boundaryTable, root).report).toContain("run nothing when installed")
  })
})

describe("tests of a package", () => {
  it("may import testing, sandbox and Node, but no forbidden package", () => {
    const good = `import "@advocacy-kit/testing"\nimport "@advocacy-kit/sandbox"\nimport "node:fs"\nimport "../src/Client.ts"`
    expect(reportOn("hubspot", "test/Client.test.ts", good)).toBe("")
    expect(reportOn("hubspot", "test/Client.test.ts", `import "@advocacy-kit/shopify"`)).toContain("forbidden")
  })
})
