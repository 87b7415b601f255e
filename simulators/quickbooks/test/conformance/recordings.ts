import { isRecord, type Json, type JsonRecord } from "../../src/json.ts";
import { fixtureFiles, fixtureJson, fixtureText } from "./fixtures.ts";
import { objectsNamed, readXml } from "./xml.ts";

export interface Recordings {
  /** Every recorded object of an entity; deletions and samples without their MetaData left out. */
  of(entity: string): { json: JsonRecord[]; xml: JsonRecord[] };
}

/** Reads all files once. */
export function readRecordings(): Recordings {
  const isWhole = (record: JsonRecord) =>
    isRecord(record["MetaData"]) && record["MetaData"]["CreateTime"] !== undefined;
  const documents = fixtureFiles("qbo-fixtures-quickbooks-ruby")
    .filter((file) => file.endsWith(".xml") && !file.includes("request"))
    .map((file) => readWhole(fixtureText(`qbo-fixtures-quickbooks-ruby/${file}`)));
  return {
    of(entity) {
      const lists = jsonLists.get(entity) ?? [];
      const json = [...lists.flatMap((read) => read()), ...exchanges(entity)].filter(isWhole);
      const xml = documents.flatMap((document) => objectsNamed(document, entity)).filter(isWhole);
      return { json, xml };
    },
  };
}

/** Eleven of the XML files were edited by hand and do not close what they open: they are no recordings. */
function readWhole(text: string): JsonRecord {
  try {
    return readXml(text);
  } catch {
    return {};
  }
}

function exchanges(entity: string): JsonRecord[] {
  return fixtureFiles("qbo-exquickbooks").flatMap((file) =>
    objectsNamed(fixtureJson(`qbo-exquickbooks/${file}`), entity),
  );
}

const api = "qbo-fyle-api/test_quickbooks_online__data.json";
const sdk = "qbo-fyle-sdk/mock_qbo.json";
const company = "recorded-company/company.json";

function at(file: string, ...keys: string[]): () => JsonRecord[] {
  return () => keys.flatMap((key) => listOf(fixtureJson(file)[key] ?? []));
}

function listOf(value: Json): JsonRecord[] {
  return (Array.isArray(value) ? value : [value]).filter(isRecord);
}

const jsonLists = new Map<string, (() => JsonRecord[])[]>([
  ["Customer", [at(company, "Customer")]],
  ["Vendor", [at(company, "Vendor"), at(api, "vendor_response")]],
  ["Employee", [at(api, "employee_response"), at(sdk, "employees")]],
  ["Account", [at(sdk, "accounts"), at(company, "Account")]],
  ["Item", [at(company, "Item"), at(api, "items_response")]],
  ["Bill", [at(api, "bill_response")]],
  ["BillPayment", [at(api, "bill_payment_response")]],
  ["Purchase", [at(sdk, "purchases")]],
  ["CompanyInfo", [at(api, "company_info")]],
  ["Preferences", [at(sdk, "preferences")]],
]);
