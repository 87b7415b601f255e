// Parties and documents for the tests of the rules: a plain one each, and what a test says of it. Only tests import this.
import { Decimal } from "decimal.js";
import {
  type Document,
  type DocumentEntity,
  type LocalDate,
  type Party,
  type PartyKind,
  parseLocalDate,
} from "../domain/index.ts";

export const sampleToday = parseLocalDate("2026-11-22");

/** Decimals as numbers or texts, for brevity. */
type Plain<Of> = {
  [Key in keyof Of]?: Of[Key] extends Decimal
    ? number | string
    : Of[Key] extends Decimal | undefined
      ? number | string | undefined
      : Of[Key] extends LocalDate
        ? string
        : Of[Key] extends LocalDate | undefined
          ? string | undefined
          : Of[Key];
};

export function sampleParty(kind: PartyKind, id: string, said: Plain<Omit<Party, "kind" | "id">> = {}): Party {
  return {
    kind,
    id,
    displayName: `${kind} ${id}`,
    companyName: undefined,
    givenName: undefined,
    familyName: undefined,
    fullyQualifiedName: `${kind} ${id}`,
    active: true,
    parentId: undefined,
    topId: id,
    isProject: false,
    currency: "USD",
    addresses: [],
    phone: undefined,
    billingAddress: undefined,
    termsId: undefined,
    createdAt: "2020-01-01T08:00:00-08:00",
    updatedAt: "2020-01-01T08:00:00-08:00",
    ...said,
    balance: new Decimal(said.balance ?? 0),
  };
}

export function sampleDocument(
  entity: DocumentEntity,
  id: string,
  party: Party,
  said: Plain<Omit<Document, "entity" | "id" | "party">> = {},
): Document {
  return {
    entity,
    id,
    party: { kind: party.kind, id: party.id },
    number: `N${id}`,
    termsId: undefined,
    currency: party.currency,
    voided: false,
    billAddresses: [],
    linked: [],
    updatedAt: "2020-01-01T08:00:00-08:00",
    ...said,
    date: parseLocalDate(said.date ?? "2026-10-01"),
    dueDate: said.dueDate === undefined ? undefined : parseLocalDate(said.dueDate),
    total: new Decimal(said.total ?? said.balance ?? said.unapplied ?? 0),
    balance: new Decimal(said.balance ?? 0),
    unapplied: new Decimal(said.unapplied ?? 0),
    exchangeRate: said.exchangeRate === undefined ? undefined : new Decimal(said.exchangeRate),
    homeBalance: said.homeBalance === undefined ? undefined : new Decimal(said.homeBalance),
  };
}
