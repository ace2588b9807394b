import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import * as FactLogLaws from "../src/laws/FactLogLaws.ts"
import { suite } from "../src/suite.ts"

suite("fact log in memory", FactLogLaws.laws, MemoryStores.layerMemory)
