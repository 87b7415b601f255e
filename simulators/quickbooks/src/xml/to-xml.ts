import { isRecord, type Json, type JsonRecord } from "../json.ts";
import { inElementOrder } from "./element-order.ts";

const namespace = "http://schema.intuit.com/finance/v3";
/** Which keys are attributes of which elements; elsewhere the same names (a term's `Type`) are elements. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  QueryResponse: ["startPosition", "maxResults", "totalCount"],
  BatchItemResponse: ["bId"],
  Fault: ["type"],
  Error: ["code", "element"],
  Row: ["type", "group"],
  ColData: ["value", "id"],
};
const entityAttributes = ["domain", "sparse", "status"];

/** The XML twin of a JSON answer: `{"Customer":{...},"time":"..."}` -> `<IntuitResponse time="..."><Customer ...>`. */
export function toXml(envelope: JsonRecord, root = "IntuitResponse"): string {
  const { time, ...rest } = envelope;
  const body = Object.entries(rest)
    .map(([key, value]) => element(key, value))
    .join("");
  const stamp = typeof time === "string" ? ` time="${escaped(time)}"` : "";
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><${root} xmlns="${namespace}"${stamp}>${body}</${root}>`;
}

function element(name: string, value: Json): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join("");
  if (!isRecord(value)) return `<${name}>${escaped(textOf(name, value))}</${name}>`;
  const own = attributes[name] ?? ("Id" in value ? entityAttributes : []);
  if (own.length === 0 && isReference(value)) return reference(name, value);
  const keys = Object.keys(value);
  const isAttribute = (key: string) => own.includes(key);
  const written = keys.filter(isAttribute).map((key) => ` ${key}="${escaped(scalarText(value[key]))}"`);
  const inner = inElementOrder(
    name,
    keys.filter((key) => !isAttribute(key)),
  )
    .map((key) => (key === "any" ? anything(value[key] ?? null) : element(key, value[key] ?? null)))
    .join("");
  const start = `${name}${written.join("")}`;
  return inner === "" ? `<${start}/>` : `<${start}>${inner}</${name}>`;
}

/** `{"value":"24","name":"..."}` is an element with its text and a name attribute; `{"value":".."}` a memo. */
function isReference(value: JsonRecord): boolean {
  return "value" in value && Object.keys(value).every((key) => key === "value" || key === "name" || key === "type");
}

function reference(element: string, { value, name, type }: JsonRecord): string {
  const kind = typeof type === "string" ? ` type="${escaped(type)}"` : "";
  const title = typeof name === "string" ? ` name="${escaped(name)}"` : "";
  return `<${element}${title}${kind}>${escaped(scalarText(value))}</${element}>`;
}

function scalarText(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** What JAXB writes into JSON as `any: [{name, value: {Name, Value}}]` was a NameValue element (fylein/qbo-sdk-py recordings). */
function anything(value: Json): string {
  const list = Array.isArray(value) ? value : [];
  return list
    .filter(isRecord)
    .map((one) => element("NameValue", one["value"] ?? null))
    .join("");
}

const money = new Set([
  "Amount",
  "TotalAmt",
  "Balance",
  "UnappliedAmt",
  "RemainingCredit",
  "HomeBalance",
  "HomeTotalAmt",
]);

/** Recorded forms: `<TotalAmt>50.00</TotalAmt>` but `<Balance>0</Balance>`, `<UnitPrice>50</UnitPrice>` (quickbooks-ruby). */
function textOf(name: string, value: string | number | boolean): string {
  return typeof value === "number" && money.has(name) && value !== 0 ? value.toFixed(2) : String(value);
}

/** XML 1.0 holds no control characters but tab and line ends, and no half of a surrogate pair. */
function isPrintable(code: number): boolean {
  if (code < 32) return code === 9 || code === 10 || code === 13;
  return code < 0xd800 || (code > 0xdfff && code !== 0xfffe && code !== 0xffff);
}

function printable(text: string): string {
  let isClean = text.isWellFormed();
  for (let place = 0; isClean && place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    isClean = (code >= 32 || isPrintable(code)) && code < 0xfffe;
  }
  if (isClean) return text;
  // Array.from goes by code point and keeps pairs together, so that only half ones are dropped.
  return Array.from(text)
    .filter((character) => isPrintable(character.codePointAt(0) ?? 0))
    .join("");
}

function escaped(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#xD;");
}
