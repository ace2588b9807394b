/**
 * All export files of a simulated brand: the shop's, the portal's, the survey's, and those of the product in use, with what
 * was planted in these beside them.
 *
 * It gives the names and makers of files; writing them is `Dialect`'s and the caller's.
 */
import type { World } from "../world/World.ts"
import { anew, columnNames, placed } from "./ExportTable.ts"
import type { ExportTable } from "./ExportTable.ts"
import * as HubSpotFiles from "./HubSpotFiles.ts"
import * as Incumbent from "./Incumbent.ts"
import * as NpsFiles from "./NpsFiles.ts"
import type { PlantedFault } from "./PlantedFault.ts"
import * as RewardFiles from "./RewardFiles.ts"
import * as ShopifyCustomers from "./ShopifyCustomers.ts"
import * as ShopifyOrders from "./ShopifyOrders.ts"

export interface ExportSet {
  readonly files: ReadonlyArray<ExportTable>
  readonly incumbent: Incumbent.Incumbent
}

/** The truth as a file of its own, for people who look; no product writes it. */
const faultsTable = (faults: ReadonlyArray<PlantedFault>): ExportTable => {
  const columns = columnNames(
    "kind, order_name, order_id, beneficiary_email, friend_email, amount_due, amount_paid, currency, provable, proven_by",
  )
  const toRow = placed(columns)
  return {
    fileName: "planted-faults.csv",
    columns,
    amounts: new Set(["amount_due", "amount_paid"]),
    rows: anew(function* () {
      for (const fault of faults) {
        yield toRow({
          kind: fault.kind,
          order_name: fault.orderName,
          order_id: fault.orderId,
          beneficiary_email: fault.beneficiaryEmail,
          friend_email: fault.friendEmail,
          amount_due: fault.amountDue,
          amount_paid: fault.amountPaid,
          currency: fault.currency,
          provable: String(fault.provable),
          proven_by: fault.provenBy.join(" "),
        })
      }
    }),
  }
}

/** Without a number of faults: as many of each kind as the world has room for, 25 at the most. */
export const of = (world: World, options: Incumbent.IncumbentOptions = {}): ExportSet => {
  const faultsPerKind = options.faultsPerKind ?? Math.min(25, Incumbent.room(world))
  const incumbent = Incumbent.make(world, { ...options, faultsPerKind })
  const products = [RewardFiles.smile, RewardFiles.referralCandy, RewardFiles.yotpo, RewardFiles.dub].map((write) =>
    write(incumbent),
  )
  const portal = HubSpotFiles.tables(world)
  const answers = NpsFiles.tables(world)
  return {
    incumbent,
    files: [
      ShopifyOrders.table(world),
      ShopifyCustomers.table(world),
      portal.contacts,
      portal.companies,
      portal.deals,
      answers.generic,
      answers.delighted,
      answers.typeform,
      ...products.flatMap(({ referrals, rewards }) => [rewards, referrals]),
      faultsTable(incumbent.faults),
    ],
  }
}
