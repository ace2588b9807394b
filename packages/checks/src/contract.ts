/**
 * The contract with Shopify: `pnpm contract:shopify`, or with the root of another workspace as the argument.
 *
 * Promises: every GraphQL document of the connector is judged by both versions of the Admin schema that ship with the
 * sandbox, and the TypeScript made from the documents is up to date. Reads files only; it calls nobody.
 */
import { existsSync, readFileSync } from "node:fs"
import * as DocumentRules from "./contract/DocumentRules.ts"
import * as WireDocuments from "./contract/WireDocuments.ts"
import { conclude, isMain } from "./Main.ts"
import { type StageResult, verdict } from "./Stage.ts"
import { generated, pathIn, schemaOf, sdlOf, versions } from "./wireTypes.ts"
import { root } from "./Workspace.ts"

export const contract = async (at: string): Promise<StageResult> => {
  const wire = WireDocuments.read(WireDocuments.files(at))
  const faults: Array<string> = []
  for (const version of versions) {
    const sdl = sdlOf(at, version)
    const schema = schemaOf(sdl)
    const found = DocumentRules.judge(schema, wire)
    faults.push(...found.map((fault) => `Admin API ${version}: ${WireDocuments.folder}/${fault}`))
    if (version !== versions[0] || found.length > 0) continue
    const held = existsSync(pathIn(at)) ? readFileSync(pathIn(at), "utf8") : ""
    if (held !== (await generated(sdl, schema, wire)))
      faults.push("Documents.generated.ts is stale: run node packages/checks/src/wireTypes.ts")
  }
  return verdict(
    faults.length === 0,
    faults.join("\n") || `${wire.documents.length} documents keep to the Admin API ${versions.join(" and ")}.`,
  )
}

if (isMain(import.meta.url)) {
  conclude(await contract(process.argv[2] ?? root))
}
