// What an operator may let count as evidence besides users and names: domain names, and a field of the account's own.
import { afterEach, describe, expect, it } from "vitest";
import { type Flow, startFlow } from "../flow/bench.ts";
import { today } from "../harness/small-world.ts";

const stamps = { MetaData: { CreateTime: "2026-10-01T09:00:00-07:00", LastUpdatedTime: "2026-10-01T09:00:00-07:00" } };
const customer = (Id: string, DisplayName: string, Address: string) => ({
  Id,
  SyncToken: "0",
  DisplayName,
  FullyQualifiedName: DisplayName,
  Active: true,
  Balance: 0,
  CurrencyRef: { value: "USD" },
  PrimaryEmailAddr: { Address },
  ...stamps,
});
const [byDomain, byField, byUser, contested] = [910_000_000_001, 910_000_000_002, 910_000_000_003, 910_000_000_004];

const company = {
  Customer: [
    customer("1", "Ivy Accounts", "bill@ivy.example"),
    customer("2", "Juniper Accounts", "Books@Juniper.example"),
    customer("3", "Kale Accounts", "bill@kale.example"),
    customer("4", "Lily North", "north@lily.example"),
    customer("5", "Lily South", "south@lily.example"),
    customer("6", "Person at large", "someone@gmail.com"),
  ],
};
const account = {
  organization_fields: [{ id: 77, key: "billing_email", title: "Billing e-mail", type: "text" }],
  organizations: [
    { id: byDomain, name: "Ivy Holding", domain_names: ["ivy.example", "gmail.com"] },
    {
      id: byField,
      name: "Juniper Holding",
      organization_fields: { billing_email: "accounts <books@juniper.example>; other@juniper.example" },
    },
    { id: byUser, name: "Kale Holding", domain_names: [] },
    { id: contested, name: "Lily Holding", domain_names: ["lily.example", "kale.example"] },
  ],
  users: [{ id: 801, name: "Kay", email: "bill@kale.example", organization_id: byUser }],
  organization_memberships: [],
};

describe("evidence that the operator chooses", () => {
  let flow: Flow | undefined;
  afterEach(() => flow?.close());

  async function outcomes(settings: object) {
    flow = await startFlow({ company, account, today, settings });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    const links = await flow.engine.stores.links.linksOf(
      flow.connectionId,
      company.Customer.map(({ Id }) => ({ kind: "customer", id: Id })),
    );
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    return Object.fromEntries(
      standings.map(({ key, disposition, reason, organizationId }) => {
        const link = links.find(({ party }) => `customer:${party.id}` === key);
        return [
          key,
          reason ?? (link ? `${link.step} ${link.step === "created" ? "" : organizationId}`.trim() : disposition),
        ];
      }),
    );
  }

  it("is neither domains nor fields while nobody says so", async () => {
    expect(await outcomes({})).toEqual({
      "customer:1": "created",
      "customer:2": "created",
      "customer:3": `email ${byUser}`,
      "customer:4": "created",
      "customer:5": "created",
      "customer:6": "created",
    });
  });

  it("is a domain of the organization, or an address in the field that the setting names; shared domains are asked about", async () => {
    expect(await outcomes({ matchDomains: true, billingEmailField: "billing_email" })).toEqual({
      "customer:1": `domain ${byDomain}`,
      "customer:2": `email ${byField}`,
      "customer:3": `email ${byUser}`,
      "customer:4": "several-parties",
      "customer:5": "several-parties",
      "customer:6": "created",
    });
    expect(await flow?.engine.stores.links.linksOf(flow.connectionId, [{ kind: "customer", id: "2" }])).toMatchObject([
      { evidence: ["its billing e-mail field has the address books@juniper.example"] },
    ]);
  });
});
