// What stands in the way of a command: it ends with one line that says what to do, and nothing is lost.

import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createWebsite } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSubdomain } from "../../src/domain/index.ts";
import { createConnectionStore } from "../../src/store/connection-store.ts";
import { onlyLine, type Product, startProduct } from "../harness/product.ts";
import type { Ended } from "../harness/program.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

/** One line for people on standard error, beside the service's log, and the same in JSON on standard output. */
function expectRefusal(ended: Ended, says: RegExp): void {
  const said = ended.err.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
  expect(said).toEqual([expect.stringMatching(says)]);
  expect(onlyLine(ended)).toEqual({ error: { kind: expect.stringMatching(/^(operator|remote)$/), says: said[0] } });
  expect(ended.code).toBe(1);
}

describe("a command of the real program", () => {
  let builtIn: Product;
  let own: Product;
  beforeAll(async () => {
    const world = { company: smallCompany(), account: smallAccount() };
    builtIn = await startProduct({ ...world, database: "built-in" });
    own = await startProduct({ ...world, database: "own" });
  });
  afterAll(async () => {
    await builtIn?.close();
    await own?.close();
  });

  const run = (product: Product, words: string[], more: Record<string, string> = {}) =>
    product.spawn([...words, "--json"], more).ended;

  it("that would be a second service on the same data folder is refused; the first goes on", async () => {
    const first = await builtIn.start();
    expectRefusal(
      await run(builtIn, ["start"]),
      /Another ml-connector already works on the data folder .* DATABASE_URL/,
    );
    expect((await fetch(`${builtIn.url}/readyz`)).status).toBe(200);
    // What the next test must find again.
    await builtIn.withDatabase((database) => createConnectionStore(database).create(parseSubdomain("kept"), {}));
    expect(await first.kill("SIGTERM")).toMatchObject({ code: 0 });
  });

  it("whose data folder was made by another major version of PostgreSQL is refused, and the data stays as it is", async () => {
    const version = path.join(builtIn.folder, "database/data/PG_VERSION");
    const before = readFileSync(version, "utf8");
    writeFileSync(version, "17\n");
    const says = /was made by PostgreSQL 17, and this version .* brings PostgreSQL 18\. .*DATABASE_URL/;
    expectRefusal(await run(builtIn, ["start"]), says);
    expectRefusal(await run(builtIn, ["status"]), says);
    writeFileSync(version, before);
    const { connections } = (await builtIn.json("status")) as unknown as { connections: object[] };
    expect(connections).toEqual([expect.objectContaining({ subdomain: "kept", state: "connecting" })]);
  });

  it("whose data folder cannot be reached is refused with the folder that is in the way", async () => {
    const closed = path.join(builtIn.folder, "closed");
    const inside = { ML_CONNECTOR_DATA: path.join(closed, "inside") };
    mkdirSync(path.join(closed, "inside"), { recursive: true });
    chmodSync(closed, process.getuid?.() === 0 ? 0o700 : 0o000);
    const says = new RegExp(
      `data folder ${closed}/inside (is out of reach|cannot be used: this user may not).*ML_CONNECTOR_DATA`,
    );
    expectRefusal(await run(builtIn, ["start"], inside), says);
    chmodSync(closed, 0o700);
  });

  it("whose port is in use is refused with the setting that changes it", async () => {
    const other = createServer().listen(Number(new URL(own.url).port), "127.0.0.1");
    await once(other, "listening");
    const says = /^Port \d+ on 127\.0\.0\.1 is in use\. .*ML_CONNECTOR_PORT/;
    expectRefusal(await run(own, ["start"]), says);
    expectRefusal(await run(own, ["connect", "simulator"]), says);
    other.close();
    await once(other, "close");
  });

  it("that is to connect where no Zendesk is says so and which setting to check", async () => {
    const connect = (url: string) => run(own, ["connect", "simulator"], { ZENDESK_BASE_URL: url });
    expectRefusal(await connect("http://127.0.0.1:9"), /^Zendesk's .* did not answer\. Check .* ZENDESK_BASE_URL/);
    const website = createWebsite((_request, reply) => void reply.writeHead(404).end("<html>")).listen(0, "127.0.0.1");
    await once(website, "listening");
    const { port } = website.address() as AddressInfo; // it listens on TCP
    expectRefusal(
      await connect(`http://127.0.0.1:${port}`),
      /^Zendesk refused our sign-in request: check subdomain, .* base URL/,
    );
    website.close();
    expectRefusal(await connect("simulator.example"), /ZENDESK_BASE_URL must be a URL such as https:/);
  });

  it("that is to use a QuickBooks elsewhere without TLS is refused", async () => {
    const elsewhere = { QUICKBOOKS_BASE_URL: "http://quickbooks.example" };
    expectRefusal(await run(own, ["status"], elsewhere), /QUICKBOOKS_BASE_URL must start with https:/);
  });
});
