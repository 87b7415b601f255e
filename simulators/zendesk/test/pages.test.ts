import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({
    account: {
      organization_fields: [
        {
          key: "qbo_status",
          type: "dropdown",
          title: "Billing status",
          custom_field_options: [{ name: "Overdue", value: "qbo_status_overdue" }],
        },
        { key: "qbo_open_amount", type: "decimal", title: "Open" },
        { key: "qbo_overdue_amount", type: "decimal", title: "Overdue amount" },
        { key: "qbo_currency", type: "text", title: "Currency" },
        { key: "region", type: "text", title: "Region" },
      ],
      organizations: [
        {
          id: 11,
          name: "<i>Acme</i>",
          notes: "<script>alert(1)</script>",
          organization_fields: {
            qbo_status: "qbo_status_overdue",
            qbo_open_amount: 2000,
            qbo_overdue_amount: 1234.5,
            qbo_currency: "USD",
            region: "North",
          },
        },
      ],
      users: [{ id: 21, name: "Amy & Co", email: "amy@acme.example", organization_id: 11 }],
      tickets: [{ id: 3, subject: "Where is my invoice?", description: "Hello", requester_id: 21 }],
    },
  });
});
afterEach(() => zendesk.close());

describe("the ticket page", () => {
  it("shows status, overdue amount with its currency, members and notes, everything escaped, without scripts", async () => {
    const page = await zendesk.call("GET", "/tickets/3");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const { text } = page;
    const words = text.replaceAll(/<style>.*<\/style>/gs, "").replaceAll(/<[^>]+>/g, "");
    expect(text).toContain("This is a simulator");
    expect(text).toContain('<span class="pill bad">Overdue</span>');
    expect(words).toContain("1,234.50 USD");
    expect(words.indexOf("1,234.50 USD")).toBeLessThan(words.indexOf("2,000.00 USD"));
    expect(words.indexOf("Billing status")).toBeLessThan(words.indexOf("1,234.50 USD"));
    expect(text).toContain("&lt;i&gt;Acme&lt;/i&gt;");
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text).toContain("Amy &amp; Co");
    expect(text).not.toMatch(/<script|<i>Acme/);
  });

  it("is listed, as are organizations; what is not there is a page that says so", async () => {
    expect((await zendesk.call("GET", "/tickets")).text).toContain("Where is my invoice?");
    expect((await zendesk.call("GET", "/organizations?q=acme")).text).toContain("/organizations/11");
    expect((await zendesk.call("GET", "/organizations/11")).text).toContain("North");
    const missing = await zendesk.call("GET", "/tickets/99");
    expect([missing.status, missing.text.includes("Not found")]).toEqual([404, true]);
  });

  it("counts against no limit and in no log", async () => {
    await zendesk.control("DELETE", "log");
    await zendesk.call("GET", "/tickets/3");
    expect((await zendesk.control("GET", "log")).body.requests).toEqual([]);
  });
});

describe("forms", () => {
  const post = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${zendesk.url}${path}`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual", headers });
  const organization = async (id: number) => (await zendesk.get(`/api/v2/organizations/${id}`)).body.organization;

  it("change an organization with its fields as a person does", async () => {
    expect((await zendesk.call("GET", "/organizations/11")).text).toContain(
      'name="field:qbo_open_amount" value="2000"',
    );
    const saved = await post("/organizations/11", {
      do: "save",
      name: "Acme",
      notes: "new",
      tags: "a b",
      "field:qbo_open_amount": "5.5",
      "field:qbo_status": "",
    });
    expect([saved.status, saved.headers.get("location")]).toEqual([303, "/organizations/11"]);
    expect(await organization(11)).toMatchObject({
      name: "Acme",
      notes: "new",
      tags: ["a", "b"],
      organization_fields: { qbo_open_amount: 5.5, qbo_status: null, region: "North" },
    });
  });

  it("make and delete organizations, people and fields, and say what the vendor refuses", async () => {
    await post("/organizations", { do: "save", name: "Birds" });
    const refused = await post("/organizations", { do: "save", name: "birds" });
    expect([refused.status, (await refused.text()).includes("has already been taken")]).toEqual([422, true]);
    await post("/users", {
      do: "save",
      name: "Bob",
      email: "bob@birds.example",
      role: "end-user",
      organization_id: "11",
    });
    expect((await zendesk.call("GET", "/users?q=bob")).text).toContain("bob@birds.example");
    await post("/organization_fields", {
      do: "save",
      key: "tier",
      type: "dropdown",
      title: "Tier",
      options: "tier_gold Gold\ntier_new New",
    });
    expect((await zendesk.call("GET", "/organization_fields")).text).toContain("tier_gold Gold");
    expect((await post("/organizations/11", { do: "delete" })).headers.get("location")).toBe("/organizations");
    expect((await zendesk.get("/api/v2/organizations/11")).status).toBe(404);
  });

  it("are not taken from pages elsewhere", async () => {
    const elsewhere = await post("/organizations/11", { do: "delete" }, { origin: "https://evil.example" });
    expect(elsewhere.status).toBe(403);
    expect((await organization(11)).id).toBe(11);
  });
});
