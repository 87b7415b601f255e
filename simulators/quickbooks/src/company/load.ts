import { isRecord, type JsonRecord, textAt } from "../json.ts";
import { type Company, createCompany, storeRecord, tableOf } from "./company.ts";
import { common, defaultCompanyInfo, defaultPreferences, defaultTerms } from "./defaults.ts";
import { type Entity, entityNamed } from "./entities.ts";
import { recordOf } from "./row.ts";

/** A company file that cannot be loaded; the message says what is wrong and where. */
export class CompanyFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CompanyFileError";
  }
}

/**
 * Loads a company file `{"Customer":[...],"Invoice":[...],...}` with entities as a query returns them.
 * Stored balances and times are kept; what a file lacks (CompanyInfo, Preferences, Terms) is supplied.
 * Keys that start with `_` are left for the dump's own additions and ignored here.
 */
export function loadCompany(realm: string, file: unknown, nowMs: number): Company {
  if (!isRecord(file)) throw new CompanyFileError("a company is a JSON object of entity lists");
  const company = createCompany(realm);
  for (const [key, value] of Object.entries(file)) {
    if (key.startsWith("_")) continue;
    const entity = entityNamed(key);
    if (entity === undefined) throw new CompanyFileError(`"${key}" is no entity that this simulator holds`);
    const records = entity.kind === "single" && isRecord(value) ? [value] : value;
    if (!Array.isArray(records)) throw new CompanyFileError(`"${key}" must be a list`);
    records.forEach((record, place) => loadRecord(company, entity, record, `${key}[${place}]`, nowMs));
  }
  loadTombstones(company, file["_tombstones"]);
  supplyDefaults(company, nowMs);
  return company;
}

function loadRecord(company: Company, entity: Entity, value: unknown, place: string, nowMs: number): void {
  if (!isRecord(value)) throw new CompanyFileError(`${place} is not an object`);
  const id = textAt(value, "Id") ?? (entity.kind === "single" ? "1" : undefined);
  if (id === undefined || id === "") throw new CompanyFileError(`${place} has no Id`);
  if (tableOf(company, entity.name).get(id) !== undefined) {
    throw new CompanyFileError(`${place} has the Id ${id} of another ${entity.name}`);
  }
  storeRecord(company, entity.name, id, completed(value, id, nowMs));
}

function completed(record: JsonRecord, id: string, nowMs: number): JsonRecord {
  const missing = Object.entries(common(id, nowMs)).filter(([key]) => record[key] === undefined);
  return missing.length === 0 ? record : { ...record, ...Object.fromEntries(missing) };
}

function loadTombstones(company: Company, value: unknown): void {
  if (!isRecord(value)) return;
  for (const [key, list] of Object.entries(value)) {
    const entity = entityNamed(key);
    if (entity === undefined || !Array.isArray(list)) continue;
    const stones = list.filter(isRecord).map((stone) => ({
      id: textAt(stone, "Id") ?? "",
      atMs: Date.parse(textAt(stone, "LastUpdatedTime") ?? ""),
    }));
    company.tombstones.set(
      entity.name,
      stones.filter((stone) => stone.id !== "" && !Number.isNaN(stone.atMs)),
    );
  }
}

function supplyDefaults(company: Company, nowMs: number): void {
  const info = tableOf(company, "CompanyInfo").get("1");
  if (info === undefined) storeRecord(company, "CompanyInfo", "1", defaultCompanyInfo(nowMs));
  if (tableOf(company, "Preferences").get("1") === undefined) {
    storeRecord(company, "Preferences", "1", defaultPreferences(nowMs));
  }
  if (tableOf(company, "Term").size === 0) {
    for (const term of defaultTerms(nowMs)) storeRecord(company, "Term", textAt(term, "Id") ?? "", term);
  }
}

/** The company in the form of its file, with tombstones under `_tombstones`. */
export function dumpCompany(company: Company): JsonRecord {
  const dump: JsonRecord = {};
  for (const [name, table] of company.tables) {
    if (table.size > 0) dump[name] = [...table.all()].map(recordOf);
  }
  const stones = [...company.tombstones].filter(([, list]) => list.length > 0);
  dump["_tombstones"] = Object.fromEntries(
    stones.map(([name, list]) => [
      name,
      list.map(({ id, atMs }) => ({ Id: id, LastUpdatedTime: new Date(atMs).toISOString() })),
    ]),
  );
  return dump;
}
