// In which zone a company counts its days. QuickBooks often does not say: then the address proposes one, and a person confirms it.
import { isZone } from "../domain/index.ts";
import type { CompanyAddress, CompanyFacts, CompanyZone } from "./ports.ts";

/** States and provinces with several zones stand for the one where most of their companies are: it is a proposal. */
const byState: Record<string, Record<string, string>> = {
  US: spread({
    "America/New_York": "CT DE DC FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC VT VA WV",
    "America/Chicago": "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
  }),
  CA: spread({
    "America/Vancouver": "BC",
    "America/Edmonton": "AB NT",
    "America/Regina": "SK",
    "America/Winnipeg": "MB",
    "America/Toronto": "ON QC NU",
    "America/Halifax": "NB NS PE",
    "America/St_Johns": "NL",
    "America/Whitehorse": "YT",
  }),
  AU: spread({
    "Australia/Sydney": "NSW ACT",
    "Australia/Melbourne": "VIC",
    "Australia/Brisbane": "QLD",
    "Australia/Adelaide": "SA",
    "Australia/Hobart": "TAS",
    "Australia/Darwin": "NT",
    "Australia/Perth": "WA",
  }),
};

/** Countries of one zone, as far as QuickBooks Online is sold there. */
const byCountry: Record<string, string> = {
  GB: "Europe/London",
  IE: "Europe/Dublin",
  FR: "Europe/Paris",
  DE: "Europe/Berlin",
  NL: "Europe/Amsterdam",
  BE: "Europe/Brussels",
  ES: "Europe/Madrid",
  IT: "Europe/Rome",
  CH: "Europe/Zurich",
  AT: "Europe/Vienna",
  IN: "Asia/Kolkata",
  SG: "Asia/Singapore",
  HK: "Asia/Hong_Kong",
  MY: "Asia/Kuala_Lumpur",
  PH: "Asia/Manila",
  AE: "Asia/Dubai",
  ZA: "Africa/Johannesburg",
  NZ: "Pacific/Auckland",
};

const countryNames: Record<string, string> = {
  USA: "US",
  "UNITED STATES": "US",
  "UNITED STATES OF AMERICA": "US",
  CANADA: "CA",
  AUSTRALIA: "AU",
  UK: "GB",
  "UNITED KINGDOM": "GB",
  ENGLAND: "GB",
  IRELAND: "IE",
  FRANCE: "FR",
  GERMANY: "DE",
  INDIA: "IN",
};

export function companyZone(facts: Pick<CompanyFacts, "zone" | "address">): CompanyZone {
  if (facts.zone !== undefined && isZone(facts.zone)) return { kind: "known", name: facts.zone, source: "company" };
  return { kind: "proposed", name: facts.address && proposeZone(facts.address) };
}

/** Undefined where the address does not say enough. Never UTC: a wrong day calls people overdue. */
export function proposeZone(address: CompanyAddress): string | undefined {
  const given = address.country?.trim().toUpperCase() ?? "";
  const country = countryNames[given] ?? given;
  const state = address.state?.trim().toUpperCase() ?? "";
  // Intuit's United States edition leaves the country of an address out.
  return byState[country === "" ? "US" : country]?.[state] ?? byCountry[country];
}

function spread(states: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(states).flatMap(([zone, list]) => list.split(" ").map((state) => [state, zone])),
  );
}
