// Written by `node packages/checks/src/wireTypes.ts` from the .graphql files of this folder and Shopify's Admin schema.
import type { BulkDocument, Document } from "./Document.ts"

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type BulkOperationErrorCode =
  | 'ACCESS_DENIED'
  | 'INTERNAL_SERVER_ERROR'
  | 'TIMEOUT';

export type BulkOperationStatus =
  | 'CANCELED'
  | 'CANCELING'
  | 'COMPLETED'
  | 'CREATED'
  | 'EXPIRED'
  | 'FAILED'
  | 'RUNNING';

export type BulkOperationUserErrorCode =
  | 'INVALID'
  | 'LIMIT_REACHED'
  | 'OPERATION_IN_PROGRESS';

export type CurrencyCode =
  | 'AED'
  | 'AFN'
  | 'ALL'
  | 'AMD'
  | 'ANG'
  | 'AOA'
  | 'ARS'
  | 'AUD'
  | 'AWG'
  | 'AZN'
  | 'BAM'
  | 'BBD'
  | 'BDT'
  | 'BGN'
  | 'BHD'
  | 'BIF'
  | 'BMD'
  | 'BND'
  | 'BOB'
  | 'BRL'
  | 'BSD'
  | 'BTN'
  | 'BWP'
  | 'BYN'
  | 'BYR'
  | 'BZD'
  | 'CAD'
  | 'CDF'
  | 'CHF'
  | 'CLP'
  | 'CNY'
  | 'COP'
  | 'CRC'
  | 'CVE'
  | 'CZK'
  | 'DJF'
  | 'DKK'
  | 'DOP'
  | 'DZD'
  | 'EGP'
  | 'ERN'
  | 'ETB'
  | 'EUR'
  | 'FJD'
  | 'FKP'
  | 'GBP'
  | 'GEL'
  | 'GHS'
  | 'GIP'
  | 'GMD'
  | 'GNF'
  | 'GTQ'
  | 'GYD'
  | 'HKD'
  | 'HNL'
  | 'HRK'
  | 'HTG'
  | 'HUF'
  | 'IDR'
  | 'ILS'
  | 'INR'
  | 'IQD'
  | 'IRR'
  | 'ISK'
  | 'JEP'
  | 'JMD'
  | 'JOD'
  | 'JPY'
  | 'KES'
  | 'KGS'
  | 'KHR'
  | 'KID'
  | 'KMF'
  | 'KRW'
  | 'KWD'
  | 'KYD'
  | 'KZT'
  | 'LAK'
  | 'LBP'
  | 'LKR'
  | 'LRD'
  | 'LSL'
  | 'LTL'
  | 'LVL'
  | 'LYD'
  | 'MAD'
  | 'MDL'
  | 'MGA'
  | 'MKD'
  | 'MMK'
  | 'MNT'
  | 'MOP'
  | 'MRU'
  | 'MUR'
  | 'MVR'
  | 'MWK'
  | 'MXN'
  | 'MYR'
  | 'MZN'
  | 'NAD'
  | 'NGN'
  | 'NIO'
  | 'NOK'
  | 'NPR'
  | 'NZD'
  | 'OMR'
  | 'PAB'
  | 'PEN'
  | 'PGK'
  | 'PHP'
  | 'PKR'
  | 'PLN'
  | 'PYG'
  | 'QAR'
  | 'RON'
  | 'RSD'
  | 'RUB'
  | 'RWF'
  | 'SAR'
  | 'SBD'
  | 'SCR'
  | 'SDG'
  | 'SEK'
  | 'SGD'
  | 'SHP'
  | 'SLL'
  | 'SOS'
  | 'SRD'
  | 'SSP'
  | 'STD'
  | 'STN'
  | 'SYP'
  | 'SZL'
  | 'THB'
  | 'TJS'
  | 'TMT'
  | 'TND'
  | 'TOP'
  | 'TRY'
  | 'TTD'
  | 'TWD'
  | 'TZS'
  | 'UAH'
  | 'UGX'
  | 'USD'
  | 'USDC'
  | 'UYU'
  | 'UZS'
  | 'VED'
  | 'VEF'
  | 'VES'
  | 'VND'
  | 'VUV'
  | 'WST'
  | 'XAF'
  | 'XCD'
  | 'XOF'
  | 'XPF'
  | 'XXX'
  | 'YER'
  | 'ZAR'
  | 'ZMW';

export type CustomerEmailAddressMarketingState =
  | 'INVALID'
  | 'NOT_SUBSCRIBED'
  | 'PENDING'
  | 'SUBSCRIBED'
  | 'UNSUBSCRIBED';

export type DiscountAmountInput = {
  readonly amount?: string | null | undefined;
  readonly appliesOnEachItem?: boolean | null | undefined;
};

export type DiscountBuyerSelection =
  | 'ALL';

export type DiscountCodeBasicInput = {
  readonly appliesOncePerCustomer?: boolean | null | undefined;
  readonly code?: string | null | undefined;
  readonly combinesWith?: DiscountCombinesWithInput | null | undefined;
  readonly context?: DiscountContextInput | null | undefined;
  readonly customerGets?: DiscountCustomerGetsInput | null | undefined;
  /** @deprecated Use `context` instead. */
  readonly customerSelection?: DiscountCustomerSelectionInput | null | undefined;
  readonly endsAt?: string | null | undefined;
  readonly minimumRequirement?: DiscountMinimumRequirementInput | null | undefined;
  readonly recurringCycleLimit?: number | null | undefined;
  readonly startsAt?: string | null | undefined;
  readonly tags?: ReadonlyArray<string> | null | undefined;
  readonly title?: string | null | undefined;
  readonly usageLimit?: number | null | undefined;
};

export type DiscountCollectionsInput = {
  readonly add?: ReadonlyArray<string> | null | undefined;
  readonly remove?: ReadonlyArray<string> | null | undefined;
};

export type DiscountCombinesWithInput = {
  readonly orderDiscounts?: boolean | null | undefined;
  readonly productDiscounts?: boolean | null | undefined;
  readonly productDiscountsWithTagsOnSameCartLine?: ProductDiscountsWithTagsOnSameCartLineInput | null | undefined;
  readonly shippingDiscounts?: boolean | null | undefined;
};

export type DiscountContextInput =
  {   readonly all: DiscountBuyerSelection; readonly customerSegments?: never; readonly customers?: never; readonly markets?: never; }
  |  { readonly all?: never;   readonly customerSegments: DiscountCustomerSegmentsInput; readonly customers?: never; readonly markets?: never; }
  |  { readonly all?: never; readonly customerSegments?: never;   readonly customers: DiscountCustomersInput; readonly markets?: never; }
  |  { readonly all?: never; readonly customerSegments?: never; readonly customers?: never;   readonly markets: DiscountMarketsInput; };

export type DiscountCustomerGetsInput = {
  readonly appliesOnOneTimePurchase?: boolean | null | undefined;
  readonly appliesOnSubscription?: boolean | null | undefined;
  readonly items?: DiscountItemsInput | null | undefined;
  readonly value?: DiscountCustomerGetsValueInput | null | undefined;
};

export type DiscountCustomerGetsValueInput = {
  readonly discountAmount?: DiscountAmountInput | null | undefined;
  readonly discountOnQuantity?: DiscountOnQuantityInput | null | undefined;
  readonly percentage?: number | null | undefined;
};

export type DiscountCustomerSegmentsInput = {
  readonly add?: ReadonlyArray<string> | null | undefined;
  readonly remove?: ReadonlyArray<string> | null | undefined;
};

export type DiscountCustomerSelectionInput = {
  readonly all?: boolean | null | undefined;
  readonly customerSegments?: DiscountCustomerSegmentsInput | null | undefined;
  readonly customers?: DiscountCustomersInput | null | undefined;
};

export type DiscountCustomersInput = {
  readonly add?: ReadonlyArray<string> | null | undefined;
  readonly remove?: ReadonlyArray<string> | null | undefined;
};

export type DiscountEffectInput = {
  readonly amount?: string | null | undefined;
  readonly percentage?: number | null | undefined;
};

