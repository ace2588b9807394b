/**
 * Every kind of file that can be read, in the order in which one meets them.
 */
import type { Format } from "./Format.ts"
import { hubspotCompanies } from "./format/HubSpotCompanies.ts"
import { hubspotContacts } from "./format/HubSpotContacts.ts"
import { hubspotDeals } from "./format/HubSpotDeals.ts"
import { mentions } from "./format/Mentions.ts"
import { referrals } from "./format/Referrals.ts"
import { reviews } from "./format/Reviews.ts"
import { rewards } from "./format/Rewards.ts"
import { shopifyCustomers } from "./format/ShopifyCustomers.ts"
import { shopifyOrders } from "./format/ShopifyOrders.ts"
import { surveyAnswers } from "./format/SurveyAnswers.ts"

export const formats: ReadonlyArray<Format> = [
  shopifyOrders,
  shopifyCustomers,
  hubspotContacts,
  hubspotCompanies,
  hubspotDeals,
  surveyAnswers,
  rewards,
  referrals,
  reviews,
  mentions,
]

export const named = (name: string): Format | undefined => formats.find((format) => format.name === name)
