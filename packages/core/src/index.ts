export * as Money from "./money/Money.ts"
