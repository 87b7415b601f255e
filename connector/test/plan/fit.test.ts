// The fit report: what connecting would mean, worked out by reading both systems and nothing else.
import { fitResult } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsThatMayWrite, type QuickbooksCall } from "../harness/only-reads.ts";
import { type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

describe("the fit report", () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    const connected = await product.connect("--json");
    if (connected.code !== 0) throw new Error(connected.err);
  });
  afterAll(() => product?.close());

  it("says how many would link, be created and wait, what it costs and what is missing", async () => {
    const fit = fitResult.parse(await product.json("fit"));
    expect(fit).toMatchObject({ link: 1, create: 5, review: 2, outOfScope: 1, fieldsToCreate: 23, members: 1 });
    expect(fit.calls).toBeGreaterThan(23);
    expect(fit.linkedByStep).toMatchObject({ email: 1 });
    expect(fit.gaps).toEqual([]);
  });

  it("names what the Zendesk plan lacks", async () => {
    await product.zendeskControl("POST", "plan", { plan: "support-team" });
    const { gaps, requestsPerMinute } = fitResult.parse(await product.json("fit"));
    expect(gaps).toEqual([expect.stringContaining("no custom objects")]);
    expect(requestsPerMinute).toBe(200);
  });

  it("has only read: neither system was asked for anything else since the consents", async () => {
    const { requests: calls } = (await product.quickbooksControl("GET", "log")) as { requests: QuickbooksCall[] };
    expect(calls.length).toBeGreaterThan(0);
    expect(callsThatMayWrite(calls)).toEqual([]);
    const log = (await product.zendeskControl("GET", "log")) as { requests: { method: string; path: string }[] };
    const writes = log.requests.filter(({ method, path }) => method !== "GET" && !path.startsWith("/oauth/"));
    expect(writes).toEqual([]);
    expect(log.requests.length).toBeGreaterThan(0);
  });
});
