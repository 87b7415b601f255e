import type { BaseCase, BaseParty } from "./base-case.ts";

/** Parents with sub-customers and projects: one family, one pair. */
export const families: readonly BaseCase[] = [
  {
    class: "family",
    times: 25,
    because:
      "Parent and jobs share mail and company name, as in Intuit's own sample company: one family, one organization.",
    parties: [
      { name: "$0", company: "$0", mail: ["bill@$0"], label: 0 },
      { name: "Kitchen at $1", company: "$0", mail: ["bill@$0"], under: 0 },
      { name: "Roof at $2", company: "$0", mail: ["bill@$0"], under: 0 },
    ],
    organizations: [{ name: "$0", people: ["bill@$0", "ann@$0"] }],
  },
  {
    class: "family",
    times: 25,
    because: "Only the job has an address: it speaks for the family.",
    parties: [
      { name: "$0", label: 0 },
      { name: "Warehouse 4", mail: ["site@$0"], under: 0 },
    ],
    organizations: [{ name: "$1", people: ["site@$0"] }],
  },
  {
    class: "family",
    times: 25,
    because: "A project bears the name of somebody's organization: projects' names are no evidence.",
    parties: [
      { name: "$0", mail: ["bill@$0"], label: "none" },
      { name: "$1", under: 0 },
    ],
    organizations: [{ name: "$1", people: ["desk@$1"] }],
  },
  {
    class: "family",
    times: 20,
    because: "A contractor's job is billed to another client: the address is both's, so the names decide.",
    parties: [
      { name: "$0", label: 0 },
      { name: "Hall for $1", mail: ["books@$1"], under: 0 },
      { name: "$1", mail: ["books@$1"], label: 1 },
    ],
    organizations: [{ name: "$0" }, { name: "$1", people: ["books@$1"] }],
  },
  {
    class: "family",
    times: 25,
    because: "A job of a job is of the family as well.",
    parties: [
      { name: "$0", company: "$0", label: 0 },
      { name: "Tower", under: 0 },
      { name: "Tower, floor 3", mail: ["floor3@$0"], under: 1 },
    ],
    organizations: [{ name: "$2", people: ["floor3@$0"] }],
  },
];

/** One client kept as two customers, or as customer and vendor. Two of our own parties are never joined without a person. */
export const currencyTwins: readonly BaseCase[] = [
  {
    class: "currency-twin",
    times: 20,
    because:
      "The address is both's and says nothing; the one that bears the name gets the organization, the other one is a suggestion.",
    parties: [
      { name: "$0", mail: ["bill@$0"], currency: "USD", label: 0 },
      { name: "$0 (EUR)", mail: ["bill@$0"], currency: "EUR", label: "none", near: 0 },
    ],
    organizations: [{ name: "$0", people: ["bill@$0"] }],
  },
  {
    class: "currency-twin",
    times: 20,
    because: "The organization is the first one's by mail; an equal company name does not share it.",
    parties: [
      { name: "$0", mail: ["bill@$0"], currency: "USD", label: 0 },
      { name: "$0 USD", company: "$0", currency: "EUR", label: "none", near: 0 },
    ],
    organizations: [{ name: "$0", people: ["bill@$0"] }],
  },
  {
    class: "currency-twin",
    times: 8,
    because: "Both bear the organization's name: which of them, or both, is a person's to say.",
    parties: [
      { name: "$0 - CAD", company: "$0", currency: "CAD", label: "review" },
      { name: "$0 - GBP", company: "$0", currency: "GBP", label: "review" },
    ],
    organizations: [{ name: "$0" }],
  },
  {
    class: "currency-twin",
    times: 8,
    because: "Two customers with an address each, both of one organization's users.",
    parties: [
      { name: "$0", mail: ["us@$0"], currency: "USD", label: "review" },
      { name: "$0 EUR", mail: ["eu@$0"], currency: "EUR", label: "review" },
    ],
    organizations: [{ name: "$0", people: ["us@$0", "eu@$0"] }],
  },
  {
    class: "currency-twin",
    times: 8,
    because: "A customer that is also a vendor: joined by a person only.",
    parties: [
      { name: "$0", label: "review" },
      { name: "$0.", company: "$0", kind: "vendor", label: "review" },
    ],
    organizations: [{ name: "$0" }],
  },
];

