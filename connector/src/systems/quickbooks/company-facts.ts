// What a company says of itself: name, country, currency, zone. Two reads, CompanyInfo and Preferences.
import type { z } from "zod";
import type { CompanyFacts } from "../../connections/ports.ts";
import { type Realm, RemoteFailure } from "../../domain/index.ts";
import type { CompanyCalls, Trial } from "./calls.ts";
import { companyInfoRecord, countryOf, preferencesRecord } from "./schemas.ts";

/** Fails when the token does not speak for this company: that is how a realm in a callback is proven. */
export async function readCompanyFacts(calls: CompanyCalls, realm: Realm, trial?: Trial): Promise<CompanyFacts> {
  const read = async <Content>(entity: "CompanyInfo" | "Preferences", path: string, schema: z.ZodType<Content>) => {
    const { body, requestId } = await calls.ask(realm, { operation: `read ${entity}`, path }, trial);
    const found = schema.safeParse(body[entity]);
    if (found.success) return found.data;
    throw unreadable(entity, requestId);
  };
  const info = await read("CompanyInfo", `companyinfo/${realm}`, companyInfoRecord);
  const preferences = await read("Preferences", "preferences", preferencesRecord);
  const address = info.CompanyAddr ?? info.LegalAddr;
  const country = countryOf(info);
  return {
    name: info.CompanyName ?? info.LegalName ?? `company ${realm}`,
    country,
    homeCurrency: preferences.CurrencyPrefs?.HomeCurrency?.value ?? currencyOf(country),
    multiCurrency: preferences.CurrencyPrefs?.MultiCurrencyEnabled ?? false,
    zone: info.DefaultTimeZone,
    address: address && { country: address.Country ?? country, state: address.CountrySubDivisionCode },
  };
}

/** Preferences name the home currency in every recording; companies before multi-currency existed may lack it. */
function currencyOf(country: string | undefined): string {
  const known: Record<string, string> = { CA: "CAD", GB: "GBP", AU: "AUD", IN: "INR", FR: "EUR", DE: "EUR", IE: "EUR" };
  return known[country ?? ""] ?? "USD";
}

function unreadable(entity: string, requestId: string | undefined): RemoteFailure {
  return new RemoteFailure({
    system: "quickbooks",
    operation: `read ${entity}`,
    code: "malformed-answer",
    action: "retry",
    says: `QuickBooks' answer holds no ${entity} that we can read.`,
    requestId,
  });
}
