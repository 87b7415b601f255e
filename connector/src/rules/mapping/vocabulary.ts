import { ageBuckets, customerStatuses, vendorStatuses } from "../../domain/index.ts";

/** What a mapping may name, and of which type it is: paths are checked against it, expressions are typed by it, and the view of a card has its form. */
export type Word =
  /** `among`: every text that it can be. */
  | { kind: "text"; among?: readonly string[] }
  | { kind: "date" | "money" | "integer" | "boolean" }
  /** QuickBooks' own record, as it answered it: any form. */
  | { kind: "record" }
  | { kind: "list"; of: Word }
  | { kind: "group"; name: string; words: Words };

export type Words = { readonly [name: string]: Word };

const text: Word = { kind: "text" };
const date: Word = { kind: "date" };
const money: Word = { kind: "money" };
const integer: Word = { kind: "integer" };
const boolean: Word = { kind: "boolean" };
const texts: Word = { kind: "list", of: text };

const party = {
  id: text,
  displayName: text,
  companyName: text,
  givenName: text,
  familyName: text,
  fullyQualifiedName: text,
  active: boolean,
  currency: text,
  addresses: texts,
  phone: text,
  billingAddress: text,
} as const satisfies Words;

const latest: Word = { kind: "group", name: "Latest", words: { date, amount: money, number: text } };

/** Figures of one side of the card, in `profile.amountsIn`, and the first party of that side by rank. */
const side = {
  ...party,
  record: { kind: "record" },
  documents: integer,
  openCount: integer,
  open: money,
  overdueCount: integer,
  overdue: money,
  overdueSince: date,
  unappliedCredit: money,
  balance: money,
  reportedBalance: money,
  aging: {
    kind: "group",
    name: "Aging",
    words: { current: money, days1to30: money, days31to60: money, days61to90: money, days91plus: money },
  },
} as const satisfies Words;

export const vocabulary = {
  card: {
    kind: "group",
    name: "Card",
    words: {
      name: text,
      key: text,
      link: text,
      relation: { kind: "text", among: ["customer", "vendor", "both"] },
      parties: { kind: "list", of: { kind: "group", name: "Party", words: { kind: text, ...party } } },
      /** The open ones, oldest due first, then the latest settled; at most `mostDocuments`. */
      documents: {
        kind: "list",
        of: {
          kind: "group",
          name: "Document",
          words: {
            type: text,
            number: text,
            date,
            dueDate: date,
            total: money,
            balance: money,
            currency: text,
            open: boolean,
            overdue: boolean,
          },
        },
      },
    },
  },
  customer: {
    kind: "group",
    name: "Customer",
    words: {
      ...side,
      status: { kind: "text", among: customerStatuses },
      ageBucket: { kind: "text", among: ageBuckets },
      lastInvoice: latest,
      lastPayment: latest,
    },
  },
  vendor: { kind: "group", name: "Vendor", words: { ...side, status: { kind: "text", among: vendorStatuses } } },
  profile: {
    kind: "group",
    name: "Profile",
    words: {
      currency: text,
      amountsIn: text,
      active: boolean,
      terms: text,
      changedOn: date,
      contact: {
        kind: "group",
        name: "Contact",
        words: { name: text, addresses: texts, phone: text, billingAddress: text },
      },
    },
  },
  company: { kind: "group", name: "Company", words: { realm: text, homeCurrency: text } },
  today: date,
} as const satisfies Words;
