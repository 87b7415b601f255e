// In which order elements stand: Intuit's XSD (intuit/QuickBooks-V3-PHP-SDK, src/XSD, Finance.xsd and IntuitNamesTypes.xsd)
// makes every type a sequence. Only names that records of this simulator can have; others follow in their own order.
const head = "Id SyncToken MetaData CustomField";
const name = `${head} IntuitId Organization Title GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName PrintOnCheckName UserId Active V4IDPseudonym PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr OtherContactInfo DefaultTaxCodeRef`;
const transaction = `${head} DocNumber TxnDate TxnSubType DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn Line TxnTaxDetail TxnSource TransactionLocationType Tag RecurDataRef ProjectRef TotalCostAmount HomeTotalCostAmount`;
const sales = `${transaction} AutoDocNumber CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr RemitToRef ClassRef SalesTermRef DueDate SalesRepRef PONumber FOB ShipMethodRef ShipDate TrackingNum GlobalTaxCalculation TotalAmt HomeTotalAmt ApplyTaxAfterDiscount ShippingTaxIncludedInTotalTax TemplateRef PrintStatus EmailStatus BillEmail BillEmailCc BillEmailBcc ARAccountRef Balance HomeBalance FinanceCharge PaymentMethodRef PaymentRefNum PaymentType CheckPayment CreditCardPayment DepositToAccountRef DeliveryInfo DiscountRate DiscountAmt TaxExemptionRef`;
const purchase = `${transaction} VendorRef APAccountRef TotalAmt BillEmail ReplyEmail Memo GlobalTaxCalculation`;
const itemLine =
  "ItemRef ClassRef UnitPrice UnitCostPrice RatePercent PriceLevelRef MarkupInfo Qty UOMRef ItemAccountRef InventorySiteRef TaxCodeRef TaxClassificationRef";
const address =
  "Id Line1 Line2 Line3 Line4 Line5 City Country CountryCode County CountrySubDivisionCode PostalCode PostalCodeSuffix Lat Long Tag Note";

