/**
 * An installation of your own: settings, keys, a store, and a program in force. The `advocacy` command works on it.
 *
 *     node examples/06-your-own-installation.ts /srv/advocacy
 *
 * Without a directory it tries itself out in a temporary one. Run it again to publish a changed program: the version in
 * force at a purchase judges it, so that what was decided before stays.
 */
import { Flow, Instant, Program, Referral, Reward, Tenant } from "@advocacy-kit/core"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Layer, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const program = Program.make("refer-a-friend", {
  currency: "EUR",
  timeZone: "Europe/Berlin",
  advocates: [{ rule: "score-at-least", score: 70 }, { rule: "marketing-consent" }],
  mechanics: [
    Referral.make({
      evidence: [Referral.Evidence.code, Referral.Evidence.cartAttribute, Referral.Evidence.click],
      attribution: Referral.Attribution.lastTouch({ window: "30 days" }),
      qualifies: Referral.Qualify.all(Referral.Qualify.newCustomer, Referral.Qualify.minimum("40.00")),
      hold: "14 days",
      advocate: Reward.discount({ amount: "20.00" }),
      friend: Reward.discount({ percent: 10, timing: "atCheckout" }),
    }),
  ],
})
const inForceFrom = Instant.fromIso("2026-01-01T00:00:00Z")

const given = process.argv[2]
const directory = given ?? mkdtempSync(join(tmpdir(), "advocacy-"))
const file = join(directory, "advocacy.json")

// The key hashes personal values. Keep it: without it no new value matches an old one.
if (!existsSync(file)) {
  const settings = {
    tenant: "acme",
    handleKey: randomBytes(32).toString("hex"),
    program: program.name,
    now: null,
    shareUrl: "https://acme.example/?ref=",
    brand: null,
  }
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
}
const { handleKey, tenant } = JSON.parse(readFileSync(file, "utf8"))

// The embedded database in the directory, or a server: as the command chooses.
const url = given === undefined ? undefined : process.env.DATABASE_URL
const stores =
  url === undefined
    ? SqlStores.layerEmbedded({ directory: join(directory, "store") })
    : SqlStores.layerServer({ url: Redacted.make(url) })
const services = Layer.merge(
  stores,
  Layer.succeed(Tenant.CurrentTenant, { id: Tenant.TenantIdOf(tenant), handleKey: Buffer.from(handleKey, "hex") }),
)
await Effect.runPromise(Flow.publish(program, inForceFrom).pipe(Effect.provide(services)))

console.log(`${program.name} is in force for ${tenant} from ${Instant.toIso(inForceFrom)}.`)
console.log(`Version ${program.hash.slice(0, 16)}, the hash of its definition.`)
if (given === undefined) rmSync(directory, { recursive: true })
