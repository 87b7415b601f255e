import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { OperatorError } from "../../domain/index.ts";
import { setStage } from "./stage.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "ml-connector-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const set = (of: { company?: string; account?: string }) =>
  setStage({ seed: 1, today: "2026-11-20", company: of.company, account: of.account });

describe("a company or an account of somebody's own", () => {
  const unusable: readonly [string, Parameters<typeof set>[0], string][] = [
    ["is not there", { company: "/nowhere" }, "There is no /nowhere. Give --company a JSON file, or a folder"],
    ["is a folder without it", { company: folder }, `There is no company.json in ${folder}.`],
    ["is not JSON", { company: file("text", "Dear bookkeeper") }, "cannot be read: it is not JSON. Give --company"],
    ["is no object", { company: file("list.json", "[]") }, "holds no JSON object. Give --company a JSON file"],
    ["is an account that is not there", { account: "/nowhere" }, "There is no /nowhere. Give --account a JSON file"],
    ["holds what no company holds", { company: file("odd.json", '{"Foo":[]}') }, '"Foo" is no entity'],
  ];
  it.each(unusable)("is refused with what to do when it %s", async (_, of, says) => {
    const fault: unknown = await set(of).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(OperatorError);
    expect((fault as OperatorError).message).toContain(says);
  });

  it("is shown as of its newest document, and support starts empty", async () => {
    const invoice = { Id: "11", CustomerRef: { value: "1" }, TxnDate: "2023-05-07", TotalAmt: 5, Balance: 5 };
    const company = { Customer: [{ Id: "1", DisplayName: "Alder" }], Invoice: [invoice] };
    const stage = await set({ company: file("company.json", JSON.stringify(company)) });
    try {
      expect(stage.today).toBe("2023-05-07");
      expect(stage.pages).toBe(2);
      expect(stage.accountBefore).toMatchObject({ organizations: [] });
      // A company of one currency names none; the script of its life needs one.
      const { Customer } = await stage.quickbooks.control.company("9341453000000001");
      expect(Customer[0]).toMatchObject({ CurrencyRef: { value: "USD" } });
    } finally {
      await stage.close();
    }
  });
});
