import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseRealm } from "../../src/domain/index.ts";
import { createExchange } from "../../src/systems/exchange.ts";
import type { Exchange, HttpRequest } from "../../src/systems/ports.ts";
import {
  companyRates,
  createCompanyLimits,
  createQuickbooksClient,
  quickbooksHosts,
} from "../../src/systems/quickbooks/index.ts";
import { memoryBlocks, systemClock } from "./quickbooks-bench.ts";

let server: Server;
let url: string;
let answer: RequestListener;
let requests: number;
let dispatcher: Agent;
let exchange: Exchange;

beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  dispatcher = new Agent({ connections: 1 });
  exchange = createExchange({ dispatcher, monotonicMs: () => performance.now() });
});
afterEach(async () => {
  await dispatcher.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const ask = (more: Partial<HttpRequest> = {}) =>
  exchange({ method: "GET", url: `${url}/path?q=1`, headers: {}, timeoutMs: 5_000, maxBytes: 1_000, ...more });

describe("an exchange", () => {
  it("gives status, headers and body of any answer, and follows no redirect", async () => {
    answer = (request, response) => {
      if (request.url === "/secret") response.end("followed");
      else response.writeHead(302, { location: `${url}/secret`, "X-Request-Id": "r1" }).end("elsewhere");
    };
    const found = await ask({ method: "POST", body: "{}" });
    expect(found).toMatchObject({ kind: "answer", status: 302, body: "elsewhere" });
    expect(found.kind === "answer" && found.headers["x-request-id"]).toBe("r1");
    expect(requests).toBe(1);
  });

  it("unzips, up to the limit", async () => {
    answer = (request, response) => {
      expect(request.headers["accept-encoding"]).toBe("gzip");
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync("x".repeat(request.url === "/path?q=1" ? 900 : 50_000)));
    };
    expect(await ask()).toMatchObject({ kind: "answer", body: "x".repeat(900) });
    expect(await ask({ url: `${url}/bomb` })).toMatchObject({ kind: "none", why: "too-large", sent: true });
  });

  it("cuts off what is too large", async () => {
    answer = (_request, response) => response.end("x".repeat(5_000));
    expect(await ask()).toMatchObject({ kind: "none", why: "too-large", sent: true });
  });

  it("ends after its time, whether the answer never begins or never ends", async () => {
    answer = (_request, response) => response.writeHead(200).write("begin");
    expect(await ask({ timeoutMs: 100 })).toMatchObject({ kind: "none", why: "timeout", sent: true });
    answer = () => undefined;
    expect(await ask({ timeoutMs: 100 })).toMatchObject({ kind: "none", why: "timeout", sent: true });
  });

  it("knows that nothing was sent where nobody listens", async () => {
    expect(await ask({ url: "http://127.0.0.1:1/" })).toMatchObject({ kind: "none", why: "unreachable", sent: false });
  });

  it("knows that something was sent when the connection breaks", async () => {
    answer = (request) => request.socket.destroy();
    expect(await ask({ method: "PUT", body: "{}" })).toMatchObject({ kind: "none", why: "broken", sent: true });
  });

  // SPEC.md I15.
  it("tests the deadline when the first byte would leave, not when it is asked", async () => {
    const held: (() => void)[] = [];
    answer = (_request, response) => void held.push(() => response.end("done"));
    const first = ask();
    // One connection: the second request stands behind the first until that is answered, and by then its time is over.
    const second = ask({ method: "PUT", body: "{}", deadline: performance.now() + 50 });
    while (held.length === 0) await new Promise((next) => setImmediate(next));
    const until = performance.now() + 80;
    while (performance.now() < until) await new Promise((next) => setImmediate(next));
    held.shift()?.();
    expect(await first).toMatchObject({ kind: "answer" });
    expect(await second).toMatchObject({ kind: "none", why: "deadline", sent: false });
    expect(requests).toBe(1);
  });
});

describe("a wrong base URL", () => {
  function client(base: string) {
    return createQuickbooksClient({
      exchange,
      hostsOf: () => quickbooksHosts("sandbox", base),
      tokens: { accessToken: () => Promise.resolve("t"), refreshAfterRefusal: () => Promise.resolve("t") },
      limits: createCompanyLimits({ rates: companyRates, blocks: memoryBlocks(), clock: systemClock }),
      share: 1,
      clock: systemClock,
      homeCurrency: () => Promise.resolve("USD"),
      emailAddresses: () => [],
    });
  }
  const realm = parseRealm("1");

  it("is named as what it is: nobody there, another server, a redirect", async () => {
    await expect(client("http://127.0.0.1:1").countRecords(realm, "Invoice")).rejects.toMatchObject({
      code: "unreachable",
    });
    answer = (_request, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Welcome</html>");
    await expect(client(url).countRecords(realm, "Invoice")).rejects.toMatchObject({
      says: expect.stringContaining("base URL") as string,
    });
    answer = (_request, response) => response.writeHead(301, { location: "https://elsewhere.test/" }).end();
    await expect(client(url).countRecords(realm, "Invoice")).rejects.toMatchObject({
      says: expect.stringContaining("base URL") as string,
    });
    answer = (_request, response) => response.writeHead(404).end("no");
    await expect(client(url).countRecords(realm, "Invoice")).rejects.toMatchObject({
      says: expect.stringContaining("base URL") as string,
    });
  });

  it("is refused at once when it is none, or unencrypted and elsewhere", () => {
    expect(() => quickbooksHosts("sandbox", "nonsense")).toThrow("not a URL");
    expect(() => quickbooksHosts("sandbox", "http://quickbooks.example.test")).toThrow("https://");
    expect(() => quickbooksHosts("sandbox", "ftp://127.0.0.1")).toThrow("https://");
    expect(quickbooksHosts("production").api).toBe("https://quickbooks.api.intuit.com");
  });
});