export type DiscountErrorCode =
  | 'ACTIVE_PERIOD_OVERLAP'
  | 'APPLIES_ON_NOTHING'
  | 'BLANK'
  | 'CONFLICT'
  | 'DISCOUNT_NOT_COMPATIBLE_WITH_CONDITION_TYPES'
  | 'DUPLICATE'
  | 'END_DATE_BEFORE_START_DATE'
  | 'EQUAL_TO'
  | 'EXCEEDED_MAX'
  | 'GREATER_THAN'
  | 'GREATER_THAN_OR_EQUAL_TO'
  | 'IMPLICIT_DUPLICATE'
  | 'INCLUSION'
  | 'INTERNAL_ERROR'
  | 'INVALID'
  | 'INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS'
  | 'INVALID_DISCOUNT_CLASS_FOR_PRICE_RULE'
  | 'INVALID_PRODUCT_DISCOUNTS_FALSE_WITH_EXISTING_TAGS_ON_SAME_CART_LINE'
  | 'INVALID_PRODUCT_DISCOUNTS_WITH_TAGS_ON_SAME_CART_LINE_FOR_DISCOUNT_CLASS'
  | 'INVALID_PRODUCT_DISCOUNTS_WITH_TAGS_ON_SAME_CART_LINE_WITHOUT_PRODUCT_DISCOUNTS'
  | 'INVALID_TAG_LENGTH'
  | 'LESS_THAN'
  | 'LESS_THAN_OR_EQUAL_TO'
  | 'MAX_APP_DISCOUNTS'
  | 'MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT'
  | 'MISSING_ARGUMENT'
  | 'MISSING_FUNCTION_IDENTIFIER'
  | 'MULTIPLE_FUNCTION_IDENTIFIERS'
  | 'MULTIPLE_RECURRING_CYCLE_LIMIT_FOR_NON_SUBSCRIPTION_ITEMS'
  | 'PRESENT'
  | 'PRODUCT_DISCOUNTS_WITH_TAGS_ON_SAME_CART_LINE_NOT_ENTITLED'
  | 'RECURRING_CYCLE_LIMIT_NOT_A_VALID_INTEGER'
  | 'TAKEN'
  | 'TOO_LONG'
  | 'TOO_MANY_ARGUMENTS'
  | 'TOO_MANY_PRODUCT_DISCOUNTS_WITH_TAGS_ON_SAME_CART_LINE'
  | 'TOO_MANY_TAGS'
  | 'TOO_SHORT'
  | 'VALUE_OUTSIDE_RANGE';

export type DiscountItemsInput = {
  readonly all?: boolean | null | undefined;
  readonly collections?: DiscountCollectionsInput | null | undefined;
  readonly products?: DiscountProductsInput | null | undefined;
};

export type DiscountMarketsInput = {
  readonly add?: ReadonlyArray<string> | null | undefined;
  readonly remove?: ReadonlyArray<string> | null | undefined;
};

export type DiscountMinimumQuantityInput = {
  readonly greaterThanOrEqualToQuantity?: string | null | undefined;
};

export type DiscountMinimumRequirementInput = {
  readonly quantity?: DiscountMinimumQuantityInput | null | undefined;
  readonly subtotal?: DiscountMinimumSubtotalInput | null | undefined;
};

export type DiscountMinimumSubtotalInput = {
  readonly greaterThanOrEqualToSubtotal?: string | null | undefined;
};

export type DiscountOnQuantityInput = {
  readonly effect?: DiscountEffectInput | null | undefined;
  readonly quantity?: string | null | undefined;
};

export type DiscountProductsInput = {
  readonly productVariantsToAdd?: ReadonlyArray<string> | null | undefined;
  readonly productVariantsToRemove?: ReadonlyArray<string> | null | undefined;
  readonly productsToAdd?: ReadonlyArray<string> | null | undefined;
  readonly productsToRemove?: ReadonlyArray<string> | null | undefined;
};

export type DiscountRedeemCodeInput = {
  readonly code: string;
};

export type GiftCardCreateInput = {
  readonly code?: string | null | undefined;
  readonly crossCurrencyRedemptionStrategy?: GiftCardCrossCurrencyRedemptionStrategy | null | undefined;
  readonly customerId?: string | null | undefined;
  readonly expiresOn?: string | null | undefined;
  readonly initialAmount?: MoneyInput | null | undefined;
  /** @deprecated Use `initialAmount` instead. */
  readonly initialValue?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly recipientAttributes?: GiftCardRecipientInput | null | undefined;
  readonly templateSuffix?: string | null | undefined;
};

export type GiftCardCrossCurrencyRedemptionStrategy =
  | 'MARKET_FX'
  | 'NONE'
  | 'SPOT_FX';

export type GiftCardDeactivateUserErrorCode =
  | 'GIFT_CARD_NOT_FOUND';

export type GiftCardErrorCode =
  | 'CUSTOMER_NOT_FOUND'
  | 'GIFT_CARD_LIMIT_EXCEEDED'
  | 'GREATER_THAN'
  | 'INTERNAL_ERROR'
  | 'INVALID'
  | 'MISSING_ARGUMENT'
  | 'RECIPIENT_NOT_FOUND'
  | 'TAKEN'
  | 'TOO_LONG'
  | 'TOO_SHORT';

export type GiftCardRecipientInput = {
  readonly id: string;
  readonly message?: string | null | undefined;
  readonly preferredName?: string | null | undefined;
  readonly sendNotificationAt?: string | null | undefined;
};

export type GiftCardSendNotificationToCustomerUserErrorCode =
  | 'CUSTOMER_NOT_FOUND'
  | 'GIFT_CARD_NOT_FOUND'
  | 'INVALID';

export type GiftCardUpdateInput = {
  readonly crossCurrencyRedemptionStrategy?: GiftCardCrossCurrencyRedemptionStrategy | null | undefined;
  readonly customerId?: string | null | undefined;
  readonly expiresOn?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly recipientAttributes?: GiftCardRecipientInput | null | undefined;
  readonly templateSuffix?: string | null | undefined;
};

export type MoneyInput = {
  readonly amount: string;
  readonly currencyCode: CurrencyCode;
};

export type OrderDisplayFinancialStatus =
  | 'AUTHORIZED'
  | 'EXPIRED'
  | 'PAID'
  | 'PARTIALLY_PAID'
  | 'PARTIALLY_REFUNDED'
  | 'PENDING'
  | 'REFUNDED'
  | 'VOIDED';

export type OrderSortKeys =
  | 'CREATED_AT'
  | 'CURRENT_TOTAL_PRICE'
  | 'CUSTOMER_NAME'
  | 'DESTINATION'
  | 'FINANCIAL_STATUS'
  | 'FULFILLMENT_STATUS'
  | 'ID'
  | 'ORDER_NUMBER'
  | 'PO_NUMBER'
  | 'PROCESSED_AT'
  | 'RELEVANCE'
  | 'TOTAL_ITEMS_QUANTITY'
  | 'TOTAL_PRICE'
  | 'UPDATED_AT';

export type ProductDiscountsWithTagsOnSameCartLineInput = {
  readonly add?: ReadonlyArray<string> | null | undefined;
  readonly remove?: ReadonlyArray<string> | null | undefined;
};

export type StoreCreditAccountCreditInput = {
  readonly creditAmount: MoneyInput;
  readonly expiresAt?: string | null | undefined;
  readonly notify?: boolean | null | undefined;
};

export type StoreCreditAccountCreditUserErrorCode =
  | 'ACCOUNT_NOT_FOUND'
  | 'CREDIT_LIMIT_EXCEEDED'
  | 'EXPIRES_AT_IN_PAST'
  | 'MISMATCHING_CURRENCY'
  | 'NEGATIVE_OR_ZERO_AMOUNT'
  | 'OWNER_NOT_FOUND'
  | 'UNSUPPORTED_CURRENCY';

export type StoreCreditAccountDebitInput = {
  readonly debitAmount: MoneyInput;
};

export type StoreCreditAccountDebitUserErrorCode =
  | 'ACCOUNT_NOT_FOUND'
  | 'INSUFFICIENT_FUNDS'
  | 'MISMATCHING_CURRENCY'
  | 'NEGATIVE_OR_ZERO_AMOUNT';

export type StoreCreditSystemEvent =
  | 'ADJUSTMENT'
  | 'ORDER_CANCELLATION'
  | 'ORDER_PAYMENT'
  | 'ORDER_REFUND'
  | 'PAYMENT_FAILURE'
  | 'PAYMENT_RETURNED'
  | 'TAX_FINALIZATION';

export type AccessQueryVariables = Exact<{ [key: string]: never; }>;


export type AccessQuery = { readonly shop: { readonly myshopifyDomain: string, readonly plan: { readonly publicDisplayName: string, readonly shopifyPlus: boolean } }, readonly currentAppInstallation: { readonly accessScopes: ReadonlyArray<{ readonly handle: string }> } };

export type CustomerProbeQueryVariables = Exact<{ [key: string]: never; }>;


export type CustomerProbeQuery = { readonly customers: { readonly nodes: ReadonlyArray<{ readonly firstName: string | null, readonly defaultEmailAddress: { readonly emailAddress: string } | null, readonly defaultPhoneNumber: { readonly phoneNumber: string } | null }> } };

export type OrderProbeQueryVariables = Exact<{ [key: string]: never; }>;


export type OrderProbeQuery = { readonly orders: { readonly nodes: ReadonlyArray<{ readonly email: string | null, readonly shippingAddress: { readonly address1: string | null } | null }> } };

export type BulkRunMutationVariables = Exact<{
  query: string;
}>;


export type BulkRunMutation = { readonly bulkOperationRunQuery: { readonly bulkOperation: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly message: string, readonly code: BulkOperationUserErrorCode | null }> } | null };

export type BulkPollQueryVariables = Exact<{
  id: string;
}>;


export type BulkPollQuery = { readonly bulkOperation: { readonly status: BulkOperationStatus, readonly errorCode: BulkOperationErrorCode | null, readonly createdAt: string, readonly objectCount: string, readonly rootObjectCount: string, readonly url: string | null } | null };

