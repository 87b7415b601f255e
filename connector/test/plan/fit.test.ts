// The fit report: what connecting would mean, worked out by reading both systems and nothing else.
import { connectResult, failed, fitResult } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsThatMayWrite, type QuickbooksCall } from "../harness/only-reads.ts";
import { onlyLine, type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

describe("the fit report of a consent for reading alone", () => {
  let product: Product;
  let connected: Record<string, never>;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    const ended = await product.connect("--read-only", "--json");
    if (ended.code !== 0) throw new Error(ended.err);
    connected = onlyLine(ended);
  });
  afterAll(() => product?.close());

  it("says how many would link, be created and wait, what it costs and what is missing", async () => {
    const fit = fitResult.parse(await product.json("fit"));
    expect(fitResult.parse(connected)).toEqual(fit);
    expect(fit).toMatchObject({ link: 1, create: 5, review: 2, outOfScope: 1, fieldsToCreate: 23, members: 1 });
    expect(fit.calls).toBeGreaterThan(23);
    expect(fit.linkedByStep).toMatchObject({ email: 1 });
    expect(fit.gaps).toEqual([expect.stringContaining("reading alone")]);
  });

  it("names what the Zendesk plan lacks", async () => {
    await product.zendeskControl("POST", "plan", { plan: "support-team" });
    const { gaps, requestsPerMinute } = fitResult.parse(await product.json("fit"));
    expect(gaps).toContainEqual(expect.stringContaining("no custom objects"));
    expect(requestsPerMinute).toBe(200);
    await product.zendeskControl("POST", "plan", { plan: "enterprise" });
  });

  it("lets nothing be applied, and says how writing is allowed", async () => {
    for (const words of [
      ["plan", "approve", "--yes"],
      ["apply", "--canary", "--yes"],
    ]) {
      const { error } = failed.parse(onlyLine(await product.run(...words, "--json")));
      expect(error.says, words.join(" ")).toMatch(/read account simulator, not write.*ml-connector connect simulator/);
    }
    expect((await product.json("status"))["connections"]).toMatchObject([{ state: "planned" }]);
  });

  it("has only read, with a token that could not do anything else", async () => {
    const { requests: calls } = (await product.quickbooksControl("GET", "log")) as { requests: QuickbooksCall[] };
    expect(calls.length).toBeGreaterThan(0);
    expect(callsThatMayWrite(calls)).toEqual([]);
    const log = (await product.zendeskControl("GET", "log")) as { requests: { method: string; path: string }[] };
    const writes = log.requests.filter(({ method, path }) => method !== "GET" && !path.startsWith("/oauth/"));
    expect(writes).toEqual([]);
    expect(log.requests.length).toBeGreaterThan(0);
    const { scopes } = await product.withDatabase((database) =>
      database.selectFrom("credential").select("scopes").where("system", "=", "zendesk").executeTakeFirstOrThrow(),
    );
    expect(scopes).toBe("read");
  });

  it("is gone on with by connecting again: nothing is read anew, and the plan is applied", async () => {
    await product.zendeskControl("DELETE", "log");
    const before = ((await product.quickbooksControl("GET", "log")) as { requests: QuickbooksCall[] }).requests.at(-1);
    const { approved, load } = connectResult.parse(onlyLine(await product.connect("--yes", "--json")));
    expect([approved, load?.created]).toEqual([true, 5]);
    const { requests } = (await product.zendeskControl("GET", "log")) as { requests: { operation: string }[] };
    const listed = requests
      .map(({ operation }) => operation)
      .filter((one) => /^(ListOrganizations|ListUsers)$/.test(one));
    expect(listed).toEqual([]);
    const calls = ((await product.quickbooksControl("GET", "log")) as { requests: QuickbooksCall[] }).requests;
    const since = calls.filter(({ seq }) => seq > (before?.seq ?? 0));
    expect(since.filter(({ operation }) => ["query", "batch"].includes(operation))).toEqual([]);
    expect(await product.verdict()).toMatchObject({ equal: 6, different: 0, foreignTouched: 0 });
  });

  it("cannot be asked for where somebody may write already: that consent is needed", async () => {
    const { error } = failed.parse(onlyLine(await product.connect("--read-only", "--json")));
    expect(error.says).toMatch(/Connection 1 may write to account simulator already.*ml-connector fit/);
  });
});