/** Bookkeepers, property managers: an address that unrelated parties share neither links nor parks. */
export const sharedMailboxes: readonly BaseCase[] = [
  {
    class: "shared-mailbox",
    times: 20,
    because: "Two clients of one bookkeeper: neither is the bookkeeper's organization.",
    parties: [
      { name: "$0", mail: ["books@$2"], label: 1 },
      { name: "$1", mail: ["books@$2"], label: "none" },
    ],
    organizations: [{ name: "$2 Bookkeeping", people: ["books@$2"] }, { name: "$0" }],
  },
  {
    class: "shared-mailbox",
    times: 15,
    because: "Three shops of one owner, each with an organization of its own.",
    parties: [
      { name: "$0", mail: ["$0@gmail.com"], label: 0 },
      { name: "$1", mail: ["$0@gmail.com"], label: 1 },
      { name: "$2", mail: ["$0@gmail.com"], label: 2 },
    ],
    organizations: [{ name: "$0", people: ["$0@gmail.com"] }, { name: "$1" }, { name: "$2" }],
  },
  {
    class: "shared-mailbox",
    times: 15,
    because: "The other one with the address is long inactive: it still is not ours alone.",
    parties: [
      { name: "$0", mail: ["desk@$1"], label: 1 },
      { name: "$1", mail: ["desk@$1"], dead: true },
    ],
    organizations: [{ name: "$1", people: ["desk@$1"] }, { name: "$0" }],
  },
  {
    class: "shared-mailbox",
    times: 15,
    because: "An address of its own beside the shared one decides.",
    parties: [
      { name: "$0", mail: ["books@$2", "bill@$0"], label: 0 },
      { name: "$1", mail: ["books@$2"], label: "none" },
    ],
    organizations: [
      { name: "$3", people: ["bill@$0"] },
      { name: "$2 Accounting", people: ["books@$2"] },
    ],
  },
  {
    class: "shared-mailbox",
    times: 10,
    because: "A customer and a vendor of one agency, and only the agency is there.",
    parties: [
      { name: "$0", mail: ["office@$2"], label: "none" },
      { name: "$1", kind: "vendor", mail: ["office@$2"], label: "none" },
    ],
    organizations: [{ name: "$2", people: ["office@$2"] }],
  },
];

/** Organizations that hold many clients. */
export const containers: readonly BaseCase[] = [
  { name: "VIP clients $0", crowd: 60, times: 1 },
  { name: "Region $0", crowd: 6, times: 6 },
  { name: "Gold $0", crowd: 4, times: 5 },
].map(({ name, crowd, times }) => ({
  class: "container",
  times,
  because: "More than three unrelated parties claim it: it holds several clients. One question for all of them.",
  parties: Array.from(
    { length: crowd },
    (_, place): BaseParty => ({
      name: `$${place + 1}`,
      mail: [`bill@$${place + 1}`],
      label: "review",
      oneQuestion: true,
    }),
  ),
  organizations: [{ name, people: Array.from({ length: crowd }, (_, place) => `bill@$${place + 1}`) }],
}));

/** Addresses of our own people say nothing about a client. */
export const agentEmails: readonly BaseCase[] = [
  {
    class: "agent-email",
    times: 25,
    because: "The address in QuickBooks is our own agent's: the name decides.",
    parties: [{ name: "$0", mail: ["agent.$0@$1"], label: 1 }],
    organizations: [{ name: "$1", agents: ["agent.$0@$1"] }, { name: "$0" }],
  },
  {
    class: "agent-email",
    times: 25,
    because: "The user sits in an organization of agents: that is us, not a client.",
    parties: [{ name: "$0", mail: ["bill@$0"], label: "none" }],
    organizations: [{ name: "$1", people: ["bill@$0", "temp@$1"], agents: ["lead@$1"] }],
  },
  {
    class: "agent-email",
    times: 25,
    because: "Only an agent has the address.",
    parties: [{ name: "$0", mail: ["desk.$0@$1"], label: "none" }],
    organizations: [{ name: "$1", agents: ["desk.$0@$1"], people: ["guest@$1"] }],
  },
  {
    class: "agent-email",
    times: 20,
    because: "One address is an agent's, the other one a client's.",
    parties: [{ name: "$0", mail: ["sales.$0@$1", "bill@$0"], label: 1 }],
    organizations: [
      { name: "$1", agents: ["sales.$0@$1"] },
      { name: "$2", people: ["bill@$0"] },
    ],
  },
  {
    class: "agent-email",
    times: 20,
    because: "An agent was put into the client's organization: its users are no evidence, its name still is.",
    parties: [{ name: "$0", mail: ["bill@$0"], label: 0 }],
    organizations: [{ name: "$0", people: ["bill@$0"], agents: ["stray.$0@$1"] }],
  },
];
