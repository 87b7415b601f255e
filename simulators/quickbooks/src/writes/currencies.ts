import type { JsonRecord } from "../json.ts";

const names: Readonly<Record<string, string>> = {
  USD: "United States Dollar",
  EUR: "Euro",
  GBP: "British Pound Sterling",
  CAD: "Canadian Dollar",
  AUD: "Australian Dollar",
};

/** `{"value":"USD","name":"United States Dollar"}`; a currency whose name we do not know goes by its code. */
export function currencyRef(code: string): JsonRecord {
  return { value: code, name: names[code] ?? code };
}
