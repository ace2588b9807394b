/** Cases about what a program costs and brings. */
import type { Kinds } from "./Kind.ts"

export const growthKinds: Kinds = {}