export type BulkCancelMutationVariables = Exact<{
  id: string;
}>;


export type BulkCancelMutation = { readonly bulkOperationCancel: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } | null };

export type CodesLookupQueryVariables = Exact<{
  c0: string;
  c1: string;
  c2: string;
  c3: string;
  c4: string;
  c5: string;
  c6: string;
  c7: string;
  c8: string;
  c9: string;
  c10: string;
  c11: string;
  c12: string;
  c13: string;
  c14: string;
  c15: string;
  c16: string;
  c17: string;
  c18: string;
  c19: string;
  c20: string;
  c21: string;
  c22: string;
  c23: string;
  c24: string;
  c25: string;
  c26: string;
  c27: string;
  c28: string;
  c29: string;
  c30: string;
  c31: string;
  c32: string;
  c33: string;
  c34: string;
  c35: string;
  c36: string;
  c37: string;
  c38: string;
  c39: string;
  c40: string;
  c41: string;
  c42: string;
  c43: string;
  c44: string;
  c45: string;
  c46: string;
  c47: string;
  c48: string;
  c49: string;
}>;


export type CodesLookupQuery = { readonly c0: { readonly id: string } | null, readonly c1: { readonly id: string } | null, readonly c2: { readonly id: string } | null, readonly c3: { readonly id: string } | null, readonly c4: { readonly id: string } | null, readonly c5: { readonly id: string } | null, readonly c6: { readonly id: string } | null, readonly c7: { readonly id: string } | null, readonly c8: { readonly id: string } | null, readonly c9: { readonly id: string } | null, readonly c10: { readonly id: string } | null, readonly c11: { readonly id: string } | null, readonly c12: { readonly id: string } | null, readonly c13: { readonly id: string } | null, readonly c14: { readonly id: string } | null, readonly c15: { readonly id: string } | null, readonly c16: { readonly id: string } | null, readonly c17: { readonly id: string } | null, readonly c18: { readonly id: string } | null, readonly c19: { readonly id: string } | null, readonly c20: { readonly id: string } | null, readonly c21: { readonly id: string } | null, readonly c22: { readonly id: string } | null, readonly c23: { readonly id: string } | null, readonly c24: { readonly id: string } | null, readonly c25: { readonly id: string } | null, readonly c26: { readonly id: string } | null, readonly c27: { readonly id: string } | null, readonly c28: { readonly id: string } | null, readonly c29: { readonly id: string } | null, readonly c30: { readonly id: string } | null, readonly c31: { readonly id: string } | null, readonly c32: { readonly id: string } | null, readonly c33: { readonly id: string } | null, readonly c34: { readonly id: string } | null, readonly c35: { readonly id: string } | null, readonly c36: { readonly id: string } | null, readonly c37: { readonly id: string } | null, readonly c38: { readonly id: string } | null, readonly c39: { readonly id: string } | null, readonly c40: { readonly id: string } | null, readonly c41: { readonly id: string } | null, readonly c42: { readonly id: string } | null, readonly c43: { readonly id: string } | null, readonly c44: { readonly id: string } | null, readonly c45: { readonly id: string } | null, readonly c46: { readonly id: string } | null, readonly c47: { readonly id: string } | null, readonly c48: { readonly id: string } | null, readonly c49: { readonly id: string } | null };

export type CustomerFieldsFragment = { readonly id: string, readonly createdAt: string, readonly updatedAt: string, readonly firstName: string | null, readonly lastName: string | null, readonly defaultEmailAddress: { readonly emailAddress: string, readonly marketingState: CustomerEmailAddressMarketingState } | null, readonly defaultPhoneNumber: { readonly phoneNumber: string } | null };

export type CustomersPageQueryVariables = Exact<{
  search: string;
  after?: string | null | undefined;
}>;


export type CustomersPageQuery = { readonly customers: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly createdAt: string, readonly updatedAt: string, readonly firstName: string | null, readonly lastName: string | null, readonly defaultEmailAddress: { readonly emailAddress: string, readonly marketingState: CustomerEmailAddressMarketingState } | null, readonly defaultPhoneNumber: { readonly phoneNumber: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CustomersByIdQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;


export type CustomersByIdQuery = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly createdAt: string, readonly updatedAt: string, readonly firstName: string | null, readonly lastName: string | null, readonly defaultEmailAddress: { readonly emailAddress: string, readonly marketingState: CustomerEmailAddressMarketingState } | null, readonly defaultPhoneNumber: { readonly phoneNumber: string } | null }
    | Record<PropertyKey, never>
   | null> };

export type CustomersSpanQueryVariables = Exact<{ [key: string]: never; }>;


export type CustomersSpanQuery = { readonly changed: { readonly nodes: ReadonlyArray<{ readonly updatedAt: string }> } };

export type CustomersBulkQueryVariables = Exact<{ [key: string]: never; }>;


export type CustomersBulkQuery = { readonly customers: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly createdAt: string, readonly updatedAt: string, readonly firstName: string | null, readonly lastName: string | null, readonly defaultEmailAddress: { readonly emailAddress: string, readonly marketingState: CustomerEmailAddressMarketingState } | null, readonly defaultPhoneNumber: { readonly phoneNumber: string } | null } }> } };

export type ShopInfoQueryVariables = Exact<{ [key: string]: never; }>;


export type ShopInfoQuery = { readonly shop: { readonly myshopifyDomain: string, readonly currencyCode: CurrencyCode } };

export type OfferCreateMutationVariables = Exact<{
  input: DiscountCodeBasicInput;
}>;


export type OfferCreateMutation = { readonly discountCodeBasicCreate: { readonly codeDiscountNode: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: DiscountErrorCode | null }> } | null };

export type CodesAddMutationVariables = Exact<{
  id: string;
  codes: ReadonlyArray<DiscountRedeemCodeInput>;
}>;


export type CodesAddMutation = { readonly discountRedeemCodeBulkAdd: { readonly bulkCreation: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: DiscountErrorCode | null }> } | null };

export type CodesDeleteMutationVariables = Exact<{
  id: string;
  ids: ReadonlyArray<string>;
}>;


export type CodesDeleteMutation = { readonly discountCodeRedeemCodeBulkDelete: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: DiscountErrorCode | null }> } | null };

export type CodeStateQueryVariables = Exact<{
  code: string;
  search: string;
}>;


export type CodeStateQuery = { readonly codeDiscountNodeByCode: { readonly id: string, readonly codeDiscount:
      | { readonly codes: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly code: string, readonly asyncUsageCount: number }> } }
      | Record<PropertyKey, never>
     } | null, readonly orders: { readonly nodes: ReadonlyArray<{ readonly id: string }> } };

export type CodesAddedQueryVariables = Exact<{
  id: string;
}>;


export type CodesAddedQuery = { readonly discountRedeemCodeBulkCreation: { readonly done: boolean, readonly codes: { readonly nodes: ReadonlyArray<{ readonly code: string, readonly discountRedeemCode: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly code: DiscountErrorCode | null }> }> } } | null };

export type GiftIssueMutationVariables = Exact<{
  input: GiftCardCreateInput;
}>;


export type GiftIssueMutation = { readonly giftCardCreate: { readonly giftCard: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: GiftCardErrorCode | null }> } | null };

export type GiftTellMutationVariables = Exact<{
  id: string;
}>;


export type GiftTellMutation = { readonly giftCardSendNotificationToCustomer: { readonly giftCard: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: GiftCardSendNotificationToCustomerUserErrorCode | null }> } | null };

export type GiftNoteMutationVariables = Exact<{
  id: string;
  input: GiftCardUpdateInput;
}>;


export type GiftNoteMutation = { readonly giftCardUpdate: { readonly giftCard: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null }> } | null };

export type GiftVoidMutationVariables = Exact<{
  id: string;
}>;


export type GiftVoidMutation = { readonly giftCardDeactivate: { readonly giftCard: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: GiftCardDeactivateUserErrorCode | null }> } | null };

export type GiftLookupQueryVariables = Exact<{
  search: string;
}>;


export type GiftLookupQuery = { readonly giftCards: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly enabled: boolean, readonly note: string | null, readonly initialValue: { readonly amount: string, readonly currencyCode: CurrencyCode } }> } };

export type GiftLeftQueryVariables = Exact<{
  id: string;
}>;


export type GiftLeftQuery = { readonly giftCard: { readonly enabled: boolean, readonly balance: { readonly amount: string } } | null };

export type OrderFieldsFragment = { readonly id: string, readonly name: string, readonly processedAt: string, readonly updatedAt: string, readonly cancelledAt: string | null, readonly test: boolean, readonly currencyCode: CurrencyCode, readonly taxesIncluded: boolean, readonly displayFinancialStatus: OrderDisplayFinancialStatus | null, readonly email: string | null, readonly sourceName: string | null, readonly discountCodes: ReadonlyArray<string>, readonly customAttributes: ReadonlyArray<{ readonly key: string, readonly value: string | null }>, readonly totalRefundedSet: { readonly shopMoney: { readonly amount: string } }, readonly customer: { readonly id: string } | null, readonly shippingAddress: { readonly address1: string | null, readonly zip: string | null } | null, readonly customerJourneySummary: { readonly ready: boolean, readonly firstVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null, readonly lastVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null } | null };

