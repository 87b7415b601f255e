import { describe, expect, it } from "vitest";
import { sampleAccount } from "./sample-account.ts";
import { sampleCompany } from "./sample-company.ts";

const company = sampleCompany(7, "2026-11-22");
const account = sampleAccount(7, company);
const end = account.users.filter((user) => user.role === "end-user");

/** Each address of the company, with the families that have it. */
function addressBook(): Map<string, Set<string>> {
  const parents = new Map(company.Customer.map((one) => [one.Id, one.ParentRef?.value]));
  const topOf = (id: string): string => {
    const parent = parents.get(id);
    return parent === undefined ? id : topOf(parent);
  };
  const book = new Map<string, Set<string>>();
  const add = (text: string | undefined, family: string) => {
    for (const part of (text ?? "").split(/[,;]/).map((one) => one.trim().toLowerCase())) {
      if (part.includes("@")) book.set(part, (book.get(part) ?? new Set()).add(family));
    }
  };
  for (const one of company.Customer) add(one.PrimaryEmailAddr?.Address, `customer:${topOf(one.Id)}`);
  for (const one of company.Vendor) add(one.PrimaryEmailAddr?.Address, `vendor:${one.Id}`);
  return book;
}

const book = addressBook();

/** Families that point at an organization by the address of one of its end users; shared addresses say nothing. */
function claimsByMail(): Map<number, Set<string>> {
  const claims = new Map<number, Set<string>>();
  const staffed = new Set(account.users.filter((user) => user.role !== "end-user").map((user) => user.organization_id));
  for (const user of end) {
    const families = book.get(user.email);
    if (user.organization_id === null || staffed.has(user.organization_id) || families?.size !== 1) continue;
    const claimed = claims.get(user.organization_id) ?? new Set();
    claims.set(user.organization_id, new Set([...claimed, ...families]));
  }
  return claims;
}

describe("sampleAccount", () => {
  it("has 120 organizations and 300 users, each name, address and id once", () => {
    expect(account.organizations.length).toBe(120);
    expect(account.users.length).toBe(300);
    expect(new Set(account.organizations.map((one) => one.name.toLowerCase())).size).toBe(120);
    expect(new Set(account.users.map((one) => one.email)).size).toBe(300);
    const ids = [...account.organizations, ...account.users, ...account.organization_memberships].map((one) => one.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(account.tickets.length).toBe(40);
  });

  it("is the same for the same seed and company", () => {
    expect(sampleAccount(7, company)).toEqual(account);
  });

  it("gives every user of an organization the membership that says so", () => {
    const held = new Map(account.organization_memberships.map((one) => [one.user_id, one.organization_id]));
    for (const user of account.users) expect(held.get(user.id) ?? null).toBe(user.organization_id);
  });

  it("knows some 50 clients by the address of a user, most of them by one address in one organization", () => {
    const alone = [...claimsByMail().values()].filter((families) => families.size === 1);
    expect(alone.length).toBeGreaterThanOrEqual(50);
  });

  it("plants few doubts: a container, two desks, two names, twins, a legal form, a contradicting domain", () => {
    const claims = claimsByMail();
    const container = account.organizations.find((one) => one.name === "VIP");
    const inContainer = claims.get(container?.id ?? 0)?.size ?? 0;
    expect(inContainer).toBeGreaterThan(3);
    const several = [...claims.entries()].filter(([id, families]) => id !== container?.id && families.size > 1);
    expect(several.map(([, families]) => families.size)).toEqual([2]);
    const organizationsOf = new Map<string, number[]>();
    for (const [id, families] of claims) {
      for (const family of families) organizationsOf.set(family, [...(organizationsOf.get(family) ?? []), id]);
    }
    expect([...organizationsOf.values()].filter((ids) => ids.length > 1).length).toBe(1);
    // Twins by mail 2, two desks 1, two organizations of one name 1, accent twins 2, legal form 1, domain 1.
    const parked = inContainer + 2 + 1 + 1 + 2 + 1 + 1;
    expect(parked / (company.Customer.length + company.Vendor.length)).toBeLessThanOrEqual(0.03);
  });

  it("holds people's own data: foreign ids, notes, details, tags, domains and fields", () => {
    const { organizations } = account;
    expect(organizations.filter((one) => one.external_id?.startsWith("CRM-")).length).toBeGreaterThan(20);
    expect(organizations.filter((one) => one.notes !== null).length).toBeGreaterThan(20);
    expect(organizations.filter((one) => one.tags.includes("newsletter")).length).toBeGreaterThan(10);
    expect(organizations.filter((one) => one.domain_names.length > 0).length).toBeGreaterThan(10);
    expect(
      organizations.filter((one) => one.organization_fields["account_owner"] !== undefined).length,
    ).toBeGreaterThan(20);
  });

  it("has organizations that were joined by hand: two currencies, customer and vendor", () => {
    const keys = account.organizations.flatMap((one) => one.organization_fields["qbo_key"] ?? []).map(String);
    expect(keys.length).toBe(7);
    expect(keys.filter((key) => /^qbo:\d+:customer:\d+ qbo:\d+:customer:\d+$/.test(key)).length).toBe(3);
    expect(keys.filter((key) => /^qbo:\d+:customer:\d+ qbo:\d+:vendor:\d+$/.test(key)).length).toBe(3);
    const other = sampleAccount(7, company, "123");
    expect(other.organizations.some((one) => String(one.organization_fields["qbo_key"]).startsWith("qbo:123:"))).toBe(
      true,
    );
  });

  it("has agents at clients' addresses and clients' people without an organization", () => {
    const staff = account.users.filter((user) => user.role !== "end-user");
    expect(staff.filter((user) => book.has(user.email)).length).toBe(3);
    const loose = end.filter((user) => user.organization_id === null && book.get(user.email)?.size === 1);
    expect(loose.length).toBeGreaterThanOrEqual(20);
    // A shared address never belongs to a user without an organization: which card's member would it be?
    expect(end.some((user) => user.organization_id === null && (book.get(user.email)?.size ?? 0) > 1)).toBe(false);
  });
});
