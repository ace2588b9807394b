/**
 * `packages/shopify/src/wire/Documents.generated.ts`, as an output of the `.graphql` files beside it.
 *
 * `node packages/checks/src/wireTypes.ts` writes it; `pnpm contract:shopify` fails when it is not what this would write.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { buildSchema, type GraphQLSchema } from "graphql"
import * as DocumentTypes from "./contract/DocumentTypes.ts"
import * as WireDocuments from "./contract/WireDocuments.ts"
import { isMain } from "./Main.ts"
import { root } from "./Workspace.ts"

/** The first is the one that the types are made from. */
export const versions = ["2026-10", "2026-07"] as const

export const sdlOf = (at: string, version: string): string =>
  gunzipSync(readFileSync(join(at, `packages/sandbox/data/admin-${version}.graphql.gz`))).toString("utf8")

export const schemaOf = (sdl: string): GraphQLSchema =>
  buildSchema(sdl, { assumeValid: true, assumeValidSDL: true, noLocation: true })

export const pathIn = (at: string): string => join(at, WireDocuments.folder, "Documents.generated.ts")

export const generated = (sdl: string, schema: GraphQLSchema, wire: WireDocuments.Wire): Promise<string> =>
  DocumentTypes.written(sdl, schema, wire)

if (isMain(import.meta.url)) {
  const at = process.argv[2] ?? root
  const sdl = sdlOf(at, versions[0])
  const wire = WireDocuments.read(WireDocuments.files(at))
  writeFileSync(pathIn(at), await generated(sdl, schemaOf(sdl), wire))
}
