// What a company says of itself: name, country, currency, zone. Two reads, CompanyInfo and Preferences.

import type { CompanyFacts } from "../../connections/ports.ts";
import { type JsonObject, type Realm, RemoteFailure } from "../../domain/index.ts";
import type { CompanyCalls } from "./calls.ts";
import { isObject } from "./json.ts";
import { companyInfoRecord, preferencesRecord } from "./schemas.ts";

/** Fails when the token does not speak for this company: that is how a realm in a callback is proven. */
export async function readCompanyFacts(calls: CompanyCalls, realm: Realm, accessToken?: string): Promise<CompanyFacts> {
  const info = companyInfoRecord.parse(
    await readOnly(calls, realm, "CompanyInfo", `companyinfo/${realm}`, accessToken),
  );
  const preferences = preferencesRecord.parse(await readOnly(calls, realm, "Preferences", "preferences", accessToken));
  const address = info.CompanyAddr ?? info.LegalAddr;
  const country = info.Country ?? info.NameValue?.find((pair) => pair.Name === "Country")?.Value;
  return {
    name: info.CompanyName ?? info.LegalName ?? `company ${realm}`,
    country,
    homeCurrency: preferences.CurrencyPrefs?.HomeCurrency?.value ?? currencyOf(country),
    multiCurrency: preferences.CurrencyPrefs?.MultiCurrencyEnabled ?? false,
    zone: info.DefaultTimeZone,
    address: address && { country: address.Country ?? country, state: address.CountrySubDivisionCode },
  };
}

async function readOnly(
  calls: CompanyCalls,
  realm: Realm,
  entity: "CompanyInfo" | "Preferences",
  path: string,
  accessToken: string | undefined,
): Promise<JsonObject> {
  const { body, requestId } = await calls.ask(realm, { operation: `read ${entity}`, path }, accessToken);
  const found = body[entity];
  if (isObject(found)) return found;
  throw new RemoteFailure({
    system: "quickbooks",
    operation: `read ${entity}`,
    code: "malformed-answer",
    action: "retry",
    says: `QuickBooks' answer holds no ${entity}.`,
    requestId,
  });
}

/** Preferences name the home currency in every recording; companies before multi-currency existed may lack it. */
function currencyOf(country: string | undefined): string {
  const known: Record<string, string> = { CA: "CAD", GB: "GBP", AU: "AUD", IN: "INR", FR: "EUR", DE: "EUR", IE: "EUR" };
  return known[country ?? ""] ?? "USD";
}
