/**
 * Seals personal values and tokens: AES-256-GCM under a key of the tenant's own, derived from one secret.
 *
 * Promises: a sealed value opens only for the tenant and the subject (a handle, an installation) that it was sealed for; the
 * database, its dumps and its backups hold no plain value. It does not keep the secret: losing it loses the values, never the balances.
 */
import { Config, Context, Effect, Layer, Option, Redacted, Schema } from "effect"
import type { TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"

/** The secret is missing, malformed, or not the one that the stored values were sealed with. Holds no part of it. */
export class VaultKeyUnusable extends Schema.TaggedError<VaultKeyUnusable>()("VaultKeyUnusable", {
  place: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `the vault key ${this.place} cannot be used: ${this.remedy}`
  }
}

/** The secrets of an installation. `vault` is 32 bytes. */
export class AdvocacyKeys extends Context.Service<AdvocacyKeys, { readonly vault: Redacted.Redacted<Uint8Array> }>()(
  "@advocacy-kit/sql/Vault/AdvocacyKeys",
) {}

const make = "make one with: node -p \"crypto.randomBytes(32).toString('base64')\""

/** 32 bytes in base64 or as 64 hexadecimal digits. */
export const keyOf = (text: string, place: string): Effect.Effect<Redacted.Redacted<Uint8Array>, VaultKeyUnusable> => {
  const trimmed = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64")
  return bytes.length === 32
    ? Effect.succeed(Redacted.make(new Uint8Array(bytes), { label: "vault key" }))
    : Effect.fail(new VaultKeyUnusable({ place, remedy: `it must be 32 bytes in base64 or hexadecimal; ${make}` }))
}

export const layerKey = (vault: Redacted.Redacted<Uint8Array>): Layer.Layer<AdvocacyKeys> =>
  Layer.succeed(AdvocacyKeys, { vault })

/** A key that ends with the process, for a database that does so too. */
export const layerThrowAway: Layer.Layer<AdvocacyKeys> = Layer.effect(
  AdvocacyKeys,
  Effect.sync(() => ({ vault: Redacted.make(new Uint8Array(randomBytes(32)), { label: "vault key" }) })),
)

const readOrMake = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true })
  try {
    writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { flag: "wx", mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
  }
  return readFileSync(file, "utf8")
}

/** For trying things out: a key file, made on first use. Whoever copies the whole directory copies the key. */
export const layerFile = (file: string): Layer.Layer<AdvocacyKeys, VaultKeyUnusable> =>
  Layer.effect(
    AdvocacyKeys,
    Effect.try({
      try: () => readOrMake(file),
      catch: () =>
        new VaultKeyUnusable({ place: `in ${file}`, remedy: "this user must be able to read and write that file" }),
    }).pipe(
      Effect.flatMap((text) => keyOf(text, `in ${file}`)),
      Effect.map((vault) => ({ vault })),
    ),
  )

const fromConfig = Config.option(Config.Redacted("ADVOCACY_VAULT_KEY"))

/** `ADVOCACY_VAULT_KEY`, or else `otherwise`; without either it fails and says how to make one. */
export const layerConfig = <E = never>(
  otherwise?: Layer.Layer<AdvocacyKeys, E>,
): Layer.Layer<AdvocacyKeys, VaultKeyUnusable | Config.ConfigError | E> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const text = yield* fromConfig
      if (Option.isSome(text)) return layerKey(yield* keyOf(Redacted.value(text.value), "ADVOCACY_VAULT_KEY"))
      if (otherwise !== undefined) return otherwise
      return yield* new VaultKeyUnusable({ place: "ADVOCACY_VAULT_KEY", remedy: `it is not set; ${make}` })
    }),
  )

/** Tells keys apart without telling anything of them. */
export const fingerprint = (vault: Redacted.Redacted<Uint8Array>): string =>
  createHash("sha256").update("advocacy vault key\0").update(Redacted.value(vault)).digest("hex")

export interface Vault {
  /** `subject` is what the value is about: a handle, or anything with a space in it, which no handle has. */
  readonly seal: (tenant: TenantId, subject: string, value: string) => Uint8Array
  /** Undefined when it was not sealed here for this tenant and subject. */
  readonly open: (tenant: TenantId, subject: string, sealed: Uint8Array) => string | undefined
}

/** Sealed form: one byte that names this form, 12 of nonce, 16 of tag, then the text. */
const form = 1
const nonceBytes = 12
const tagBytes = 16

export const vaultOf = (secret: Redacted.Redacted<Uint8Array>): Vault => {
  const keys = new Map<TenantId, Uint8Array>()
  const keyFor = (tenant: TenantId): Uint8Array => {
    const known = keys.get(tenant)
    if (known !== undefined) return known
    const derived = new Uint8Array(hkdfSync("sha256", Redacted.value(secret), "", `advocacy vault ${tenant}`, 32))
    keys.set(tenant, derived)
    return derived
  }
  // Tenant ids hold no NUL, so the two parts cannot be split in another place.
  const about = (tenant: TenantId, subject: string) => Buffer.from(`${tenant}\0${subject}`, "utf8")
  return {
    seal: (tenant, subject, value) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv("aes-256-gcm", keyFor(tenant), nonce).setAAD(about(tenant, subject))
      const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()])
      return new Uint8Array(Buffer.concat([Buffer.of(form), nonce, cipher.getAuthTag(), text]))
    },
    open: (tenant, subject, sealed) => {
      if (sealed[0] !== form || sealed.length < 1 + nonceBytes + tagBytes) return undefined
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes)
      const decipher = createDecipheriv("aes-256-gcm", keyFor(tenant), nonce, { authTagLength: tagBytes })
      decipher.setAAD(about(tenant, subject)).setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()]).toString(
          "utf8",
        )
      } catch {
        return undefined
      }
    },
  }
}
