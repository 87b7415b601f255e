import { MalformedId, type Realm } from "./ids.ts";

export const partyKinds = ["customer", "vendor"] as const;
export type PartyKind = (typeof partyKinds)[number];

/** A customer or a vendor of one company. Ids are unique per kind, not across kinds. */
export interface PartyKey {
  kind: PartyKind;
  id: string;
}

/** The text form of a party key, as marks, logs and the command line show it: `customer:12`. */
export function partyKeyText(key: PartyKey): string {
  return `${key.kind}:${key.id}`;
}

export function parsePartyKey(text: string): PartyKey {
  const found = /^(customer|vendor):(\d{1,20})$/.exec(text.trim().toLowerCase());
  if (!found)
    throw new MalformedId(`not a party: ${JSON.stringify(text.slice(0, 60))} (write customer:12 or vendor:5)`);
  return { kind: found[1] as PartyKind, id: found[2] as string };
}

/** The QuickBooks entities that we read, in QuickBooks' own spelling. */
export const partyEntities = { customer: "Customer", vendor: "Vendor" } as const satisfies Record<PartyKind, string>;
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
export const referenceEntities = ["Item", "Account", "Term", "CompanyInfo", "Preferences"] as const;
export type DocumentEntity = (typeof documentEntities)[number];
export type ReferenceEntity = (typeof referenceEntities)[number];
export type PartyEntity = (typeof partyEntities)[PartyKind];
export type Entity = PartyEntity | DocumentEntity | ReferenceEntity;
export const entities: readonly Entity[] = ["Customer", "Vendor", ...documentEntities, ...referenceEntities];

/** One QuickBooks record of one company. */
export interface RecordKey {
  entity: Entity;
  id: string;
}

/** `Invoice:96`. */
export function recordKeyText(key: RecordKey): string {
  return `${key.entity}:${key.id}`;
}

export function parseRecordKey(text: string): RecordKey {
  const found = /^([A-Za-z]+):(\d{1,20})$/.exec(text.trim());
  const entity = entities.find((name) => name.toLowerCase() === found?.[1]?.toLowerCase());
  if (!found || !entity) throw new MalformedId(`not a QuickBooks record: ${JSON.stringify(text.slice(0, 60))}`);
  return { entity, id: found[2] as string };
}

/** The key that marks an organization as ours: external_id of created ones, field `qbo_key` of all. */
export function organizationKey(realm: Realm, key: PartyKey): string {
  return `qbo:${realm}:${key.kind}:${key.id}`;
}

/** Reads one of our keys back; undefined for anybody else's external_id. */
export function parseOrganizationKey(text: string): { realm: Realm; party: PartyKey } | undefined {
  const found = /^qbo:(\d{1,20}):(customer|vendor):(\d{1,20})$/i.exec(text.trim());
  if (!found) return undefined;
  return {
    realm: found[1] as Realm,
    party: { kind: (found[2] as string).toLowerCase() as PartyKind, id: found[3] as string },
  };
}
