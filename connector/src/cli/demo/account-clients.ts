import type { CompanyFile, Customer, Vendor } from "./company-file.ts";

/** A party of the company as somebody in support knows it: a name and addresses. */
export interface Client {
  /** `customer:12`. */
  key: string;
  name: string;
  company: string | undefined;
  /** Of the top customer or vendor, lower case. */
  addresses: string[];
  /** Of its sub-customers only. */
  memberAddresses: string[];
  /** `tarnstead-bakery.example`, where the first address is of a domain of its own. */
  domain: string | undefined;
}

export interface ClientList {
  /** Active ones that trade, with names and addresses that nobody else has: what can be told apart without doubt. */
  plain: Client[];
  /** Two customers of one client, by currency, with an address each. */
  twins: [Client, Client][];
  /** A customer and a vendor of one company name. */
  alsoVendor: [Client, Client][];
  /** Customers whose names are equal without accents. */
  accentTwins: [Client, Client][];
}

const addressForm = /^[^\s@,;]+@[^\s@,;]+\.[a-z]+$/;

function addressesOf(record: Customer | Vendor): string[] {
  const parts = (record.PrimaryEmailAddr?.Address ?? "").split(/[,;]/).map((part) => part.trim().toLowerCase());
  return parts.filter((part) => addressForm.test(part));
}

/** Legal forms, case, accents, blanks and punctuation gone: enough to keep accidental twins out of the plain list. */
function plainName(name: string): string {
  const letters = name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return letters.replaceAll(/\(deleted\)|\b(inc|llc|ltd|gmbh|supplies)\b/g, "").replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

export function clientsOf(company: CompanyFile): ClientList {
  const records = [
    ...company.Customer.filter((one) => one.ParentRef === undefined).map((record) => ({ kind: "customer", record })),
    ...company.Vendor.map((record) => ({ kind: "vendor", record })),
  ];
  const members = membersByTop(company);
  const all = records.map(({ kind, record }) => {
    const client = clientOf(`${kind}:${record.Id}`, record, members.get(`${kind}:${record.Id}`) ?? []);
    return { client, active: record.Active };
  });
  const clients = all.map(({ client }) => client);
  const named = countEach(clients.flatMap(namesOf));
  const addressed = countEach(clients.flatMap((client) => [...client.addresses, ...client.memberAddresses]));
  const alone = (client: Client) =>
    namesOf(client).every((name) => named.get(name) === 1) &&
    [...client.addresses, ...client.memberAddresses].every((address) => addressed.get(address) === 1);
  const trading = tradingParties(company);
  const pairs = (test: (one: Client, other: Client) => boolean): [Client, Client][] =>
    clients.flatMap((client, index) => {
      const partner = clients.slice(index + 1).find((other) => test(client, other));
      return partner ? [[client, partner] as [Client, Client]] : [];
    });
  const isCustomer = (client: Client) => client.key.startsWith("customer:");
  return {
    plain: all
      .filter(({ client, active }) => active && trading.has(client.key) && alone(client))
      .map(({ client }) => client),
    twins: pairs(
      (one, other) =>
        isCustomer(other) && one.company === other.company && other.name.startsWith(`${one.company ?? ""} (`),
    ),
    alsoVendor: pairs(
      (one, other) => isCustomer(one) && !isCustomer(other) && other.name === `${one.company} Supplies`,
    ),
    accentTwins: pairs((one, other) => one.name.startsWith("Café ") && plainName(one.name) === plainName(other.name)),
  };
}

function namesOf(client: Client): string[] {
  return [...new Set([plainName(client.name), plainName(client.company ?? client.name)])];
}

function clientOf(key: string, record: Customer | Vendor, members: Customer[]): Client {
  const addresses = addressesOf(record);
  const memberAddresses = [...new Set(members.flatMap(addressesOf))].filter((address) => !addresses.includes(address));
  const domain = addresses[0]?.split("@")[1];
  return {
    key,
    name: record.DisplayName,
    company: record.CompanyName,
    addresses,
    memberAddresses,
    domain: domain?.endsWith(".example") ? domain : undefined,
  };
}

function membersByTop(company: CompanyFile): Map<string, Customer[]> {
  const byId = new Map(company.Customer.map((one) => [one.Id, one]));
  const members = new Map<string, Customer[]>();
  for (const customer of company.Customer) {
    let top = customer;
    for (let above = byId.get(top.ParentRef?.value ?? ""); above; above = byId.get(above.ParentRef?.value ?? ""))
      top = above;
    if (top !== customer) members.set(`customer:${top.Id}`, [...(members.get(`customer:${top.Id}`) ?? []), customer]);
  }
  return members;
}

/** Parties with an invoice or a bill of the last year and a half: whoever is a client today still is one next month. */
function tradingParties(company: CompanyFile): Set<string> {
  const newest = company.Invoice.at(-1)?.TxnDate ?? "";
  const isRecent = (one: { TxnDate: string }) => Date.parse(newest) - Date.parse(one.TxnDate) < 540 * 86_400_000;
  return new Set([
    ...company.Invoice.filter(isRecent).map((one) => `customer:${one.CustomerRef.value}`),
    ...company.Bill.filter(isRecent).map((one) => `vendor:${one.VendorRef.value}`),
  ]);
}

function countEach(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
