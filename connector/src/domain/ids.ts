// Branded ids. Only the parsers below make them, at the edge, from strings and numbers that come from outside.
declare const brand: unique symbol;
export type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };

/** QuickBooks' id of one company file, digits. */
export type Realm = Branded<string, "Realm">;
/** The first label of `{subdomain}.zendesk.com`. */
export type Subdomain = Branded<string, "Subdomain">;
/** Our own number of one company-account pair. */
export type ConnectionId = Branded<number, "ConnectionId">;
/** Zendesk ids are integers above 2^31 and below 2^53 (14 digits in recordings). */
export type OrganizationId = Branded<number, "OrganizationId">;
export type UserId = Branded<number, "UserId">;
/** `YYYY-MM-DD`, a day in the company's zone. Compares as text. */
export type LocalDate = Branded<string, "LocalDate">;

export class MalformedId extends Error {
  override name = "MalformedId";
}

export function parseRealm(text: string): Realm {
  if (!/^\d{1,20}$/.test(text))
    throw new MalformedId(`not a QuickBooks company id: ${JSON.stringify(text.slice(0, 40))}`);
  return text as Realm;
}

/** Zendesk's own form of subdomains; anything else never becomes part of a host name. */
export function parseSubdomain(text: string): Subdomain {
  const name = text.trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
    throw new MalformedId(`not a Zendesk subdomain: ${JSON.stringify(text.slice(0, 70))}`);
  return name as Subdomain;
}

export function parseConnectionId(value: number | string): ConnectionId {
  return positiveInteger(value, "a connection number") as ConnectionId;
}

export function parseOrganizationId(value: number | string): OrganizationId {
  return positiveInteger(value, "a Zendesk organization id") as OrganizationId;
}

export function parseUserId(value: number | string): UserId {
  return positiveInteger(value, "a Zendesk user id") as UserId;
}

export function parseLocalDate(text: string): LocalDate {
  if (!/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text))
    throw new MalformedId(`not a date: ${JSON.stringify(text.slice(0, 40))}`);
  return text as LocalDate;
}

function positiveInteger(value: number | string, what: string): number {
  const number = typeof value === "number" ? value : /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number) || number <= 0) throw new MalformedId(`not ${what}: ${JSON.stringify(value)}`);
  return number;
}
