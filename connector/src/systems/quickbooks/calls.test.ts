import { describe, expect, it } from "vitest";
import { parseRealm } from "../../domain/index.ts";
import { createCompanyCalls } from "./calls.ts";
import { quickbooksHosts } from "./hosts.ts";
import { createCompanyLimits, noRates } from "./limits.ts";

const [theirs, ours] = [parseRealm("9341453000000001"), parseRealm("9341453000000002")];
const standing = { blockedUntil: undefined, refusedSince: undefined, refusals: 0 };
const clock = { wallMs: () => 0, monotonicMs: () => 0, wait: () => Promise.resolve() };

describe("sandbox and production companies side by side", () => {
  it("are each asked at the host of their environment, and a new token where its client belongs", async () => {
    const asked: string[] = [];
    const calls = createCompanyCalls({
      exchange: ({ url }) => {
        asked.push(new URL(url).hostname);
        const body = JSON.stringify({ CompanyInfo: {}, time: "2026-11-20T10:00:00Z" });
        return Promise.resolve({ kind: "answer", status: 200, headers: {}, body });
      },
      hostsOf: (realm, environment = realm === theirs ? "sandbox" : "production") => quickbooksHosts(environment),
      tokens: { accessToken: () => Promise.resolve("t"), refreshAfterRefusal: () => Promise.resolve("t") },
      limits: createCompanyLimits({
        rates: noRates,
        blocks: {
          standing: () => Promise.resolve(standing),
          block: () => Promise.resolve(),
          unblock: () => Promise.resolve(),
        },
        clock,
      }),
      share: 1,
      clock,
    });
    const question = { operation: "read CompanyInfo", path: "companyinfo/1" };
    await calls.ask(theirs, question);
    await calls.ask(ours, question);
    await calls.ask(ours, question, { accessToken: "new", environment: "sandbox" });
    expect(asked).toEqual([
      "sandbox-quickbooks.api.intuit.com",
      "quickbooks.api.intuit.com",
      "sandbox-quickbooks.api.intuit.com",
    ]);
  });
});
