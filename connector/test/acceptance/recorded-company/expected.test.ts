import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import account from "./account.json" with { type: "json" };
import { expected, expectedMembers, realm, unmovedUsers } from "./expected.ts";

const fixtures =
  process.env["ML_CONNECTOR_FIXTURES"] ?? fileURLToPath(new URL("../../../../../shared/fixtures", import.meta.url));
const recorded = `${fixtures}/recorded-company/company.json`;
const organizations = new Set(account.organizations.map((one) => one.id));

describe("the list for the recorded company", () => {
  it.skipIf(!existsSync(recorded))(
    "names each of its parties once, and nobody else (skipped without the recording)",
    () => {
      const company = JSON.parse(readFileSync(recorded, "utf8")) as Record<"Customer" | "Vendor", { Id: string }[]>;
      const parties = [
        ...company.Customer.map((one) => `customer:${one.Id}`),
        ...company.Vendor.map((one) => `vendor:${one.Id}`),
      ];
      expect(Object.keys(expected).sort()).toEqual(parties.sort());
    },
  );

  it("speaks of an account of at least 15 organizations and 20 users, and only of what is in it", () => {
    expect(organizations.size).toBeGreaterThanOrEqual(15);
    expect(account.users.length).toBeGreaterThanOrEqual(20);
    const named = Object.values(expected).flatMap((outcome) => {
      if (outcome.kind === "linked") return [outcome.organizationId];
      return outcome.kind === "parked" ? outcome.candidates : [];
    });
    expect(named.filter((id) => !organizations.has(id))).toEqual([]);
    const users = new Set(account.users.map((one) => one.id));
    expect([...Object.keys(expectedMembers).map(Number), ...unmovedUsers].filter((id) => !users.has(id))).toEqual([]);
  });

  it("links two parties to one organization only where its key says so", () => {
    const held = Object.entries(expected).flatMap(([, outcome]) => (outcome.kind === "linked" ? [outcome] : []));
    const twice = held.filter((one) =>
      held.some((other) => other !== one && other.organizationId === one.organizationId),
    );
    expect(twice.every((one) => one.step === "key")).toBe(true);
    const keyed = account.organizations.filter((one) => JSON.stringify(one).includes(`qbo:${realm}:`));
    expect(keyed.map((one) => one.id)).toEqual([525, 526]);
  });
});
