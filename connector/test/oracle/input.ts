import { Decimal } from "decimal.js";
import { isJson, type Json, listAt, textAt } from "./json.ts";

/** Where the operator wants a block: nowhere, where the notes hold nothing else, or beside people's text, too. */
export type NotePlace = "none" | "alone" | "with-text";

export type PartyKind = "customer" | "vendor";

/** What the connector says of one party. Only links, answers, settings and today are taken from it. */
export interface Disposed {
  key: string;
  disposition: string;
  organizationId: number | undefined;
  origin: string | undefined;
  into: string | undefined;
  reason: string | undefined;
  candidates: number[];
}

export interface Settings {
  scope: "default" | "all";
  families: "roll-up" | "separate" | "without-projects";
  tolerance: Decimal;
  graceDays: number;
  members: boolean;
  records: "off" | "objects";
  recordDays: number;
  contacts: boolean;
}

export interface Input {
  company: Json;
  account: Json;
  accountBefore: Json;
  realm: string;
  appUrl: string;
  /** `YYYY-MM-DD`, in the company's zone. */
  today: string;
  zone: string;
  settings: Settings;
  /** What the mapping in force says of the note block. */
  notes: NotePlace;
  parties: Disposed[];
  answers: Json[];
}

/** The document that is compared lacks something: says what. */
export class InputError extends Error {
  override name = "InputError";
}

/** Reads `{ company, account, accountBefore, connector }`; dumps as the simulators give them. */
export function readInput(document: unknown): Input {
  if (!isJson(document)) throw new InputError("the input is not a JSON object");
  const connector = objectAt(document, "connector");
  const settings = objectAt(connector, "settings");
  const realm = required(connector, "realm");
  return {
    company: companyIn(objectAt(document, "company"), realm),
    account: accountIn(objectAt(document, "account")),
    accountBefore: accountIn(objectAt(document, "accountBefore")),
    realm,
    appUrl: required(connector, "appUrl"),
    today: required(connector, "today"),
    zone: required(connector, "zone"),
    settings: {
      scope: oneOf(settings, "scope", ["default", "all"]),
      families: oneOf(settings, "families", ["roll-up", "separate", "without-projects"]),
      tolerance: new Decimal(required(settings, "tolerance")),
      graceDays: Number(required(settings, "graceDays")),
      members: settings["members"] === true,
      records: settings["records"] === "objects" ? "objects" : "off",
      contacts: settings["contacts"] === true,
      recordDays: Number(textAt(settings, "recordDays") ?? 90),
    },
    notes: "notes" in connector ? oneOf(connector, "notes", ["none", "alone", "with-text"]) : "none",
    parties: listAt(connector, "parties").map(disposedOf),
    answers: listAt(connector, "answers"),
  };
}

function disposedOf(entry: Json): Disposed {
  const organizationId = textAt(entry, "organizationId");
  const candidates = Array.isArray(entry["candidates"]) ? entry["candidates"].map(Number) : [];
  return {
    key: required(entry, "key"),
    disposition: required(entry, "disposition"),
    organizationId: organizationId === undefined ? undefined : Number(organizationId),
    origin: textAt(entry, "origin"),
    into: textAt(entry, "into"),
    reason: textAt(entry, "reason"),
    candidates,
  };
}

/** The QuickBooks simulator dumps by realm; a company file stands alone. */
function companyIn(dump: Json, realm: string): Json {
  const companies = dump["companies"];
  if (isJson(companies)) return objectAt(companies, realm);
  return isJson(dump["company"]) ? dump["company"] : dump;
}

function accountIn(dump: Json): Json {
  return isJson(dump["account"]) ? dump["account"] : dump;
}

function objectAt(record: Json, key: string): Json {
  const value = record[key];
  if (!isJson(value)) throw new InputError(`"${key}" is missing`);
  return value;
}

function required(record: Json, key: string): string {
  const value = textAt(record, key);
  if (value === undefined) throw new InputError(`"${key}" is missing`);
  return value;
}

function oneOf<Choice extends string>(record: Json, key: string, choices: readonly Choice[]): Choice {
  const value = choices.find((choice) => choice === record[key]);
  if (value === undefined) throw new InputError(`"${key}" must be one of ${choices.join(", ")}`);
  return value;
}
