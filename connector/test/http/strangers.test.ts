// What strangers send: every address that is open without signing in, with random parameters, hosts and headers.
import { createHmac } from "node:crypto";
import { request as plainRequest } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "../harness/product.ts";
import type { Program } from "../harness/program.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

interface Heard {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const evil = "evil.example";
const marked = `<script>alert("${evil}")</script>`;
const open = [
  "/oauth/quickbooks/callback",
  "/oauth/zendesk/callback",
  "/oauth/reconnect",
  "/oauth/disconnected",
  "/welcome/x",
  "/livez",
  "/readyz",
  "/api/docs",
  "/api/docs/",
  "/api/openapi.json",
  "/api/v1/session",
  "/api/v1/connections/1",
  "/",
  "/nowhere",
];
const names = [
  "code",
  "state",
  "realmId",
  "error",
  "error_description",
  "ticket",
  "redirect_uri",
  "next",
  "return_to",
  "url",
  "host",
];
const values = fc.oneof(
  fc.constantFrom(
    `https://${evil}/`,
    `//${evil}`,
    `/\\${evil}`,
    `javascript:alert(1)`,
    marked,
    `%0d%0aLocation: https://${evil}`,
    `a\r\nset-cookie: x=1`,
    "../../../etc/passwd",
    "\u0000",
    "x".repeat(5_000),
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
);

describe("strangers", () => {
  let product: Product;
  let service: Program;
  const former = "verifier-before-the-change";
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    expect((await product.connect("--yes", "--json")).code).toBe(0);
    product.env["QUICKBOOKS_WEBHOOK_VERIFIER"] = `${product.env["QUICKBOOKS_WEBHOOK_VERIFIER"]},${former}`;
    service = await product.start();
  });
  afterAll(() => product?.close());

  /** Any header may be sent, the host's too: `fetch` would not let us. */
  function send(path: string, headers: Record<string, string> = {}): Promise<Heard> {
    return new Promise((resolve, reject) => {
      const call = plainRequest(`${product.url}${path}`, { headers, agent: false });
      call.on("error", reject).on("response", (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      });
      call.end();
    });
  }

  /** Nothing of what came in leads anywhere, runs, or lets another site in. */
  function leadsNowhere({ status, headers, body }: Heard): void {
    expect(status).toBeLessThan(500);
    expect(String(headers["location"] ?? "")).not.toContain(evil);
    expect(JSON.stringify(headers)).not.toContain(evil);
    expect(body).not.toContain("<script>alert");
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  }

  it("choose neither where a browser goes nor what a page holds, by no parameter", async () => {
    const query = fc.dictionary(fc.constantFrom(...names), values, { minKeys: 1, maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...open), query, async (path, parameters) => {
        const search = Object.entries(parameters)
          .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
          .join("&");
        leadsNowhere(await send(`${path}?${search}`));
      }),
      { numRuns: 150 },
    );
  });

  it("do not become our host by claiming to be", async () => {
    const hosts = fc.constantFrom(evil, `${evil}:443`, "localhost", "127.0.0.1:1", "[::1]");
    const claims = fc.record({
      host: hosts,
      "x-forwarded-host": fc.constant(evil),
      "x-forwarded-proto": fc.constantFrom("https", "javascript"),
      forwarded: fc.constant(`host=${evil};proto=https`),
      origin: fc.constantFrom(`https://${evil}`, "null"),
      referer: fc.constant(`https://${evil}/`),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...open), claims, async (path, headers) => {
        const heard = await send(path, headers);
        leadsNowhere(heard);
        expect(heard.body).not.toContain(evil);
      }),
      { numRuns: 60 },
    );
  });

  it("are told nothing by the pages that a consent ends on, whatever stands in the address", async () => {
    for (const path of ["/oauth/quickbooks/callback", "/oauth/zendesk/callback"]) {
      const heard = await send(`${path}?state=${"a".repeat(43)}&code=${encodeURIComponent(marked)}&realmId=1`);
      expect(heard).toMatchObject({
        status: 400,
        headers: { "referrer-policy": "no-referrer", "cache-control": "no-store" },
      });
    }
  });

  it("are heard with either verifier while it is changed, and with the former one no more afterwards", async () => {
    const body = JSON.stringify([]);
    const deliver = async (verifier: string) =>
      (
        await fetch(`${product.url}/webhooks/quickbooks`, {
          method: "POST",
          body,
          headers: { "intuit-signature": createHmac("sha256", verifier).update(body).digest("base64") },
        })
      ).status;
    const [current = ""] = (product.env["QUICKBOOKS_WEBHOOK_VERIFIER"] ?? "").split(",");
    expect([await deliver(current), await deliver(former), await deliver("neither")]).toEqual([200, 200, 401]);
    await service.kill("SIGTERM");
    service = await product.start({ QUICKBOOKS_WEBHOOK_VERIFIER: current });
    expect([await deliver(current), await deliver(former)]).toEqual([200, 401]);
  });
});
