import { createHash } from "node:crypto";
import { Decimal } from "decimal.js";
import {
  type DocumentEntity,
  type JsonObject,
  parseLocalDate,
  parsePartyKey,
  parseRecordKey,
  type RecordCopy,
  type ReferenceEntity,
} from "../../src/domain/index.ts";

interface Times {
  createdAt?: string;
  updatedAt?: string;
  syncToken?: number;
}

const firstDay = "2026-01-01T08:00:00-08:00";

function common(id: string, content: object, times: Times) {
  return {
    id,
    createdAt: times.createdAt ?? firstDay,
    updatedAt: times.updatedAt ?? firstDay,
    syncToken: times.syncToken ?? 0,
    contentHash: createHash("sha256").update(JSON.stringify(content)).digest(),
  };
}

/** A customer or vendor as QuickBooks would have answered it: `party("customer:12", { displayName: "Amy" })`. */
export function party(
  key: string,
  more: {
    displayName?: string;
    companyName?: string;
    parentId?: string;
    addresses?: string[];
    active?: boolean;
    balance?: string;
    termsId?: string;
  } & Times = {},
): RecordCopy {
  const { kind, id } = parsePartyKey(key);
  const displayName = more.displayName ?? `Name of ${key}`;
  const content = { ...more, createdAt: undefined, updatedAt: undefined, syncToken: undefined, key };
  const times = common(id, content, more);
  return {
    ...times,
    kind: "party",
    entity: kind === "customer" ? "Customer" : "Vendor",
    party: {
      kind,
      id,
      displayName,
      companyName: more.companyName,
      givenName: undefined,
      familyName: undefined,
      fullyQualifiedName: displayName,
      active: more.active ?? true,
      parentId: more.parentId,
      topId: more.parentId ?? id,
      isProject: false,
      currency: "USD",
      balance: new Decimal(more.balance ?? 0),
      addresses: more.addresses ?? [],
      phone: undefined,
      billingAddress: undefined,
      termsId: more.termsId,
      createdAt: times.createdAt,
      updatedAt: times.updatedAt,
    },
    record: { Id: id, DisplayName: displayName },
  };
}

/** `document("Invoice:90", "customer:12", { balance: "10" })`. */
export function document(
  key: string,
  of: string,
  more: { date?: string; balance?: string; linked?: string[]; voided?: boolean; termsId?: string } & Times = {},
): RecordCopy {
  const { entity, id } = parseRecordKey(key);
  const content = { ...more, createdAt: undefined, updatedAt: undefined, syncToken: undefined, key, of };
  const times = common(id, content, more);
  return {
    ...times,
    kind: "document",
    entity: entity as DocumentEntity,
    document: {
      entity: entity as DocumentEntity,
      id,
      party: parsePartyKey(of),
      number: `No ${id}`,
      date: parseLocalDate(more.date ?? "2026-01-15"),
      dueDate: undefined,
      termsId: more.termsId,
      total: new Decimal("100.50"),
      balance: new Decimal(more.balance ?? 0),
      unapplied: new Decimal(0),
      currency: "USD",
      exchangeRate: undefined,
      homeBalance: undefined,
      voided: more.voided ?? false,
      billAddresses: ["a@example.com"],
      linked: (more.linked ?? []).map(parseRecordKey),
      updatedAt: times.updatedAt,
    },
  };
}

export function reference(key: string, record: JsonObject, more: Times & { name?: string } = {}): RecordCopy {
  const { entity, id } = parseRecordKey(key);
  return {
    ...common(id, record, more),
    kind: "reference",
    entity: entity as ReferenceEntity,
    name: more.name,
    record,
  };
}
