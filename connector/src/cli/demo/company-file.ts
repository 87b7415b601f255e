// The company file as the QuickBooks simulator loads it: entities exactly as a query returns them (reference: Intuit's
// API explorer; field order and empty fields as in public recordings). Only the fields that the sample writes.

export interface Reference {
  value: string;
  name?: string;
}

export interface Stamps {
  CreateTime: string;
  LastUpdatedTime: string;
}

interface Stored {
  domain: "QBO";
  sparse: false;
  Id: string;
  SyncToken: string;
  MetaData: Stamps;
}

export interface PostalAddress {
  Id: string;
  Line1: string;
  Line2?: string;
  City?: string;
  CountrySubDivisionCode?: string;
  PostalCode?: string;
  Country?: string;
}

interface PartyRecord extends Stored {
  DisplayName: string;
  GivenName?: string;
  FamilyName?: string;
  CompanyName?: string;
  PrintOnCheckName: string;
  Active: boolean;
  PrimaryEmailAddr?: { Address: string };
  PrimaryPhone?: { FreeFormNumber: string };
  Mobile?: { FreeFormNumber: string };
  AlternatePhone?: { FreeFormNumber: string };
  BillAddr?: PostalAddress;
  CurrencyRef: Reference;
  Balance: number;
}

export interface Customer extends PartyRecord {
  FullyQualifiedName: string;
  Job: boolean;
  BillWithParent: boolean;
  ParentRef?: Reference;
  Level?: number;
  IsProject: boolean;
  Taxable: boolean;
  PreferredDeliveryMethod: "Print" | "Email" | "None";
  SalesTermRef?: Reference;
  BalanceWithJobs: number;
}

export interface Vendor extends PartyRecord {
  AcctNum?: string;
  Vendor1099: boolean;
  TermRef?: Reference;
}

export interface LinkedTransaction {
  TxnId: string;
  TxnType: string;
}

export interface Line {
  Id?: string;
  LineNum?: number;
  Description?: string;
  Amount: number;
  LinkedTxn?: LinkedTransaction[];
  DetailType?: string;
  SalesItemLineDetail?: { ItemRef: Reference; UnitPrice: number; Qty: number; TaxCodeRef: Reference };
  SubTotalLineDetail?: Record<string, never>;
  AccountBasedExpenseLineDetail?: { AccountRef: Reference; BillableStatus: string };
}

interface Transaction extends Stored {
  TxnDate: string;
  TotalAmt: number;
  CurrencyRef: Reference;
  ExchangeRate: number;
  Line: Line[];
  PrivateNote?: string;
}

interface SalesForm extends Transaction {
  CustomerRef: Reference;
  DocNumber: string;
  BillEmail?: { Address: string };
  BillEmailCc?: { Address: string };
  EmailStatus: "NotSet" | "NeedToSend" | "EmailSent";
  HomeTotalAmt: number;
  Balance: number;
}

export interface Invoice extends SalesForm {
  DueDate?: string;
  SalesTermRef?: Reference;
  HomeBalance: number;
  /** Absent where nothing is linked, in what an API answers. */
  LinkedTxn?: LinkedTransaction[];
}

export interface CreditMemo extends SalesForm {
  RemainingCredit: number;
  LinkedTxn: LinkedTransaction[];
}

export type SalesReceipt = SalesForm;
export interface RefundReceipt extends SalesForm {
  DepositToAccountRef: Reference;
}

export interface Payment extends Transaction {
  CustomerRef: Reference;
  UnappliedAmt: number;
  ProcessPayment: false;
  PaymentRefNum?: string;
  DepositToAccountRef: Reference;
}

export interface Bill extends Transaction {
  VendorRef: Reference;
  DocNumber?: string;
  DueDate?: string;
  SalesTermRef?: Reference;
  APAccountRef: Reference;
  Balance: number;
  HomeBalance: number;
  LinkedTxn: LinkedTransaction[];
}

export interface VendorCredit extends Transaction {
  VendorRef: Reference;
  DocNumber: string;
  APAccountRef: Reference;
  Balance: number;
  LinkedTxn: LinkedTransaction[];
}

export interface BillPayment extends Transaction {
  VendorRef: Reference;
  DocNumber: string;
  PayType: "Check";
  CheckPayment: { BankAccountRef: Reference };
}

export interface Purchase extends Transaction {
  EntityRef: Reference & { type: "Vendor" };
  AccountRef: Reference;
  PaymentType: "Cash" | "CreditCard";
}

export interface Term extends Stored {
  Name: string;
  Active: boolean;
  Type: "STANDARD" | "DATE_DRIVEN";
  DueDays?: number;
  DiscountDays?: number;
  DayOfMonthDue?: number;
  DueNextMonthDays?: number;
}

export interface Item extends Stored {
  Name: string;
  Description: string;
  Active: boolean;
  FullyQualifiedName: string;
  Taxable: boolean;
  UnitPrice: number;
  Type: "Service" | "NonInventory";
  IncomeAccountRef: Reference;
  PurchaseCost: number;
  TrackQtyOnHand: false;
}

export interface Account extends Stored {
  Name: string;
  SubAccount: boolean;
  FullyQualifiedName: string;
  Active: boolean;
  Classification: string;
  AccountType: string;
  AccountSubType: string;
  CurrentBalance: number;
  CurrentBalanceWithSubAccounts: number;
  CurrencyRef: Reference;
}

export interface CompanyInfo extends Stored {
  CompanyName: string;
  LegalName: string;
  CompanyAddr: PostalAddress;
  Country: string;
  Email: { Address: string };
  FiscalYearStartMonth: string;
  CompanyStartDate: string;
  SupportedLanguages: string;
  DefaultTimeZone: string;
  NameValue: { Name: string; Value: string }[];
}

export interface Preferences extends Stored {
  AccountingInfoPrefs: { UseAccountNumbers: boolean; TrackDepartments: boolean; CustomerTerminology: string };
  SalesFormsPrefs: { CustomTxnNumbers: boolean; AutoApplyCredit: boolean; AutoApplyPayments: boolean };
  CurrencyPrefs: { MultiCurrencyEnabled: boolean; HomeCurrency: Reference };
  ReportPrefs: { ReportBasis: string; CalcAgingReportFromTxnDate: boolean };
}

export interface CompanyFile {
  CompanyInfo: CompanyInfo;
  Preferences: Preferences;
  Term: Term[];
  Account: Account[];
  Item: Item[];
  Customer: Customer[];
  Vendor: Vendor[];
  Invoice: Invoice[];
  CreditMemo: CreditMemo[];
  Payment: Payment[];
  SalesReceipt: SalesReceipt[];
  RefundReceipt: RefundReceipt[];
  Bill: Bill[];
  VendorCredit: VendorCredit[];
  BillPayment: BillPayment[];
  Purchase: Purchase[];
}

/** The entities of a company file that are documents, in the order in which they are counted. */
export const documentEntities = [
  "Invoice",
  "CreditMemo",
  "Payment",
  "SalesReceipt",
  "RefundReceipt",
  "Bill",
  "VendorCredit",
  "BillPayment",
  "Purchase",
] as const;