export type VisitFieldsFragment = { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string };

export type LineFieldsFragment = { readonly id: string, readonly quantity: number, readonly currentQuantity: number, readonly isGiftCard: boolean, readonly product: { readonly id: string } | null, readonly originalTotalSet: { readonly shopMoney: { readonly amount: string } }, readonly discountAllocations: ReadonlyArray<{ readonly allocatedAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly discountApplication:
      | { readonly index: number }
      | { readonly code: string, readonly index: number }
      | { readonly index: number }
      | { readonly index: number }
     }>, readonly taxLines: ReadonlyArray<{ readonly priceSet: { readonly shopMoney: { readonly amount: string } } }> };

export type FirstLinesFragment = { readonly lineItems: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly currentQuantity: number, readonly isGiftCard: boolean, readonly product: { readonly id: string } | null, readonly originalTotalSet: { readonly shopMoney: { readonly amount: string } }, readonly discountAllocations: ReadonlyArray<{ readonly allocatedAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly discountApplication:
          | { readonly index: number }
          | { readonly code: string, readonly index: number }
          | { readonly index: number }
          | { readonly index: number }
         }>, readonly taxLines: ReadonlyArray<{ readonly priceSet: { readonly shopMoney: { readonly amount: string } } }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type TurnFragment = { readonly hasNextPage: boolean, readonly endCursor: string | null };

export type OrdersPageQueryVariables = Exact<{
  search: string;
  sortKey: OrderSortKeys;
  after?: string | null | undefined;
}>;


export type OrdersPageQuery = { readonly orders: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly processedAt: string, readonly updatedAt: string, readonly cancelledAt: string | null, readonly test: boolean, readonly currencyCode: CurrencyCode, readonly taxesIncluded: boolean, readonly displayFinancialStatus: OrderDisplayFinancialStatus | null, readonly email: string | null, readonly sourceName: string | null, readonly discountCodes: ReadonlyArray<string>, readonly customAttributes: ReadonlyArray<{ readonly key: string, readonly value: string | null }>, readonly totalRefundedSet: { readonly shopMoney: { readonly amount: string } }, readonly customer: { readonly id: string } | null, readonly shippingAddress: { readonly address1: string | null, readonly zip: string | null } | null, readonly customerJourneySummary: { readonly ready: boolean, readonly firstVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null, readonly lastVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null } | null, readonly lineItems: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly currentQuantity: number, readonly isGiftCard: boolean, readonly product: { readonly id: string } | null, readonly originalTotalSet: { readonly shopMoney: { readonly amount: string } }, readonly discountAllocations: ReadonlyArray<{ readonly allocatedAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly discountApplication:
              | { readonly index: number }
              | { readonly code: string, readonly index: number }
              | { readonly index: number }
              | { readonly index: number }
             }>, readonly taxLines: ReadonlyArray<{ readonly priceSet: { readonly shopMoney: { readonly amount: string } } }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OrdersByIdQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;


export type OrdersByIdQuery = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly name: string, readonly processedAt: string, readonly updatedAt: string, readonly cancelledAt: string | null, readonly test: boolean, readonly currencyCode: CurrencyCode, readonly taxesIncluded: boolean, readonly displayFinancialStatus: OrderDisplayFinancialStatus | null, readonly email: string | null, readonly sourceName: string | null, readonly discountCodes: ReadonlyArray<string>, readonly customAttributes: ReadonlyArray<{ readonly key: string, readonly value: string | null }>, readonly totalRefundedSet: { readonly shopMoney: { readonly amount: string } }, readonly customer: { readonly id: string } | null, readonly shippingAddress: { readonly address1: string | null, readonly zip: string | null } | null, readonly customerJourneySummary: { readonly ready: boolean, readonly firstVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null, readonly lastVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null } | null, readonly lineItems: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly currentQuantity: number, readonly isGiftCard: boolean, readonly product: { readonly id: string } | null, readonly originalTotalSet: { readonly shopMoney: { readonly amount: string } }, readonly discountAllocations: ReadonlyArray<{ readonly allocatedAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly discountApplication:
              | { readonly index: number }
              | { readonly code: string, readonly index: number }
              | { readonly index: number }
              | { readonly index: number }
             }>, readonly taxLines: ReadonlyArray<{ readonly priceSet: { readonly shopMoney: { readonly amount: string } } }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null> };

export type MoreLinesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type MoreLinesQuery = { readonly order: { readonly lineItems: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly quantity: number, readonly currentQuantity: number, readonly isGiftCard: boolean, readonly product: { readonly id: string } | null, readonly originalTotalSet: { readonly shopMoney: { readonly amount: string } }, readonly discountAllocations: ReadonlyArray<{ readonly allocatedAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly discountApplication:
            | { readonly index: number }
            | { readonly code: string, readonly index: number }
            | { readonly index: number }
            | { readonly index: number }
           }>, readonly taxLines: ReadonlyArray<{ readonly priceSet: { readonly shopMoney: { readonly amount: string } } }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type OrdersSpanQueryVariables = Exact<{ [key: string]: never; }>;


export type OrdersSpanQuery = { readonly oldest: { readonly nodes: ReadonlyArray<{ readonly createdAt: string }> }, readonly newest: { readonly nodes: ReadonlyArray<{ readonly createdAt: string }> }, readonly changed: { readonly nodes: ReadonlyArray<{ readonly updatedAt: string }> }, readonly ordersCount: { readonly count: number } | null };

export type OrdersBulkQueryVariables = Exact<{
  search: string;
}>;


export type OrdersBulkQuery = { readonly orders: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly processedAt: string, readonly updatedAt: string, readonly cancelledAt: string | null, readonly test: boolean, readonly currencyCode: CurrencyCode, readonly taxesIncluded: boolean, readonly displayFinancialStatus: OrderDisplayFinancialStatus | null, readonly email: string | null, readonly sourceName: string | null, readonly discountCodes: ReadonlyArray<string>, readonly lineItems: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly quantity: number, readonly currentQuantity: number, readonly isGiftCard: boolean, readonly product: { readonly id: string } | null, readonly originalTotalSet: { readonly shopMoney: { readonly amount: string } }, readonly discountAllocations: ReadonlyArray<{ readonly allocatedAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly discountApplication:
                  | { readonly index: number }
                  | { readonly code: string, readonly index: number }
                  | { readonly index: number }
                  | { readonly index: number }
                 }>, readonly taxLines: ReadonlyArray<{ readonly priceSet: { readonly shopMoney: { readonly amount: string } } }> } }> }, readonly customAttributes: ReadonlyArray<{ readonly key: string, readonly value: string | null }>, readonly totalRefundedSet: { readonly shopMoney: { readonly amount: string } }, readonly customer: { readonly id: string } | null, readonly shippingAddress: { readonly address1: string | null, readonly zip: string | null } | null, readonly customerJourneySummary: { readonly ready: boolean, readonly firstVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null, readonly lastVisit: { readonly occurredAt: string, readonly landingPage: string | null, readonly referralCode: string | null, readonly source: string } | null } | null } }> } };

