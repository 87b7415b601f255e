import { describe, expect, it } from "vitest";
import { buildEvent, eventKinds } from "../../src/webhooks/event.ts";
import { signPayload, testSecret } from "../../src/webhooks/signature.ts";
import { createAccount } from "../../src/world/account.ts";
import { createClock } from "../../src/world/clock.ts";
import { createRandom } from "../../src/world/random.ts";
import { fixtures, readFixture, whereFixtures } from "./fixtures.ts";

describe("webhook signatures", () => {
  it("are base64 of HMAC-SHA256 over timestamp and body: values recomputed by another program", () => {
    // openssl dgst -sha256 -hmac "$secret" -binary | base64, over the timestamp followed by the body
    expect(signPayload(testSecret, "2021-03-25T05:09:27Z", '{"a":1}')).toBe(
      "/mXSigLOoEkcTQbsWqgaVKrxFhN+K298pf/niM2rAnI=",
    );
    expect(signPayload(testSecret, "2021-03-25T05:09:27Z", "")).toBe("wCdBvXaHttn0wRVIYctzZ9O6O0bnqWakJMEKZ9VoRWw=");
  });
});

describe.skipIf(fixtures === undefined)(`the documented organization event${whereFixtures}`, () => {
  it("has the same keys in the same order, and the same form of values", () => {
    const text = readFixture("webhook-vectors/zendesk-docs-organization-created.json");
    const [documented] = JSON.parse(text) as [Record<string, unknown> & { detail: object }];
    const clock = createClock(() => Date.parse("2099-07-07T03:44:13Z"));
    const account = createAccount({ subdomain: "vectors", plan: "enterprise", clock, random: createRandom(1) });
    const organization = {
      id: 6_607_619_104_125,
      name: "Acme",
      shared_tickets: false,
      shared_comments: false,
      external_id: null,
      created_at: "2099-07-07T03:44:13Z",
      updated_at: "2099-07-07T03:44:13Z",
      domain_names: [],
      details: null,
      notes: null,
      group_id: null,
      tags: [],
      organization_fields: {},
    };
    const event = buildEvent(account, {
      kind: "organization.created",
      at: clock.now(),
      by: "person",
      organization,
      event: {},
    });
    expect(Object.keys(event)).toEqual(Object.keys(documented));
    expect(Object.keys(event.detail).sort()).toEqual(Object.keys(documented.detail).sort());
    expect(event.detail).toEqual(documented.detail);
    expect([event.subject, event.type]).toEqual([documented.subject, documented.type]);
  });
});

describe("event kinds", () => {
  it("of organizations are the six documented ones", () => {
    expect(eventKinds.filter((kind) => kind.startsWith("organization."))).toHaveLength(6);
  });
});
