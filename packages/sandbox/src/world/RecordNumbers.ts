/**
 * Gives every record its platform id, in order of creation.
 *
 * Promises: ids are unique within their kind, grow with time, and those of the last months of customers, orders and
 * refunds are odd and above 2^53, so that a number in JavaScript cannot hold them.
 */
import { day } from "./Calendar.ts"
import type { Story } from "./Draft.ts"

const aboveSafe = 9_007_199_254_750_001n

/** Sorts by time; `sort` is stable, so equal instants keep the order in which the story told them. */
const byTime = <A>(items: ReadonlyArray<A>, timeOf: (item: A) => number): Array<A> =>
  [...items].sort((left, right) => timeOf(left) - timeOf(right))

const shopId = (index: number, at: number, largeFrom: number, first: bigint): string =>
  String(at >= largeFrom ? aboveSafe + BigInt(index) * 6n : first + BigInt(index) * 32_768n)

export const assign = (story: Story): void => {
  const largeFrom = story.period.now - 75 * day
  const accounts = story.people.flatMap((person) => person.accounts).filter((account) => !account.guest)
  byTime(accounts, (account) => account.createdAt).forEach((account, index) => {
    account.customerId = shopId(index, account.createdAt, largeFrom, 7_400_000_000_000n)
  })
  story.orders.sort((left, right) => left.at - right.at)
  let lines = 0n
  story.orders.forEach((order, index) => {
    order.id = shopId(index, order.at, largeFrom, 5_800_000_000_000n)
    order.name = `#${1_001 + index}`
    for (const line of order.lines) {
      lines += 1n
      line.id = String(order.at >= largeFrom ? aboveSafe + lines * 2n : 14_200_000_000_000n + lines * 32_768n)
    }
  })
  byTime(
    story.orders.flatMap((order) => order.refunds),
    (refund) => refund.at,
  ).forEach((refund, index) => {
    refund.id = shopId(index, refund.at, largeFrom, 920_000_000_000n)
  })
  const contacts = story.people.flatMap((person) => person.contacts)
  byTime([...contacts, ...contacts.flatMap((contact) => contact.mergedFrom)], (contact) => contact.createdAt).forEach(
    (contact, index) => {
      contact.id = String(61_000_000_000 + index * 51)
    },
  )
  byTime(story.records, (record) => record.createdAt).forEach((record, index) => {
    record.id = String(33_000_000_000 + index * 37)
  })
}
