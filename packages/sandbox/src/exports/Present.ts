/**
 * A world as its platforms hold it at `brand.now`: the history with every live change applied.
 *
 * Promises: each record once, in its last state, in order of creation. What clients wrote into a sandbox is not in it.
 */
import type { CrmRecord, LiveChange, ShopCustomer, ShopOrder, World } from "../world/World.ts"

export interface Present {
  readonly brand: World["brand"]
  readonly customers: ReadonlyArray<ShopCustomer>
  readonly orders: ReadonlyArray<ShopOrder>
  readonly contacts: ReadonlyArray<CrmRecord>
  readonly companies: ReadonlyArray<CrmRecord>
  readonly deals: ReadonlyArray<CrmRecord>
  readonly answers: ReadonlyArray<CrmRecord>
  readonly associations: World["portal"]["associations"]
}

interface Created {
  readonly id: string
  readonly createdAt: string
}

const inOrder = (left: Created, right: Created): number =>
  left.createdAt < right.createdAt
    ? -1
    : left.createdAt > right.createdAt
      ? 1
      : BigInt(left.id) < BigInt(right.id)
        ? -1
        : 1

const latest = <A extends Created>(
  history: ReadonlyArray<A>,
  live: ReadonlyArray<LiveChange>,
  pick: (change: LiveChange) => A | null,
): ReadonlyArray<A> => {
  const records = new Map(history.map((record) => [record.id, record]))
  for (const change of live) {
    const after = pick(change)
    if (after !== null) records.set(after.id, after)
  }
  return [...records.values()].sort(inOrder)
}

export const of = ({ brand, live, portal, shop }: World): Present => ({
  brand,
  customers: latest(shop.customers, live, (change) => (change.kind === "shop.customer" ? change.after : null)),
  orders: latest(shop.orders, live, (change) =>
    change.kind === "shop.order" || change.kind === "shop.refund" ? change.after : null,
  ),
  contacts: latest(portal.contacts, live, (change) => (change.kind === "crm.contact" ? change.after : null)),
  companies: [...portal.companies].sort(inOrder),
  deals: latest(portal.deals, live, (change) => (change.kind === "crm.deal" ? change.after : null)),
  answers: [...portal.feedbackSubmissions].sort(inOrder),
  associations: portal.associations,
})
