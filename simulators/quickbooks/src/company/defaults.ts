import type { JsonRecord } from "../json.ts";
import { pacificTime } from "./pacific-time.ts";

/** What a company file need not say: a US company in dollars, its preferences, and the terms every new company has. */
export function defaultCompanyInfo(nowMs: number): JsonRecord {
  const address = {
    Id: "1",
    Line1: "123 Sierra Way",
    City: "San Pablo",
    Country: "US",
    CountrySubDivisionCode: "CA",
    PostalCode: "87999",
  };
  return {
    CompanyName: "Simulated Company",
    LegalName: "Simulated Company",
    CompanyAddr: address,
    CustomerCommunicationAddr: address,
    LegalAddr: address,
    PrimaryPhone: { FreeFormNumber: "(555) 555-0100" },
    CompanyStartDate: "2020-01-01",
    FiscalYearStartMonth: "January",
    Country: "US",
    Email: { Address: "noreply@simulated-company.example" },
    WebAddr: {},
    SupportedLanguages: "en",
    DefaultTimeZone: "America/Los_Angeles",
    NameValue: [
      { Name: "NeoEnabled", Value: "true" },
      { Name: "SubscriptionStatus", Value: "PAID" },
      { Name: "OfferingSku", Value: "QuickBooks Online Plus" },
      { Name: "CompanyType", Value: "Other" },
    ],
    ...common("1", nowMs),
  };
}

export function defaultPreferences(nowMs: number): JsonRecord {
  return {
    AccountingInfoPrefs: {
      UseAccountNumbers: false,
      TrackDepartments: false,
      ClassTrackingPerTxn: false,
      ClassTrackingPerTxnLine: false,
      CustomerTerminology: "Customers",
    },
    ProductAndServicesPrefs: {
      ForSales: true,
      ForPurchase: true,
      QuantityWithPriceAndRate: true,
      QuantityOnHand: true,
    },
    SalesFormsPrefs: {
      CustomField: [],
      CustomTxnNumbers: false,
      AllowDeposit: false,
      AllowDiscount: false,
      AllowEstimates: true,
      AllowServiceDate: false,
      AllowShipping: false,
      ETransactionEnabledStatus: "NotApplicable",
      ETransactionAttachPDF: false,
      ETransactionPaymentEnabled: false,
      IPNSupportEnabled: false,
      UsingPriceLevels: false,
      AutoApplyCredit: false,
      AutoApplyPayments: false,
      DefaultCustomerMessage: "Thank you for your business and have a great day!",
      DefaultTerms: { value: "3" },
    },
    EmailMessagesPrefs: {
      InvoiceMessage: { Subject: "Invoice", Message: "Your invoice is attached." },
      EstimateMessage: { Subject: "Estimate", Message: "Your estimate is attached." },
      SalesReceiptMessage: { Subject: "Sales receipt", Message: "Your sales receipt is attached." },
      StatementMessage: { Subject: "Statement", Message: "Your statement is attached." },
    },
    VendorAndPurchasesPrefs: { TrackingByCustomer: false, BillableExpenseTracking: false, POCustomField: [] },
    TimeTrackingPrefs: {
      UseServices: true,
      BillCustomers: true,
      ShowBillRateToAll: false,
      WorkWeekStartDate: "Monday",
      MarkTimeEntriesBillable: true,
    },
    TaxPrefs: { UsingSalesTax: false },
    CurrencyPrefs: { MultiCurrencyEnabled: false, HomeCurrency: { value: "USD" } },
    ReportPrefs: { ReportBasis: "Accrual", CalcAgingReportFromTxnDate: false },
    OtherPrefs: { NameValue: [{ Name: "ProjectsEnabled", Value: "true" }] },
    ...common("1", nowMs),
  };
}

export function defaultTerms(nowMs: number): JsonRecord[] {
  const days: [id: string, name: string, dueDays: number][] = [
    ["1", "Due on receipt", 0],
    ["2", "Net 15", 15],
    ["3", "Net 30", 30],
    ["4", "Net 60", 60],
  ];
  return days.map(([id, Name, DueDays]) =>
    Object.assign(common(id, nowMs), { Name, Active: true, Type: "STANDARD", DueDays, DiscountDays: 0 }),
  );
}

/** Fields that every record has: recorded sandbox answers of 2026-05, NangoHQ/integration-templates. */
export function common(id: string, nowMs: number): JsonRecord {
  const time = pacificTime(nowMs);
  return {
    domain: "QBO",
    sparse: false,
    Id: id,
    SyncToken: "0",
    MetaData: { CreateTime: time, LastUpdatedTime: time },
  };
}
