import { describe, expect, it } from "vitest";
import { smallCompany } from "./company.ts";
import { type Connected, connected, idOf } from "./connected.ts";

async function change(simulator: Connected, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${simulator.url}/companies/${simulator.realm}/change`, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
    headers,
  });
}

describe("the pages", () => {
  it("all say that they are a simulator, and escape what a company holds", async () => {
    const simulator = await connected({ company: smallCompany() });
    await simulator.mutate({
      entity: "Customer",
      operation: "rename",
      id: "4",
      record: { DisplayName: "<script>alert(1)</script>" },
    });
    for (const path of ["", "customers", "vendors", "invoices", "bills", "customers/4", "vendors/5", "customers/99"]) {
      const at = path === "" ? "/" : `/companies/${simulator.realm}/${path}`;
      const answer = await fetch(`${simulator.url}${at}`);
      const html = await answer.text();
      expect(answer.status).toBe(path === "customers/99" ? 404 : 200);
      expect(html).toContain("This is a simulator");
      expect(html).not.toContain("<script>");
    }
  });

  it("do what a person does: invoice, payment, void, rename, inactivate, merge", async () => {
    const simulator = await connected({ company: smallCompany() });
    expect(
      (
        await change(simulator, {
          entity: "Invoice",
          operation: "create",
          party: "4",
          amount: "100",
          due: "2026-12-01",
        })
      ).status,
    ).toBe(303);
    const [invoice] = await simulator.rows("Invoice", "select * from Invoice");
    if (invoice === undefined) throw new Error("no invoice was made");
    expect(invoice).toMatchObject({ Balance: 100, DueDate: "2026-12-01" });
    await change(simulator, {
      entity: "Payment",
      operation: "create",
      party: "4",
      amount: "70",
      [`apply-${idOf(invoice)}`]: "60.50",
    });
    expect(await simulator.one("Invoice", idOf(invoice))).toMatchObject({ Balance: 39.5 });
    await change(simulator, { entity: "Invoice", operation: "void", id: idOf(invoice) });
    expect(await simulator.one("Invoice", idOf(invoice))).toMatchObject({ PrivateNote: "Voided" });
    await change(simulator, { entity: "Customer", operation: "rename", id: "4", name: "Amy" });
    await change(simulator, { entity: "Customer", operation: "inactivate", id: "4" });
    expect(await simulator.one("Customer", "4")).toMatchObject({ DisplayName: "Amy (deleted)", Active: false });
    await change(simulator, { entity: "Customer", operation: "merge", id: "3", into: "1" });
    expect((await simulator.api("customer/3")).status).toBe(400);
  });

  it("say in words what was refused, and refuse the forms of other sites", async () => {
    const simulator = await connected({ company: smallCompany() });
    const refused = await change(simulator, { entity: "Customer", operation: "merge", id: "1", into: "3" });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("own sub-customers")]);
    const wrong = await change(simulator, { entity: "Invoice", operation: "create", party: "4", amount: "lots" });
    expect(await wrong.text()).toContain("must be a number above zero");
    const foreign = await change(
      simulator,
      { entity: "Customer", operation: "inactivate", id: "4" },
      { origin: "http://evil.example" },
    );
    expect(foreign.status).toBe(403);
    expect(await simulator.one("Customer", "4")).toMatchObject({ Active: true });
  });
});
