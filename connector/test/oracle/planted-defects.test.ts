import { describe, expect, it } from "vitest";
import { compare } from "./compare.ts";
import { foreign, organizations, realm } from "./hand-worked.ts";
import { type Situation, situation } from "./hand-worked-account.ts";
import { readInput } from "./input.ts";

type Loose = Record<string, unknown>;

const of = (given: Situation, id: number): Loose => {
  const found = given.account.organizations.find((one) => one["id"] === id);
  if (found === undefined) throw new Error(`no organization ${id}`);
  return found;
};
const setField = (card: keyof typeof organizations, key: string, value: unknown) => (given: Situation) => {
  (of(given, organizations[card])["organization_fields"] as Loose)[key] = value;
};
const set = (id: number, change: Loose) => (given: Situation) => void Object.assign(of(given, id), change);
const party = (given: Situation, key: string): Loose => given.connector.parties.find((one) => one["key"] === key) ?? {};
const tell = (key: string, change: Loose) => (given: Situation) => void Object.assign(party(given, key), change);
const user = (given: Situation, id: number): Loose => given.account.users.find((one) => one["id"] === id) ?? {};

/** One wrong thing each, and what must be said of it. */
const defects: Record<string, [plant: (given: Situation) => void, what: string]> = {
  "status ignores unapplied credit": [setField("bolt", "qbo_status", "qbo_status_open"), "qbo_status"],
  "a voided invoice is counted": [setField("acme", "qbo_open_count", 3), "qbo_open_count"],
  "what is due today is called late": [setField("bolt", "qbo_overdue_count", 2), "qbo_overdue_count"],
  "a sub-customer of another currency is added": [setField("acme", "qbo_open_amount", 370.1), "qbo_open_amount"],
  "late amounts are net of credit": [setField("acme", "qbo_overdue_amount", 149.95), "qbo_overdue_amount"],
  "currencies are added unconverted": [setField("bolt", "qbo_open_amount", 150), "qbo_open_amount"],
  "balance is rounded twice": [setField("bolt", "qbo_balance", 151.72), "qbo_balance"],
  "the card says one of two currencies": [setField("bolt", "qbo_currency", "EUR"), "qbo_currency"],
  "overdue since the newest": [setField("acme", "qbo_overdue_since", "2026-11-01T00:00:00+00:00"), "qbo_overdue_since"],
  "a date is stored without its time": [setField("acme", "qbo_overdue_since", "2026-08-31"), "qbo_overdue_since"],
  "a decimal is stored as text": [setField("acme", "qbo_balance", "250.05"), "qbo_balance"],
  "the age bucket is one too young": [setField("acme", "qbo_age_bucket", "qbo_age_31_60"), "qbo_age_bucket"],
  "a payment of zero is the last": [
    setField("acme", "qbo_last_payment_on", "2026-11-10T00:00:00+00:00"),
    "qbo_last_payment_on",
  ],
  "the client's own address beside the invoices'": [setField("acme", "qbo_email", "billing@acme.example"), "qbo_email"],
  "the address keeps an empty line": [
    setField("acme", "qbo_address", "1 Mill Road\n\nFairhollow, CA 95999"),
    "qbo_address",
  ],
  "customer fields on a card of vendors": [setField("lone", "qbo_open_count", 0), "qbo_open_count"],
  "vendor credit is forgotten": [setField("supply", "qbo_vendor_owed", 300), "qbo_vendor_owed"],
  "a customer that is a vendor too is one only": [
    setField("supply", "qbo_relation", "qbo_relation_vendor"),
    "qbo_relation",
  ],
  "the keys of a card are out of rank": [
    setField("supply", "qbo_key", `qbo:${realm}:vendor:1 qbo:${realm}:customer:6`),
    "qbo_key",
  ],
  "the day of change is London's": [setField("acme", "qbo_changed_on", "2026-11-22T00:00:00+00:00"), "qbo_changed_on"],
  "an equal name lacks its suffix": [set(organizations.twinSuffixed, { name: "TWIN CO." }), "name"],
  "external_id is another party's": [
    set(organizations.edge, { external_id: `qbo:${realm}:customer:7` }),
    "external_id",
  ],
  "a linked organization is gone": [
    (given) =>
      void given.account.organizations.splice(
        0,
        given.account.organizations.length,
        ...given.account.organizations.slice(1),
      ),
    "organization",
  ],
  "an adopted organization is renamed": [set(organizations.acme, { name: "Acme Tools" }), "name"],
  "an adopted organization loses its foreign id": [set(organizations.acme, { external_id: null }), "external_id"],
  "human notes are altered": [set(organizations.acme, { notes: "Call first. QuickBooks: overdue" }), "notes"],
  "a block stands where nobody wants one": [
    set(foreign.untouched, {
      notes:
        "--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---\nOpen: 1\n--- End of QuickBooks ---",
    }),
    "note block: none here",
  ],
  "a human tag is dropped": [set(organizations.acme, { tags: [] }), "tags"],
  "a foreign field is cleared": [setField("bolt", "region", null), "field region"],
  "domain names are overwritten": [set(organizations.bolt, { domain_names: [] }), "domain_names"],
  "an organization without parties is written": [set(foreign.untouched, { details: "QuickBooks: none" }), "details"],
  "a figure lands on a stranger": [
    (given) => void ((of(given, foreign.untouched)["organization_fields"] as Loose)["qbo_balance"] = 5),
    "field qbo_balance",
  ],
  "an organization is made for nobody": [
    (given) =>
      void given.account.organizations.push({ id: 999, name: "Zed", external_id: `qbo:${realm}:customer:7`, tags: [] }),
    "organization that nothing is linked to",
  ],
  "a client has two organizations": [
    (given) =>
      void given.account.organizations.push({
        id: 998,
        name: "Edge 2",
        external_id: `QBO:${realm}:customer:8`,
        tags: [],
      }),
    `qbo:${realm}:customer:8`,
  ],
  "a party is forgotten": [(given) => void given.connector.parties.pop(), "disposition"],
  "a party is told twice": [
    (given) => void given.connector.parties.push({ key: "customer:7", disposition: "parked" }),
    "disposition",
  ],
  "a client in scope is left out": [tell("customer:8", { disposition: "out-of-scope" }), "disposition"],
  "a dormant client is made": [
    tell("customer:7", { disposition: "linked", origin: "created", organizationId: organizations.edge }),
    "disposition",
  ],
  "a member rolls up into a stranger": [tell("customer:3", { into: "customer:4" }), "rolled up into"],
  "a member is out of scope beside its linked top": [
    tell("customer:3", { disposition: "out-of-scope" }),
    "disposition",
  ],
  "a party is ignored without an answer": [(given) => void (given.connector["answers"] = []), "disposition"],
  "a doubt over organizations has healed": [(given) => moveUser(given, 903, foreign.first), "parked"],
  "a doubt over parties has no second party": [
    tell("customer:13", { disposition: "ignored", reason: "rule" }),
    "parked",
  ],
  "a container of one": [tell("customer:12", { reason: "container" }), "parked"],
  "a legal form that does not differ": [tell("customer:12", { reason: "legal-form" }), "parked"],
  "a domain that does not contradict": [tell("customer:12", { reason: "domain-contradicts" }), "parked"],
  "a name that nobody has taken": [tell("customer:11", { reason: "name-taken" }), "parked"],
  "candidates that nothing speaks for": [tell("customer:11", { candidates: [foreign.untouched] }), "parked"],
  "a client's user is not a member": [(given) => moveUser(given, 900, null), "memberships of user 900"],
  "a stranger becomes a member": [
    (given) =>
      void given.account.organization_memberships.push({ id: 1, user_id: 901, organization_id: organizations.acme }),
    "memberships of user 901",
  ],
  "an agent is moved": [
    (given) =>
      void given.account.organization_memberships.push({ id: 1, user_id: 904, organization_id: organizations.acme }),
    "memberships of user 904",
  ],
  "an agent becomes an end user": [(given) => void (user(given, 904)["role"] = "end-user"), "user 904"],
  "a field is made under another type": [
    (given) => void Object.assign(given.account.organization_fields[3] ?? {}, { type: "text" }),
    "field qbo_open_amount",
  ],
};

function moveUser(given: Situation, userId: number, organizationId: number | null): void {
  user(given, userId)["organization_id"] = organizationId;
  const kept = given.account.organization_memberships.filter((one) => one["user_id"] !== userId);
  given.account.organization_memberships = kept;
}

describe("compare, on planted defects", () => {
  for (const [name, [plant, what]] of Object.entries(defects)) {
    it(`finds it when ${name}`, () => {
      const given = situation();
      plant(given);
      const verdict = compare(readInput(given));
      expect(verdict.differences.map((difference) => difference.what)).toContain(what);
      expect(verdict.different + verdict.foreignTouched + verdict.duplicates).toBeGreaterThan(0);
    });
  }
});
