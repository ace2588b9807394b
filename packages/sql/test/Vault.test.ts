import { platform } from "@advocacy-kit/core/id/Handle"
import { TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Vault } from "@advocacy-kit/sql"
import { ConfigProvider, Effect, Redacted } from "effect"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { expect, test } from "vitest"
import { errorOf } from "./Engines.ts"
import { vaultKey } from "./Tenants.ts"

const [a, b] = [TenantIdOf("a"), TenantIdOf("b")]
const handle = platform("shopify", "customer", "1")
const vault = Vault.vaultOf(vaultKey)

const keyFrom = (environment: Record<string, string>) =>
  Effect.map(Vault.AdvocacyKeys, (keys) => Redacted.value(keys.vault)).pipe(
    Effect.provide(Vault.layerConfig()),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
    Effect.runPromiseExit,
  )

test("a value opens for its tenant and handle under its key, and for nothing else", () => {
  const sealed = vault.seal(a, handle, "Änna 😀")
  expect(vault.open(a, handle, sealed)).toBe("Änna 😀")
  expect(vault.open(b, handle, sealed)).toBeUndefined()
  expect(vault.open(a, platform("shopify", "customer", "2"), sealed)).toBeUndefined()
  expect(Vault.vaultOf(Redacted.make(new Uint8Array(32).fill(8))).open(a, handle, sealed)).toBeUndefined()
})

test("a changed or shortened sealed value does not open", () => {
  const sealed = vault.seal(a, handle, "anna@example.com")
  for (const index of sealed.keys()) {
    const changed = sealed.slice()
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(vault.open(a, handle, changed), `byte ${index}`).toBeUndefined()
    expect(vault.open(a, handle, sealed.subarray(0, index)), `the first ${index}`).toBeUndefined()
  }
})

test("the same value is sealed differently each time", () => {
  const [first, second] = [vault.seal(a, handle, "x"), vault.seal(a, handle, "x")]
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false)
})

test("the key is read in base64 and in hexadecimal, and refused with a remedy that holds none of it", async () => {
  const bytes = Buffer.alloc(32, 5)
  for (const text of [bytes.toString("base64"), bytes.toString("hex"), `${bytes.toString("base64")}\n`]) {
    const exit = await keyFrom({ ADVOCACY_VAULT_KEY: text })
    expect(exit).toMatchObject({ _tag: "Success", value: new Uint8Array(bytes) })
  }
  const short = errorOf(await keyFrom({ ADVOCACY_VAULT_KEY: "c2hvcnQtc2VjcmV0" }))
  expect(short).toContain("32 bytes")
  expect(short).not.toContain("c2hvcnQtc2VjcmV0")
  expect(errorOf(await keyFrom({}))).toContain("randomBytes(32)")
})

// Windows keeps no such bits.
test.skipIf(process.platform === "win32")("a key file is made once, for its owner alone", async () => {
  const directory = mkdtempSync(join(tmpdir(), "advocacy-key-"))
  try {
    const file = join(directory, "deep", "vault.key")
    const read = Effect.map(Vault.AdvocacyKeys, (keys) => Vault.fingerprint(keys.vault)).pipe(
      Effect.provide(Vault.layerFile(file)),
    )
    expect(await Effect.runPromise(read)).toBe(await Effect.runPromise(read))
    expect(statSync(file).mode & 0o077).toBe(0)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
