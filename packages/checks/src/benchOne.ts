import * as CreditingBench from "./bench/CreditingBench.ts"
await CreditingBench.run(process.argv[2]!, { events: Number(process.argv[3]), referrals: 200 }, (line) => process.stdout.write(`${line}\n`))