export type RefundFieldsFragment = { readonly id: string, readonly createdAt: string | null, readonly processedAt: string, readonly updatedAt: string, readonly totalRefundedSet: { readonly shopMoney: { readonly amount: string } }, readonly refundLineItems: { readonly nodes: ReadonlyArray<{ readonly quantity: number, readonly subtotalSet: { readonly shopMoney: { readonly amount: string } }, readonly totalTaxSet: { readonly shopMoney: { readonly amount: string } }, readonly lineItem: { readonly id: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } }, readonly refundShippingLines: { readonly nodes: ReadonlyArray<{ readonly subtotalAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly taxAmountSet: { readonly shopMoney: { readonly amount: string } } }> } };

export type RefundLineFieldsFragment = { readonly quantity: number, readonly subtotalSet: { readonly shopMoney: { readonly amount: string } }, readonly totalTaxSet: { readonly shopMoney: { readonly amount: string } }, readonly lineItem: { readonly id: string } };

export type RefundsOfOrdersQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;


export type RefundsOfOrdersQuery = { readonly nodes: ReadonlyArray<
    | { readonly id: string, readonly refunds: ReadonlyArray<{ readonly id: string, readonly createdAt: string | null, readonly processedAt: string, readonly updatedAt: string, readonly totalRefundedSet: { readonly shopMoney: { readonly amount: string } }, readonly refundLineItems: { readonly nodes: ReadonlyArray<{ readonly quantity: number, readonly subtotalSet: { readonly shopMoney: { readonly amount: string } }, readonly totalTaxSet: { readonly shopMoney: { readonly amount: string } }, readonly lineItem: { readonly id: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } }, readonly refundShippingLines: { readonly nodes: ReadonlyArray<{ readonly subtotalAmountSet: { readonly shopMoney: { readonly amount: string } }, readonly taxAmountSet: { readonly shopMoney: { readonly amount: string } } }> } }> }
    | Record<PropertyKey, never>
   | null> };

export type MoreRefundLinesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type MoreRefundLinesQuery = { readonly node:
    | { readonly refundLineItems: { readonly nodes: ReadonlyArray<{ readonly quantity: number, readonly subtotalSet: { readonly shopMoney: { readonly amount: string } }, readonly totalTaxSet: { readonly shopMoney: { readonly amount: string } }, readonly lineItem: { readonly id: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type StoreCreditTermsQueryVariables = Exact<{ [key: string]: never; }>;


export type StoreCreditTermsQuery = { readonly storeCreditConfiguration: { readonly storeCreditEnabled: boolean } };

export type CreditIssueMutationVariables = Exact<{
  owner: string;
  input: StoreCreditAccountCreditInput;
}>;


export type CreditIssueMutation = { readonly storeCreditAccountCredit: { readonly storeCreditAccountTransaction: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: StoreCreditAccountCreditUserErrorCode | null }> } | null };

export type CreditLeftQueryVariables = Exact<{
  id: string;
}>;


export type CreditLeftQuery = { readonly node:
    | { readonly __typename: 'AbandonedCheckout' }
    | { readonly __typename: 'AbandonedCheckoutLineItem' }
    | { readonly __typename: 'Abandonment' }
    | { readonly __typename: 'AddAllProductsOperation' }
    | { readonly __typename: 'AdditionalFee' }
    | { readonly __typename: 'AnalyticsAnnotation' }
    | { readonly __typename: 'AnalyticsTarget' }
    | { readonly __typename: 'App' }
    | { readonly __typename: 'AppCatalog' }
    | { readonly __typename: 'AppCredit' }
    | { readonly __typename: 'AppInstallation' }
    | { readonly __typename: 'AppPurchaseOneTime' }
    | { readonly __typename: 'AppRevenueAttributionRecord' }
    | { readonly __typename: 'AppSubscription' }
    | { readonly __typename: 'AppUsageRecord' }
    | { readonly __typename: 'Article' }
    | { readonly __typename: 'BasicEvent' }
    | { readonly __typename: 'Blog' }
    | { readonly __typename: 'BulkOperation' }
    | { readonly __typename: 'BusinessEntity' }
    | { readonly __typename: 'CalculatedOrder' }
    | { readonly __typename: 'CartTransform' }
    | { readonly __typename: 'CashDrawer' }
    | { readonly __typename: 'CashManagementCustomReasonCode' }
    | { readonly __typename: 'CashManagementDefaultReasonCode' }
    | { readonly __typename: 'CashManagementSystemReasonCode' }
    | { readonly __typename: 'CashTrackingAdjustment' }
    | { readonly __typename: 'CashTrackingSession' }
    | { readonly __typename: 'CatalogCsvOperation' }
    | { readonly __typename: 'Channel' }
    | { readonly __typename: 'ChannelDefinition' }
    | { readonly __typename: 'ChannelInformation' }
    | { readonly __typename: 'CheckoutAndAccountsConfiguration' }
    | { readonly __typename: 'CheckoutAndAccountsConfigurationOverride' }
    | { readonly __typename: 'CheckoutProfile' }
    | { readonly __typename: 'Collection' }
    | { readonly __typename: 'CollectionConditionsSource' }
    | { readonly __typename: 'CollectionSubCollectionsSource' }
    | { readonly __typename: 'Comment' }
    | { readonly __typename: 'CommentEvent' }
    | { readonly __typename: 'Company' }
    | { readonly __typename: 'CompanyAddress' }
    | { readonly __typename: 'CompanyContact' }
    | { readonly __typename: 'CompanyContactRole' }
    | { readonly __typename: 'CompanyContactRoleAssignment' }
    | { readonly __typename: 'CompanyLocation' }
    | { readonly __typename: 'CompanyLocationCatalog' }
    | { readonly __typename: 'CompanyLocationStaffMemberAssignment' }
    | { readonly __typename: 'ConsentPolicy' }
    | { readonly __typename: 'CurrencyExchangeAdjustment' }
    | { readonly __typename: 'Customer' }
    | { readonly __typename: 'CustomerAccountAppExtensionPage' }
    | { readonly __typename: 'CustomerAccountNativePage' }
    | { readonly __typename: 'CustomerPaymentMethod' }
    | { readonly __typename: 'CustomerSegmentMembersQuery' }
    | { readonly __typename: 'CustomerVisit' }
    | { readonly __typename: 'DeliveryCarrierService' }
    | { readonly __typename: 'DeliveryCondition' }
    | { readonly __typename: 'DeliveryCountry' }
    | { readonly __typename: 'DeliveryCustomization' }
    | { readonly __typename: 'DeliveryLocationGroup' }
    | { readonly __typename: 'DeliveryMethod' }
    | { readonly __typename: 'DeliveryMethodDefinition' }
    | { readonly __typename: 'DeliveryParticipant' }
    | { readonly __typename: 'DeliveryProfile' }
    | { readonly __typename: 'DeliveryProfileItem' }
    | { readonly __typename: 'DeliveryPromiseParticipant' }
    | { readonly __typename: 'DeliveryPromiseProvider' }
    | { readonly __typename: 'DeliveryProvince' }
    | { readonly __typename: 'DeliveryRateDefinition' }
    | { readonly __typename: 'DeliveryZone' }
    | { readonly __typename: 'DiscountAutomaticBxgy' }
    | { readonly __typename: 'DiscountAutomaticNode' }
    | { readonly __typename: 'DiscountCodeNode' }
    | { readonly __typename: 'DiscountNode' }
    | { readonly __typename: 'DiscountRedeemCodeBulkCreation' }
    | { readonly __typename: 'Domain' }
    | { readonly __typename: 'DraftOrder' }
    | { readonly __typename: 'DraftOrderLineItem' }
    | { readonly __typename: 'DraftOrderTag' }
    | { readonly __typename: 'Duty' }
    | { readonly __typename: 'ExchangeLineItem' }
    | { readonly __typename: 'ExternalVideo' }
    | { readonly __typename: 'Fulfillment' }
    | { readonly __typename: 'FulfillmentConstraintRule' }
    | { readonly __typename: 'FulfillmentEvent' }
    | { readonly __typename: 'FulfillmentHold' }
    | { readonly __typename: 'FulfillmentLineItem' }
    | { readonly __typename: 'FulfillmentOrder' }
    | { readonly __typename: 'FulfillmentOrderDestination' }
    | { readonly __typename: 'FulfillmentOrderLineItem' }
    | { readonly __typename: 'FulfillmentOrderMerchantRequest' }
    | { readonly __typename: 'GenericFile' }
    | { readonly __typename: 'GiftCard' }
    | { readonly __typename: 'GiftCardCashOutTransaction' }
    | { readonly __typename: 'GiftCardCreditTransaction' }
    | { readonly __typename: 'GiftCardDebitTransaction' }
    | { readonly __typename: 'IdentityProviderSubject' }
    | { readonly __typename: 'InventoryAdjustmentGroup' }
    | { readonly __typename: 'InventoryItem' }
    | { readonly __typename: 'InventoryItemMeasurement' }
    | { readonly __typename: 'InventoryLevel' }
    | { readonly __typename: 'InventoryQuantity' }
    | { readonly __typename: 'InventoryShipment' }
    | { readonly __typename: 'InventoryShipmentLineItem' }
    | { readonly __typename: 'InventoryTransfer' }
    | { readonly __typename: 'InventoryTransferLineItem' }
    | { readonly __typename: 'LineItem' }
    | { readonly __typename: 'LineItemGroup' }
    | { readonly __typename: 'Location' }
    | { readonly __typename: 'MailingAddress' }
    | { readonly __typename: 'Market' }
    | { readonly __typename: 'MarketCatalog' }
    | { readonly __typename: 'MarketRegionCountry' }
    | { readonly __typename: 'MarketRegionSubdivision' }
    | { readonly __typename: 'MarketWebPresence' }
    | { readonly __typename: 'MarketingActivity' }
    | { readonly __typename: 'MarketingEvent' }
    | { readonly __typename: 'MediaImage' }
    | { readonly __typename: 'Menu' }
    | { readonly __typename: 'Metafield' }
    | { readonly __typename: 'MetafieldDefinition' }
    | { readonly __typename: 'Metaobject' }
    | { readonly __typename: 'MetaobjectDefinition' }
    | { readonly __typename: 'Model3d' }
    | { readonly __typename: 'OnlineStoreTheme' }
    | { readonly __typename: 'Order' }
    | { readonly __typename: 'OrderAdjustment' }
    | { readonly __typename: 'OrderAttributionDefinition' }
    | { readonly __typename: 'OrderCancelJobResult' }
    | { readonly __typename: 'OrderCreateMandatePaymentJobResult' }
    | { readonly __typename: 'OrderDisputeSummary' }
    | { readonly __typename: 'OrderEditSession' }
    | { readonly __typename: 'OrderTransaction' }
    | { readonly __typename: 'Page' }
    | { readonly __typename: 'PaymentCustomization' }
    | { readonly __typename: 'PaymentMandate' }
    | { readonly __typename: 'PaymentSchedule' }
    | { readonly __typename: 'PaymentTerms' }
    | { readonly __typename: 'PaymentTermsTemplate' }
    | { readonly __typename: 'PointOfSaleDevice' }
    | { readonly __typename: 'PointOfSaleDevicePaymentSession' }
    | { readonly __typename: 'PriceList' }
    | { readonly __typename: 'Product' }
    | { readonly __typename: 'ProductBundleOperation' }
    | { readonly __typename: 'ProductDeleteOperation' }
    | { readonly __typename: 'ProductDuplicateOperation' }
    | { readonly __typename: 'ProductFeed' }
    | { readonly __typename: 'ProductOption' }
    | { readonly __typename: 'ProductOptionValue' }
    | { readonly __typename: 'ProductSetOperation' }
    | { readonly __typename: 'ProductTaxonomyNode' }
    | { readonly __typename: 'ProductVariant' }
    | { readonly __typename: 'ProductVariantComponent' }
    | { readonly __typename: 'Publication' }
    | { readonly __typename: 'PublicationResourceOperation' }
    | { readonly __typename: 'QuantityPriceBreak' }
    | { readonly __typename: 'Refund' }
    | { readonly __typename: 'RefundShippingLine' }
    | { readonly __typename: 'Return' }
    | { readonly __typename: 'ReturnLineItem' }
    | { readonly __typename: 'ReturnReasonDefinition' }
    | { readonly __typename: 'ReturnableFulfillment' }
    | { readonly __typename: 'ReverseDelivery' }
    | { readonly __typename: 'ReverseDeliveryLineItem' }
    | { readonly __typename: 'ReverseFulfillmentOrder' }
    | { readonly __typename: 'ReverseFulfillmentOrderDisposition' }
    | { readonly __typename: 'ReverseFulfillmentOrderLineItem' }
    | { readonly __typename: 'SaleAdditionalFee' }
    | { readonly __typename: 'SavedSearch' }
    | { readonly __typename: 'ScriptTag' }
    | { readonly __typename: 'Segment' }
    | { readonly __typename: 'SellingPlan' }
    | { readonly __typename: 'SellingPlanGroup' }
    | { readonly __typename: 'ServerPixel' }
    | { readonly __typename: 'ShippingLabel' }
    | { readonly __typename: 'ShippingLabelPurchaseResult' }
    | { readonly __typename: 'Shop' }
    | { readonly __typename: 'ShopAddress' }
    | { readonly __typename: 'ShopPolicy' }
    | { readonly __typename: 'ShopifyPaymentsAccount' }
    | { readonly __typename: 'ShopifyPaymentsBalanceTransaction' }
    | { readonly __typename: 'ShopifyPaymentsBankAccount' }
    | { readonly __typename: 'ShopifyPaymentsDispute' }
    | { readonly __typename: 'ShopifyPaymentsDisputeEvidence' }
    | { readonly __typename: 'ShopifyPaymentsDisputeFileUpload' }
    | { readonly __typename: 'ShopifyPaymentsDisputeFulfillment' }
    | { readonly __typename: 'ShopifyPaymentsPayout' }
    | { readonly __typename: 'StaffMember' }
    | { readonly __typename: 'StandardMetafieldDefinitionTemplate' }
    | { readonly __typename: 'StoreCreditAccount' }
    | { readonly __typename: 'StoreCreditAccountCreditTransaction', readonly remainingAmount: { readonly amount: string }, readonly account: { readonly id: string, readonly balance: { readonly amount: string } } }
    | { readonly __typename: 'StoreCreditAccountDebitRevertTransaction' }
    | { readonly __typename: 'StoreCreditAccountDebitTransaction' }
    | { readonly __typename: 'StorefrontAccessToken' }
    | { readonly __typename: 'SubscriptionBillingAttempt' }
    | { readonly __typename: 'SubscriptionContract' }
    | { readonly __typename: 'SubscriptionDraft' }
    | { readonly __typename: 'TaxonomyAttribute' }
    | { readonly __typename: 'TaxonomyCategory' }
    | { readonly __typename: 'TaxonomyChoiceListAttribute' }
    | { readonly __typename: 'TaxonomyMeasurementAttribute' }
    | { readonly __typename: 'TaxonomyValue' }
    | { readonly __typename: 'TenderTransaction' }
    | { readonly __typename: 'TransactionFee' }
    | { readonly __typename: 'UnverifiedReturnLineItem' }
    | { readonly __typename: 'UrlRedirect' }
    | { readonly __typename: 'UrlRedirectImport' }
    | { readonly __typename: 'Validation' }
    | { readonly __typename: 'Video' }
    | { readonly __typename: 'WebPixel' }
    | { readonly __typename: 'WebhookSubscription' }
   | null };

export type CreditTakeBackMutationVariables = Exact<{
  account: string;
  input: StoreCreditAccountDebitInput;
}>;


export type CreditTakeBackMutation = { readonly storeCreditAccountDebit: { readonly storeCreditAccountTransaction: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string> | null, readonly code: StoreCreditAccountDebitUserErrorCode | null }> } | null };

export type CreditPageFragment = { readonly nodes: ReadonlyArray<
    | { readonly __typename: 'StoreCreditAccountCreditTransaction', readonly id: string, readonly expiresAt: string | null, readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
    | { readonly __typename: 'StoreCreditAccountDebitRevertTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
    | { readonly __typename: 'StoreCreditAccountDebitTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
    | { readonly __typename: 'StoreCreditAccountExpirationTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
  >, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } };

export type CreditsOfCustomerQueryVariables = Exact<{
  owner: string;
}>;


export type CreditsOfCustomerQuery = { readonly customer: { readonly storeCreditAccounts: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly transactions: { readonly nodes: ReadonlyArray<
            | { readonly __typename: 'StoreCreditAccountCreditTransaction', readonly id: string, readonly expiresAt: string | null, readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
            | { readonly __typename: 'StoreCreditAccountDebitRevertTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
            | { readonly __typename: 'StoreCreditAccountDebitTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
            | { readonly __typename: 'StoreCreditAccountExpirationTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
          >, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }> } } | null };

export type MoreCreditsQueryVariables = Exact<{
  account: string;
  after?: string | null | undefined;
}>;


export type MoreCreditsQuery = { readonly storeCreditAccount: { readonly transactions: { readonly nodes: ReadonlyArray<
        | { readonly __typename: 'StoreCreditAccountCreditTransaction', readonly id: string, readonly expiresAt: string | null, readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
        | { readonly __typename: 'StoreCreditAccountDebitRevertTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
        | { readonly __typename: 'StoreCreditAccountDebitTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
        | { readonly __typename: 'StoreCreditAccountExpirationTransaction', readonly createdAt: string, readonly event: StoreCreditSystemEvent, readonly amount: { readonly amount: string, readonly currencyCode: CurrencyCode } }
      >, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export const Access: Document<AccessQuery, AccessQueryVariables> = {
  name: "Access",
  points: 4,
  text: "query Access{shop{myshopifyDomain plan{publicDisplayName shopifyPlus}}currentAppInstallation{accessScopes{handle}}}",
}
export const CustomerProbe: Document<CustomerProbeQuery, CustomerProbeQueryVariables> = {
  name: "CustomerProbe",
  points: 5,
  text: "query CustomerProbe{customers(first:1){nodes{firstName defaultEmailAddress{emailAddress}defaultPhoneNumber{phoneNumber}}}}",
}
export const OrderProbe: Document<OrderProbeQuery, OrderProbeQueryVariables> = {
  name: "OrderProbe",
  points: 4,
  text: "query OrderProbe{orders(first:1){nodes{email shippingAddress{address1}}}}",
}
export const BulkRun: Document<BulkRunMutation, BulkRunMutationVariables> = {
  name: "BulkRun",
  points: 10,
  text: "mutation BulkRun($query:String!){bulkOperationRunQuery(query:$query groupObjects:false){bulkOperation{id}userErrors{message code}}}",
}
export const BulkPoll: Document<BulkPollQuery, BulkPollQueryVariables> = {
  name: "BulkPoll",
  points: 1,
  text: "query BulkPoll($id:ID!){bulkOperation(id:$id){status errorCode createdAt objectCount rootObjectCount url}}",
}
export const BulkCancel: Document<BulkCancelMutation, BulkCancelMutationVariables> = {
  name: "BulkCancel",
  points: 10,
  text: "mutation BulkCancel($id:ID!){bulkOperationCancel(id:$id){userErrors{message}}}",
}
export const CodesLookup: Document<CodesLookupQuery, CodesLookupQueryVariables> = {
  name: "CodesLookup",
  points: 50,
  text: "query CodesLookup($c0:String!$c1:String!$c2:String!$c3:String!$c4:String!$c5:String!$c6:String!$c7:String!$c8:String!$c9:String!$c10:String!$c11:String!$c12:String!$c13:String!$c14:String!$c15:String!$c16:String!$c17:String!$c18:String!$c19:String!$c20:String!$c21:String!$c22:String!$c23:String!$c24:String!$c25:String!$c26:String!$c27:String!$c28:String!$c29:String!$c30:String!$c31:String!$c32:String!$c33:String!$c34:String!$c35:String!$c36:String!$c37:String!$c38:String!$c39:String!$c40:String!$c41:String!$c42:String!$c43:String!$c44:String!$c45:String!$c46:String!$c47:String!$c48:String!$c49:String!){c0:codeDiscountNodeByCode(code:$c0){id}c1:codeDiscountNodeByCode(code:$c1){id}c2:codeDiscountNodeByCode(code:$c2){id}c3:codeDiscountNodeByCode(code:$c3){id}c4:codeDiscountNodeByCode(code:$c4){id}c5:codeDiscountNodeByCode(code:$c5){id}c6:codeDiscountNodeByCode(code:$c6){id}c7:codeDiscountNodeByCode(code:$c7){id}c8:codeDiscountNodeByCode(code:$c8){id}c9:codeDiscountNodeByCode(code:$c9){id}c10:codeDiscountNodeByCode(code:$c10){id}c11:codeDiscountNodeByCode(code:$c11){id}c12:codeDiscountNodeByCode(code:$c12){id}c13:codeDiscountNodeByCode(code:$c13){id}c14:codeDiscountNodeByCode(code:$c14){id}c15:codeDiscountNodeByCode(code:$c15){id}c16:codeDiscountNodeByCode(code:$c16){id}c17:codeDiscountNodeByCode(code:$c17){id}c18:codeDiscountNodeByCode(code:$c18){id}c19:codeDiscountNodeByCode(code:$c19){id}c20:codeDiscountNodeByCode(code:$c20){id}c21:codeDiscountNodeByCode(code:$c21){id}c22:codeDiscountNodeByCode(code:$c22){id}c23:codeDiscountNodeByCode(code:$c23){id}c24:codeDiscountNodeByCode(code:$c24){id}c25:codeDiscountNodeByCode(code:$c25){id}c26:codeDiscountNodeByCode(code:$c26){id}c27:codeDiscountNodeByCode(code:$c27){id}c28:codeDiscountNodeByCode(code:$c28){id}c29:codeDiscountNodeByCode(code:$c29){id}c30:codeDiscountNodeByCode(code:$c30){id}c31:codeDiscountNodeByCode(code:$c31){id}c32:codeDiscountNodeByCode(code:$c32){id}c33:codeDiscountNodeByCode(code:$c33){id}c34:codeDiscountNodeByCode(code:$c34){id}c35:codeDiscountNodeByCode(code:$c35){id}c36:codeDiscountNodeByCode(code:$c36){id}c37:codeDiscountNodeByCode(code:$c37){id}c38:codeDiscountNodeByCode(code:$c38){id}c39:codeDiscountNodeByCode(code:$c39){id}c40:codeDiscountNodeByCode(code:$c40){id}c41:codeDiscountNodeByCode(code:$c41){id}c42:codeDiscountNodeByCode(code:$c42){id}c43:codeDiscountNodeByCode(code:$c43){id}c44:codeDiscountNodeByCode(code:$c44){id}c45:codeDiscountNodeByCode(code:$c45){id}c46:codeDiscountNodeByCode(code:$c46){id}c47:codeDiscountNodeByCode(code:$c47){id}c48:codeDiscountNodeByCode(code:$c48){id}c49:codeDiscountNodeByCode(code:$c49){id}}",
}
export const CustomersPage: Document<CustomersPageQuery, CustomersPageQueryVariables> = {
  name: "CustomersPage",
  points: 35,
  text: "query CustomersPage($search:String!$after:String){customers(first:250 after:$after query:$search sortKey:UPDATED_AT){nodes{...CustomerFields}pageInfo{...Turn}}} fragment CustomerFields on Customer{id createdAt updatedAt firstName lastName defaultEmailAddress{emailAddress marketingState}defaultPhoneNumber{phoneNumber}} fragment Turn on PageInfo{hasNextPage endCursor}",
}
export const CustomersById: Document<CustomersByIdQuery, CustomersByIdQueryVariables> & { readonly atMost: { readonly ids: 50 } } = {
  name: "CustomersById",
  points: 150,
  atMost: { ids: 50 },
  text: "query CustomersById($ids:[ID!]!){nodes(ids:$ids){...on Customer{...CustomerFields}}} fragment CustomerFields on Customer{id createdAt updatedAt firstName lastName defaultEmailAddress{emailAddress marketingState}defaultPhoneNumber{phoneNumber}}",
}
export const CustomersSpan: Document<CustomersSpanQuery, CustomersSpanQueryVariables> = {
  name: "CustomersSpan",
  points: 3,
  text: "query CustomersSpan{changed:customers(first:1 sortKey:UPDATED_AT reverse:true){nodes{updatedAt}}}",
}
export const CustomersBulk: BulkDocument<CustomersBulkQuery, CustomersBulkQueryVariables> = {
  name: "CustomersBulk",
  points: 0,
  isBulk: true,
  text: "{customers{edges{node{...CustomerFields}}}} fragment CustomerFields on Customer{id createdAt updatedAt firstName lastName defaultEmailAddress{emailAddress marketingState}defaultPhoneNumber{phoneNumber}}",
}
export const ShopInfo: Document<ShopInfoQuery, ShopInfoQueryVariables> = {
  name: "ShopInfo",
  points: 1,
  text: "query ShopInfo{shop{myshopifyDomain currencyCode}}",
}
export const OfferCreate: Document<OfferCreateMutation, OfferCreateMutationVariables> = {
  name: "OfferCreate",
  points: 10,
  text: "mutation OfferCreate($input:DiscountCodeBasicInput!){discountCodeBasicCreate(basicCodeDiscount:$input){codeDiscountNode{id}userErrors{field code}}}",
}
export const CodesAdd: Document<CodesAddMutation, CodesAddMutationVariables> = {
  name: "CodesAdd",
  points: 10,
  text: "mutation CodesAdd($id:ID!$codes:[DiscountRedeemCodeInput!]!){discountRedeemCodeBulkAdd(discountId:$id codes:$codes){bulkCreation{id}userErrors{field code}}}",
}
export const CodesDelete: Document<CodesDeleteMutation, CodesDeleteMutationVariables> & { readonly atMost: { readonly ids: 1 } } = {
  name: "CodesDelete",
  points: 10,
  atMost: { ids: 1 },
  text: "mutation CodesDelete($id:ID!$ids:[ID!]!){discountCodeRedeemCodeBulkDelete(discountId:$id ids:$ids){userErrors{field code}}}",
}
export const CodeState: Document<CodeStateQuery, CodeStateQueryVariables> = {
  name: "CodeState",
  points: 10,
  text: "query CodeState($code:String!$search:String!){codeDiscountNodeByCode(code:$code){id codeDiscount{...on DiscountCodeBasic{codes(first:5 query:$code){nodes{id code asyncUsageCount}}}}}orders(first:1 query:$search){nodes{id}}}",
}
export const CodesAdded: Document<CodesAddedQuery, CodesAddedQueryVariables> = {
  name: "CodesAdded",
  points: 36,
  text: "query CodesAdded($id:ID!){discountRedeemCodeBulkCreation(id:$id){done codes(first:250){nodes{code discountRedeemCode{id}errors{code}}}}}",
}
export const GiftIssue: Document<GiftIssueMutation, GiftIssueMutationVariables> = {
  name: "GiftIssue",
  points: 10,
  text: "mutation GiftIssue($input:GiftCardCreateInput!){giftCardCreate(input:$input){giftCard{id}userErrors{field code}}}",
}
export const GiftTell: Document<GiftTellMutation, GiftTellMutationVariables> = {
  name: "GiftTell",
  points: 10,
  text: "mutation GiftTell($id:ID!){giftCardSendNotificationToCustomer(id:$id){giftCard{id}userErrors{field code}}}",
}
export const GiftNote: Document<GiftNoteMutation, GiftNoteMutationVariables> = {
  name: "GiftNote",
  points: 10,
  text: "mutation GiftNote($id:ID!$input:GiftCardUpdateInput!){giftCardUpdate(id:$id input:$input){giftCard{id}userErrors{field}}}",
}
export const GiftVoid: Document<GiftVoidMutation, GiftVoidMutationVariables> = {
  name: "GiftVoid",
  points: 10,
  text: "mutation GiftVoid($id:ID!){giftCardDeactivate(id:$id){giftCard{id}userErrors{field code}}}",
}
export const GiftLookup: Document<GiftLookupQuery, GiftLookupQueryVariables> = {
  name: "GiftLookup",
  points: 4,
  text: "query GiftLookup($search:String!){giftCards(first:2 query:$search){nodes{id enabled note initialValue{amount currencyCode}}}}",
}
export const GiftLeft: Document<GiftLeftQuery, GiftLeftQueryVariables> = {
  name: "GiftLeft",
  points: 2,
  text: "query GiftLeft($id:ID!){giftCard(id:$id){enabled balance{amount}}}",
}
export const OrdersPage: Document<OrdersPageQuery, OrdersPageQueryVariables> = {
  name: "OrdersPage",
  points: 618,
  text: "query OrdersPage($search:String!$sortKey:OrderSortKeys!$after:String){orders(first:50 after:$after query:$search sortKey:$sortKey){nodes{...OrderFields ...FirstLines}pageInfo{...Turn}}} fragment OrderFields on Order{id name processedAt updatedAt cancelledAt test currencyCode taxesIncluded displayFinancialStatus email sourceName discountCodes customAttributes{key value}totalRefundedSet{shopMoney{amount}}customer{id}shippingAddress{address1 zip}customerJourneySummary{ready firstVisit{...VisitFields}lastVisit{...VisitFields}}} fragment VisitFields on CustomerVisit{occurredAt landingPage referralCode source} fragment FirstLines on Order{lineItems(first:50){nodes{...LineFields}pageInfo{...Turn}}} fragment LineFields on LineItem{id quantity currentQuantity isGiftCard product{id}originalTotalSet{shopMoney{amount}}discountAllocations{allocatedAmountSet{shopMoney{amount}}discountApplication{index ...on DiscountCodeApplication{code}}}taxLines{priceSet{shopMoney{amount}}}} fragment Turn on PageInfo{hasNextPage endCursor}",
}
export const OrdersById: Document<OrdersByIdQuery, OrdersByIdQueryVariables> & { readonly atMost: { readonly ids: 10 } } = {
  name: "OrdersById",
  points: 880,
  atMost: { ids: 10 },
  text: "query OrdersById($ids:[ID!]!){nodes(ids:$ids){...on Order{...OrderFields ...FirstLines}}} fragment OrderFields on Order{id name processedAt updatedAt cancelledAt test currencyCode taxesIncluded displayFinancialStatus email sourceName discountCodes customAttributes{key value}totalRefundedSet{shopMoney{amount}}customer{id}shippingAddress{address1 zip}customerJourneySummary{ready firstVisit{...VisitFields}lastVisit{...VisitFields}}} fragment VisitFields on CustomerVisit{occurredAt landingPage referralCode source} fragment FirstLines on Order{lineItems(first:50){nodes{...LineFields}pageInfo{...Turn}}} fragment LineFields on LineItem{id quantity currentQuantity isGiftCard product{id}originalTotalSet{shopMoney{amount}}discountAllocations{allocatedAmountSet{shopMoney{amount}}discountApplication{index ...on DiscountCodeApplication{code}}}taxLines{priceSet{shopMoney{amount}}}} fragment Turn on PageInfo{hasNextPage endCursor}",
}
export const MoreLines: Document<MoreLinesQuery, MoreLinesQueryVariables> = {
  name: "MoreLines",
  points: 124,
  text: "query MoreLines($id:ID!$after:String){order(id:$id){lineItems(first:250 after:$after){nodes{...LineFields}pageInfo{...Turn}}}} fragment LineFields on LineItem{id quantity currentQuantity isGiftCard product{id}originalTotalSet{shopMoney{amount}}discountAllocations{allocatedAmountSet{shopMoney{amount}}discountApplication{index ...on DiscountCodeApplication{code}}}taxLines{priceSet{shopMoney{amount}}}} fragment Turn on PageInfo{hasNextPage endCursor}",
}
export const OrdersSpan: Document<OrdersSpanQuery, OrdersSpanQueryVariables> = {
  name: "OrdersSpan",
  points: 10,
  text: "query OrdersSpan{oldest:orders(first:1 sortKey:CREATED_AT){nodes{createdAt}}newest:orders(first:1 sortKey:CREATED_AT reverse:true){nodes{createdAt}}changed:orders(first:1 sortKey:UPDATED_AT reverse:true){nodes{updatedAt}}ordersCount(limit:null){count}}",
}
export const OrdersBulk: BulkDocument<OrdersBulkQuery, OrdersBulkQueryVariables> = {
  name: "OrdersBulk",
  points: 0,
  isBulk: true,
  text: "{orders(query:$search sortKey:CREATED_AT){edges{node{...OrderFields lineItems{edges{node{...LineFields}}}}}}} fragment OrderFields on Order{id name processedAt updatedAt cancelledAt test currencyCode taxesIncluded displayFinancialStatus email sourceName discountCodes customAttributes{key value}totalRefundedSet{shopMoney{amount}}customer{id}shippingAddress{address1 zip}customerJourneySummary{ready firstVisit{...VisitFields}lastVisit{...VisitFields}}} fragment VisitFields on CustomerVisit{occurredAt landingPage referralCode source} fragment LineFields on LineItem{id quantity currentQuantity isGiftCard product{id}originalTotalSet{shopMoney{amount}}discountAllocations{allocatedAmountSet{shopMoney{amount}}discountApplication{index ...on DiscountCodeApplication{code}}}taxLines{priceSet{shopMoney{amount}}}}",
}
export const RefundsOfOrders: Document<RefundsOfOrdersQuery, RefundsOfOrdersQueryVariables> & { readonly atMost: { readonly ids: 20 } } = {
  name: "RefundsOfOrders",
  points: 940,
  atMost: { ids: 20 },
  text: "query RefundsOfOrders($ids:[ID!]!){nodes(ids:$ids){...on Order{id refunds{...RefundFields}}}} fragment RefundFields on Refund{id createdAt processedAt updatedAt totalRefundedSet{shopMoney{amount}}refundLineItems(first:10){nodes{...RefundLineFields}pageInfo{...Turn}}refundShippingLines(first:5){nodes{subtotalAmountSet{shopMoney{amount}}taxAmountSet{shopMoney{amount}}}}} fragment RefundLineFields on RefundLineItem{quantity subtotalSet{shopMoney{amount}}totalTaxSet{shopMoney{amount}}lineItem{id}} fragment Turn on PageInfo{hasNextPage endCursor}",
}
export const MoreRefundLines: Document<MoreRefundLinesQuery, MoreRefundLinesQueryVariables> = {
  name: "MoreRefundLines",
  points: 69,
  text: "query MoreRefundLines($id:ID!$after:String){node(id:$id){...on Refund{refundLineItems(first:250 after:$after){nodes{...RefundLineFields}pageInfo{...Turn}}}}} fragment RefundLineFields on RefundLineItem{quantity subtotalSet{shopMoney{amount}}totalTaxSet{shopMoney{amount}}lineItem{id}} fragment Turn on PageInfo{hasNextPage endCursor}",
}
export const StoreCreditTerms: Document<StoreCreditTermsQuery, StoreCreditTermsQueryVariables> = {
  name: "StoreCreditTerms",
  points: 1,
  text: "query StoreCreditTerms{storeCreditConfiguration{storeCreditEnabled}}",
}
export const CreditIssue: Document<CreditIssueMutation, CreditIssueMutationVariables> = {
  name: "CreditIssue",
  points: 10,
  text: "mutation CreditIssue($owner:ID!$input:StoreCreditAccountCreditInput!){storeCreditAccountCredit(id:$owner creditInput:$input){storeCreditAccountTransaction{id}userErrors{field code}}}",
}
export const CreditLeft: Document<CreditLeftQuery, CreditLeftQueryVariables> = {
  name: "CreditLeft",
  points: 4,
  text: "query CreditLeft($id:ID!){node(id:$id){__typename ...on StoreCreditAccountCreditTransaction{remainingAmount{amount}account{id balance{amount}}}}}",
}
export const CreditTakeBack: Document<CreditTakeBackMutation, CreditTakeBackMutationVariables> = {
  name: "CreditTakeBack",
  points: 10,
  text: "mutation CreditTakeBack($account:ID!$input:StoreCreditAccountDebitInput!){storeCreditAccountDebit(id:$account debitInput:$input){storeCreditAccountTransaction{id}userErrors{field code}}}",
}
export const CreditsOfCustomer: Document<CreditsOfCustomerQuery, CreditsOfCustomerQueryVariables> = {
  name: "CreditsOfCustomer",
  points: 54,
  text: "query CreditsOfCustomer($owner:ID!){customer(id:$owner){storeCreditAccounts(first:5){nodes{id transactions(first:50 reverse:true){...CreditPage}}}}} fragment CreditPage on StoreCreditAccountTransactionConnection{nodes{__typename amount{amount currencyCode}createdAt event ...on StoreCreditAccountCreditTransaction{id expiresAt}}pageInfo{hasNextPage endCursor}}",
}
export const MoreCredits: Document<MoreCreditsQuery, MoreCreditsQueryVariables> = {
  name: "MoreCredits",
  points: 21,
  text: "query MoreCredits($account:ID!$after:String){storeCreditAccount(id:$account){transactions(first:100 after:$after reverse:true){...CreditPage}}} fragment CreditPage on StoreCreditAccountTransactionConnection{nodes{__typename amount{amount currencyCode}createdAt event ...on StoreCreditAccountCreditTransaction{id expiresAt}}pageInfo{hasNextPage endCursor}}",
}
