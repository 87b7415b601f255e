// `ping` and `doctor` on the real program: what they find when all is well, and what when it is not.
import type { Check, PingResult } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onlyLine, type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

interface Examined {
  fit?: PingResult["fit"];
  ok: boolean;
  checks: Check[];
  todo: string[];
}

describe("looking at everything", () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
  });
  afterAll(() => product?.close());

  async function look(
    words: string[],
    more: Record<string, string | undefined> = {},
  ): Promise<Examined & { code: number | null }> {
    const env = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
    const ended = await product.spawn([...words, "--json"], env).ended;
    return { ...(onlyLine(ended) as unknown as Examined), code: ended.code };
  }
  const stateOf = ({ checks }: Examined, group: string, name: string) =>
    checks.find((check) => check.group === group && check.name === name)?.state;

  it("says what to begin with where nothing is connected", async () => {
    const found = await look(["doctor"]);
    expect(found.todo).toContain("Begin with: ml-connector connect SUBDOMAIN");
    expect(found.ok).toBe(true);
  });

  it("finds both systems, the keys, the database and the way of the webhooks well", async () => {
    expect((await product.connect("--yes", "--json")).code).toBe(0);
    await product.start();
    const pinged = await look(["ping"]);
    expect(pinged.checks.filter(({ state }) => state === "failed")).toEqual([]);
    expect(pinged.code).toBe(0);
    expect(stateOf(pinged, "quickbooks", "company")).toBe("ok");
    expect(stateOf(pinged, "zendesk", "permissions")).toBe("ok");
    expect(stateOf(pinged, "zendesk", "fields")).toBe("ok");
    expect(pinged.checks.find(({ group, name }) => group === "quickbooks" && name === "client")?.says).toBe(
      "simulator-client (the deployment's, production)",
    );
    // It ends in what the company means for the account.
    expect(pinged.fit).toMatchObject({ connectionId: 1, gaps: expect.any(Array) as string[] });
    expect(pinged.fit?.parties).toBeGreaterThan(0);
    // It arrived, but a simulator's address is not https.
    expect(stateOf(pinged, "webhooks", "quickbooks")).toBe("warning");
    expect(pinged.checks.find(({ group, name }) => group === "webhooks" && name === "quickbooks")?.says).toContain(
      "takes a signed delivery",
    );
    const examined = await look(["doctor"]);
    for (const [group, name] of [
      ["machine", "disk"],
      ["database", "opened"],
      ["keys", "ring"],
      ["service", "running"],
      ["clock", "database"],
    ] as const)
      expect(stateOf(examined, group, name), `${group} ${name}`).toBe("ok");
    expect(stateOf(examined, "oversight", "alerts")).toBe("warning");
    expect(examined.code).toBe(0);
  });

  it("has Zendesk itself send a signed request, which arrives", async () => {
    const webhook = async () =>
      (await look(["ping"])).checks.find(({ group, name }) => group === "webhooks" && name === "zendesk");
    expect(await webhook()).toMatchObject({ state: "ok", says: expect.stringContaining("arrived") as string });
  });

  it("finds a verifier that is not the one of the service", async () => {
    const found = await look(["ping"], { QUICKBOOKS_WEBHOOK_VERIFIER: "another-verifier" });
    expect(stateOf(found, "webhooks", "quickbooks")).toBe("failed");
    expect(found.code).toBe(1);
  });

  it("looks at now alone: `incidents` lists what was before", async () => {
    expect(onlyLine(await product.spawn(["incidents", "--since", "7d", "--json"]).ended)).toMatchObject({
      before: null,
    });
  });

  it("goes on where the database does not open, and ends with what to do", async () => {
    const found = await look(["doctor"], { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/nothing" });
    expect(found.code).toBe(1);
    expect(stateOf(found, "machine", "disk")).toBe("ok");
    expect(stateOf(found, "database", "opened")).toBe("failed");
    expect(found.todo[0]).toContain("Check DATABASE_URL");
  });

  it("names a mistake in the configuration, and a missing key", async () => {
    const mistake = await look(["doctor"], { ML_CONNECTOR_PORT: "many" });
    expect(mistake.checks).toMatchObject([{ group: "configuration", state: "failed" }]);
    const key = `other:${Buffer.alloc(32, 5).toString("base64url")}`;
    const wrong = await look(["doctor"], { ML_CONNECTOR_KEYS: key });
    expect(wrong.checks.find(({ group }) => group === "keys")).toMatchObject({
      state: "failed",
      says: expect.stringContaining('"k1"') as string,
    });
  });

  it("reads as a table for people, with what to do last", async () => {
    const shown = await product.spawn(["doctor"]).ended;
    expect(shown.out).toMatch(/What to do\n- /);
    expect(shown.out.trim().split("\n").at(-1)).toMatch(/^- /);
  });
});
