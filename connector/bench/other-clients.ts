// Other people's clients, as their README shows them: node-quickbooks and node-zendesk.
import { createRequire } from "node:module";
import { quickbooksAccess, quickbooksRealm, zendeskAccess } from "./access.ts";
import type { BothSimulators } from "./stage/index.ts";

type Callback = (fault: unknown, answer: { QueryResponse?: Record<string, unknown[]> }) => void;
type Criteria = { field: string; value: string | number; operator?: string }[] | { limit: number; offset: number };
type Find = (criteria: Criteria, callback: Callback) => void;

interface QuickbooksClient {
  findCustomers: Find;
  findVendors: Find;
  findInvoices: Find;
  findBills: Find;
}

interface QuickbooksClass {
  new (...settings: unknown[]): QuickbooksClient;
  V3_ENDPOINT_BASE_URL: string;
}

interface ZendeskModule {
  createClient(options: { endpointUri: string; oauth: true; username: string; token: string }): {
    organizations: { createOrUpdate(body: object): Promise<unknown> };
    organizationfields: { create(body: object): Promise<unknown> };
  };
}

// Both are CommonJS, and the types of neither say what it takes.
const load = createRequire(import.meta.url);
const QuickBooks = load("node-quickbooks") as QuickbooksClass;
const { createClient } = load("node-zendesk") as ZendeskModule;
const minorVersion = 75;

export interface NamedParty {
  Id: string;
  DisplayName: string;
}

export interface OtherClients {
  findCustomers(offset: number, limit: number): Promise<NamedParty[]>;
  findVendors(offset: number, limit: number): Promise<NamedParty[]>;
  openInvoices(customerId: string): Promise<{ Balance: number }[]>;
  openBills(vendorId: string): Promise<{ Balance: number }[]>;
  upsert(organization: object): Promise<unknown>;
}

/** Connected, and with the two organization fields that the script fills. */
export async function clientsOfOthers({ quickbooks, zendesk }: BothSimulators): Promise<OtherClients> {
  QuickBooks.V3_ENDPOINT_BASE_URL = `${quickbooks.url}/v3/company/`;
  const token = await quickbooksAccess(quickbooks.url);
  const books = new QuickBooks(
    "simulator-client",
    "simulator-secret",
    token,
    false,
    quickbooksRealm,
    false,
    false,
    minorVersion,
    "2.0",
  );
  const desk = createClient({
    endpointUri: `${zendesk.url}/api/v2`,
    oauth: true,
    username: "owner@simulator.example",
    token: await zendeskAccess(zendesk.url),
  });
  for (const [key, type] of [
    ["open_count", "integer"],
    ["open_amount", "decimal"],
  ])
    await desk.organizationfields.create({ organization_field: { key, type, title: key } });
  const find =
    <Row>(method: keyof QuickbooksClient, entity: string) =>
    (criteria: Criteria): Promise<Row[]> =>
      new Promise((resolve, reject) => {
        books[method](criteria, (fault, answer) => {
          if (fault) reject(fault instanceof Error ? fault : new Error(JSON.stringify(fault)));
          else resolve((answer.QueryResponse?.[entity] ?? []) as Row[]); // the vendor's own rows
        });
      });
  const customers = find<NamedParty>("findCustomers", "Customer");
  const vendors = find<NamedParty>("findVendors", "Vendor");
  const invoices = find<{ Balance: number }>("findInvoices", "Invoice");
  const bills = find<{ Balance: number }>("findBills", "Bill");
  const openOf = (reference: string, id: string): Criteria => [
    { field: reference, value: id, operator: "=" },
    { field: "Balance", value: "0", operator: ">" },
  ];
  return {
    findCustomers: (offset, limit) => customers({ offset, limit }),
    findVendors: (offset, limit) => vendors({ offset, limit }),
    openInvoices: (id) => invoices(openOf("CustomerRef", id)),
    openBills: (id) => bills(openOf("VendorRef", id)),
    upsert: (organization) => desk.organizations.createOrUpdate({ organization }),
  };
}
