/**
 * Orders that pass every hard rule and still look wrong: a leaked code, one device behind many accounts, and
 * people who live together (who are true referrals, and look like fraud all the same).
 *
 * Promises: the advocates of leaked codes and rings bring nobody else, so that no yearly limit is in play.
 */
import { day, minute, seasonal } from "./Calendar.ts"
import { softSpelling } from "./PeopleSimulation.ts"
import * as Stage from "./Stage.ts"
import type { Scenario } from "./Stage.ts"
import { rules } from "./World.ts"
import type { ShopAddress } from "./World.ts"

/** A code on a coupon site: strangers use it within hours. Exactly as many as the rule asks for. */
export const leakedCode: Scenario = (stage) => {
  const who = Stage.makeAdvocate(stage, true)
  const startsAt = seasonal(stage.random, Stage.issuedAt(who) + 40 * day, stage.story.period.liveFrom - 20 * day)
  for (let buyer = 0; buyer < rules.leakedPer24Hours; buyer++) {
    const at = startsAt + buyer * 70 * minute + stage.random.int(1, 60) * minute
    const order = Stage.place(stage, {
      at,
      account: Stage.friend(stage),
      planned: "leaked-code",
      touches: [Stage.byCode(who, at)],
      net: Stage.eligible,
    })
    if (stage.random.chance(0.2)) Stage.thenFree(order)
  }
}

/** Nine strangers in a day are one too few to call a code leaked: these are credited. */
export const busyDay: Scenario = (stage) => {
  const who = Stage.makeAdvocate(stage, true)
  const startsAt = seasonal(stage.random, Stage.issuedAt(who) + 40 * day, stage.story.period.liveFrom - 20 * day)
  for (let buyer = 0; buyer < rules.leakedPer24Hours - 1; buyer++) {
    const at = startsAt + buyer * 70 * minute + stage.random.int(1, 60) * minute
    Stage.thenFree(
      Stage.place(stage, {
        at,
        account: Stage.friend(stage),
        planned: "code",
        touches: [Stage.byCode(who, at)],
        referredBy: who,
        net: Stage.eligible,
      }),
    )
  }
}

/** The advocate plays the friends: other accounts and addresses, the same device. */
export const ringDevice: Scenario = (stage, index) => {
  const who = Stage.makeAdvocate(stage, true)
  const main = who.accounts[0]
  const device = who.devices[0]
  if (main === undefined || device === undefined) throw new RangeError(`${who.id} has no account or device`)
  for (const tag of index % 2 === 0 ? ["shop", "deal"] : ["shop", "deal", "second"]) {
    const account = stage.population.account(who, { email: softSpelling(main.email, tag), unprovable: true })
    const at = Stage.buysAt(stage, [who])
    const address = stage.population.address()
    Stage.place(stage, {
      at,
      account,
      planned: "ring-device",
      touches: [Stage.anyTouch(stage, who, at, index)],
      device,
      address,
      net: Stage.eligible,
    })
  }
}

/** The same address as another person would type it. */
const retyped = (address: ShopAddress, turn: number): ShopAddress => ({
  ...address,
  address1:
    turn % 3 === 0
      ? address.address1
      : turn % 3 === 1
        ? address.address1.toUpperCase()
        : address.address1.replace(" ", "  "),
  zip: turn % 2 === 0 ? address.zip : `${address.zip} `,
})

export const household: Scenario = (stage, index) => {
  const who = Stage.advocate(stage)
  const person = stage.population.person({ livesWith: who, ...(index % 4 === 3 ? {} : { lastName: who.lastName }) })
  const account = stage.population.account(person)
  const at = Stage.buysAt(stage, [who])
  Stage.thenFree(
    Stage.place(stage, {
      at,
      account,
      planned: "household",
      touches: [Stage.anyTouch(stage, who, at, index)],
      referredBy: who,
      address: retyped(person.address, index),
      net: Stage.eligible,
    }),
  )
}