const sequences: Readonly<Record<string, string>> = {
  Customer: `${name} Taxable BillAddr ShipAddr OtherAddr ContactName AltContactName Notes Job BillWithParent RootCustomerRef ParentRef Level CustomerTypeRef SalesTermRef SalesRepRef TaxGroupCodeRef TaxRateRef PaymentMethodRef CCDetail PriceLevelRef Balance OpenBalanceDate BalanceWithJobs CreditLimit AcctNum CurrencyRef OverDueBalance PreferredDeliveryMethod ResaleNum JobInfo CustomerEx SecondaryTaxIdentifier ARAccountRef PrimaryTaxIdentifier TaxExemptionReasonId IsProject BusinessNumber GSTIN GSTRegistrationType IsCISContractor ClientCompanyId ClientEntityId Source`,
  Vendor: `${name} ContactName AltContactName Notes BillAddr ShipAddr OtherAddr TaxCountry TaxIdentifier TaxIdEffectiveDate BusinessNumber ParentRef VendorTypeRef TermRef PrefillAccountRef Balance BillRate OpenBalanceDate CreditLimit AcctNum Vendor1099 T4AEligible T5018Eligible CurrencyRef TaxReportingBasis APAccountRef VendorEx GSTIN GSTRegistrationType VendorPaymentBankDetail Source CostRate`,
  Employee: `${name} EmployeeType EmployeeNumber SSN PrimaryAddr OtherAddr BillableTime BillRate BirthDate Gender HiredDate ReleasedDate UseTimeEntry EmployeeEx CostRate Notes`,
  Invoice: `${sales} Deposit AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment EInvoiceStatus invoiceStatus callToAction invoiceStatusLog InvoiceEx LessCIS InvoiceLink`,
  CreditMemo: `${sales} RemainingCredit InvoiceRef CreditMemoEx`,
  SalesReceipt: `${sales} SalesReceiptEx`,
  RefundReceipt: `${sales} RemainingCredit RefundReceiptEx`,
  Payment: `${transaction} CustomerRef RemitToRef ARAccountRef DepositToAccountRef PaymentMethodRef PaymentRefNum PaymentType CheckPayment CreditCardPayment TotalAmt UnappliedAmt ProcessPayment PaymentExtendedType PaymentEx`,
  Bill: `${purchase} PayerRef SalesTermRef DueDate RemitToAddr ShipAddr VendorAddr Balance HomeBalance BillEx`,
  VendorCredit: `${purchase} VendorAddr VendorCreditEx Balance`,
  BillPayment: `${transaction} VendorRef VendorAddr APAccountRef PayType CheckPayment CreditCardPayment TotalAmt BillPaymentEx`,
  Purchase: `${transaction} AccountRef PaymentMethodRef PaymentRefNum PaymentType CheckPayment CreditCardPayment EntityRef Credit RemitToAddr TotalAmt Memo PrintStatus GlobalTaxCalculation PurchaseEx`,
  Item: `${head} Name Sku Description Active SubItem ParentRef Level FullyQualifiedName Taxable SalesTaxIncluded PercentBased UnitPrice RatePercent Type PaymentMethodRef UOMSetRef IncomeAccountRef PurchaseDesc PurchaseTaxIncluded PurchaseCost ExpenseAccountRef COGSAccountRef AssetAccountRef PrefVendorRef AvgCost TrackQtyOnHand QtyOnHand QtyOnPurchaseOrder QtyOnSalesOrder ReorderPoint ManPartNum DepositToAccountRef SalesTaxCodeRef PurchaseTaxCodeRef InvStartDate ItemEx ClassRef Source`,
  Account: `${head} Name SubAccount ParentRef Description FullyQualifiedName AccountAlias TxnLocationType Active Classification AccountType AccountSubType AcctNum BankNum OpeningBalance OpeningBalanceDate CurrentBalance CurrentBalanceWithSubAccounts CurrencyRef TaxAccount TaxCodeRef`,
  Term: `${head} Name Active Type DiscountPercent DueDays DiscountDays DayOfMonthDue DueNextMonthDays DiscountDayOfMonth`,
  CompanyInfo: `${head} CompanyName LegalName CompanyAddr CustomerCommunicationAddr LegalAddr CompanyEmailAddr CustomerCommunicationEmailAddr CompanyURL PrimaryPhone OtherContactInfo CompanyFileName CompanyStartDate EmployerId FiscalYearStartMonth TaxYearStartMonth QBVersion Country ShipAddr OtherAddr Mobile Fax Email WebAddr LastImportedTime LastSyncTime SupportedLanguages DefaultTimeZone MultiByteCharsSupported NameValue`,
  Preferences: `${head} AccountingInfoPrefs AdvancedInventoryPrefs ProductAndServicesPrefs SalesFormsPrefs EmailMessagesPrefs PrintDocumentPrefs VendorAndPurchasesPrefs TimeTrackingPrefs TaxPrefs FinanceChargesPrefs CurrencyPrefs ReportPrefs OtherPrefs`,
  Line: "Id LineNum Description Amount Received LinkedTxn DetailType PaymentLineDetail DiscountLineDetail TaxLineDetail SalesItemLineDetail DescriptionLineDetail ItemBasedExpenseLineDetail AccountBasedExpenseLineDetail GroupLineDetail SubTotalLineDetail CustomField LineEx ProjectRef CostAmount HomeCostAmount CustomExtensions",
  TaxLine: "Amount DetailType TaxLineDetail",
  SalesItemLineDetail: `${itemLine} ServiceDate TaxInclusiveAmt DiscountRate DiscountAmt DeferredRevenue`,
  ItemBasedExpenseLineDetail: `${itemLine} CustomerRef BillableStatus TaxInclusiveAmt`,
  AccountBasedExpenseLineDetail:
    "CustomerRef ClassRef AccountRef BillableStatus MarkupInfo TaxAmount TaxCodeRef TaxInclusiveAmt",
  DiscountLineDetail: "DiscountRef PercentBased DiscountPercent DiscountAccountRef ServiceDate ClassRef TaxCodeRef",
  GroupLineDetail: "GroupItemRef Quantity UOMRef ServiceDate Line",
  SubTotalLineDetail: "ItemRef ServiceDate",
  TaxLineDetail:
    "TaxRateRef PercentBased TaxPercent NetAmountTaxable TaxInclusiveAmount OverrideDeltaAmount ServiceDate",
  TxnTaxDetail: "DefaultTaxCodeRef TxnTaxCodeRef TotalTax TaxReviewStatus TaxLine UseAutomatedSalesTax",
  LinkedTxn: "TxnId TxnType TxnLineId",
  MetaData: "CreatedByRef CreateTime LastModifiedByRef LastUpdatedTime LastChangedInQB Synchronized",
  CustomField: "DefinitionId Name Type StringValue BooleanValue DateValue NumberValue",
  DeliveryInfo: "DeliveryType DeliveryTime DeliveryErrorType",
  CheckPayment: "BankAccountRef PrintStatus CheckDetail PayeeAddr CheckNum Status NameOnAcct AcctNum BankName",
  CreditCardPayment: "CCAccountRef CCDetail",
  NameValue: "Name Value",
  AccountingInfoPrefs:
    "UseAccountNumbers DefaultARAccount DefaultAPAccount RequiresAccounts TrackDepartments DepartmentTerminology ClassTrackingPerTxn ClassTrackingPerTxnLine AutoJournalEntryNumber FirstMonthOfFiscalYear TaxYearMonth TaxForm BookCloseDate OtherContactInfo CustomerTerminology",
  ProductAndServicesPrefs:
    "ForSales ForPurchase InventoryAndPurchaseOrder QuantityWithPriceAndRate QuantityOnHand UOM RevenueRecognition RevenueRecognitionFrequency",
  SalesFormsPrefs:
    "UsingProgressInvoicing CustomField CustomTxnNumbers DelayedCharges SalesEmailCc SalesEmailBcc EmailCopyToCompany AllowDeposit AllowDiscount DefaultDiscountAccount AllowEstimates EstimateMessage ETransactionEnabledStatus ETransactionAttachPDF ETransactionPaymentEnabled IPNSupportEnabled InvoiceMessage AllowServiceDate AllowShipping DefaultShippingAccount DefaultItem DefaultTerms DefaultDeliveryMethod AutoApplyCredit AutoApplyPayments PrintItemWithZeroAmount DefaultShipMethodRef DefaultMarkup TrackReimbursableExpensesAsIncome UsingSalesOrders UsingPriceLevels DefaultFOB DefaultCustomerMessage",
  VendorAndPurchasesPrefs:
    "EnableBills TrackingByCustomer BillableExpenseTracking DefaultTerms DefaultMarkup DefaultMarkupAccount AutomaticBillPayment TPAREnabled POCustomField MsgToVendors UsingInventory UsingMultiLocationInventory DaysBillsAreDue DiscountAccountRef",
  TimeTrackingPrefs:
    "UseServices DefaultTimeItem BillCustomers ShowBillRateToAll WorkWeekStartDate TimeTrackingEnabled MarkTimeEntriesBillable MarkExpensesAsBillable",
  TaxPrefs:
    "UsingSalesTax PartnerTaxEnabled HideTaxManagement TaxGroupCodeRef TaxRateRef PaySalesTax NonTaxableSalesTaxCodeRef TaxableSalesTaxCodeRef",
  EmailMessagesPrefs: "NameValue InvoiceMessage EstimateMessage SalesReceiptMessage StatementMessage",
  CurrencyPrefs: "MultiCurrencyEnabled HomeCurrency",
  ReportPrefs: "ReportBasis CalcAgingReportFromTxnDate",
  Error: "Message Detail",
  Fault: "Error",
};

const places = new Map(
  Object.entries(sequences).map(([parent, list]) => [
    parent,
    new Map(list.split(" ").map((element, place) => [element, place] as const)),
  ]),
);
const addressPlaces = new Map(address.split(" ").map((element, place) => [element, place] as const));

/** The keys of an object in the order of their elements inside `parent`. */
export function inElementOrder(parent: string, keys: readonly string[]): string[] {
  const order = parent.endsWith("Addr") && keys.includes("Line1") ? addressPlaces : places.get(parent);
  if (order === undefined) return [...keys];
  return keys.toSorted((a, b) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity) || 0);
}
