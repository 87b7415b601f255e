// Whatever a stranger writes into the addresses that browsers come back to: nothing is asked, nothing is stored, nobody is sent anywhere.
import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSeal, type GrantSource } from "../../src/connections/credentials/index.ts";
import {
  type AuthorizationOptions,
  beginAuthorization,
  completeAuthorization,
  openTicket,
} from "../../src/connections/index.ts";
import { oauthRoutes } from "../../src/http/oauth-routes.ts";
import { createCompanyStore } from "../../src/store/company-store.ts";
import { createConnectionStore } from "../../src/store/connection-store.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { createIncidentStore } from "../../src/store/incident-store.ts";
import { createOauthStateStore } from "../../src/store/oauth-state-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";
import { oneClient } from "./one-client.ts";

const nobody = () => Promise.reject(new Error("a system was asked"));
const silent: GrantSource = {
  authorizationUrl: () => {
    throw new Error("a sign-in began");
  },
  exchangeCode: nobody,
  refresh: nobody,
  issue: nobody,
  revoke: nobody,
};

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    "https://evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    "\r\nset-cookie: a=b",
    "%00",
    "../../etc/passwd",
    "eyJhbGciOiJub25lIn0..",
    "a".repeat(9_000),
  ),
);
const queries = fc.dictionary(
  fc.constantFrom("state", "code", "realmId", "error", "ticket", "redirect", "redirect_uri", "next", "host"),
  fc.oneof(nasty, fc.array(nasty, { minLength: 2, maxLength: 3 })),
);
const paths = fc.constantFrom("/oauth/quickbooks/callback", "/oauth/zendesk/callback", "/oauth/reconnect");
const hosts = fc.constantFrom("localhost", "evil.example", "evil.example:443", "127.0.0.1@evil.example");

describe("addresses that browsers come back to", () => {
  let test: TestDatabase;
  let server: FastifyInstance;
  beforeAll(async () => {
    test = await testDatabase();
    const seal = createSeal({ current: "one", keys: new Map([["one", randomBytes(32)]]) });
    const clock = { wallMs: () => Date.now(), wait: () => Promise.resolve() };
    const options: AuthorizationOptions = {
      connections: createConnectionStore(test.database),
      companies: createCompanyStore(test.database),
      credentials: createCredentialStore(test.database),
      incidents: createIncidentStore(test.database),
      states: createOauthStateStore(test.database),
      clients: oneClient({ quickbooks: silent, zendesk: silent }),
      seal,
      clock,
      randomBytes,
      quickbooks: { redirectUri: "https://ours.example/q", readCompany: nobody },
      zendesk: { redirectUri: "https://ours.example/z", checkToken: nobody },
      forget: () => undefined,
    };
    server = Fastify();
    oauthRoutes(server, {
      completeAuthorization: (system, query, browser) => completeAuthorization(system, query, options, browser),
      async reconnect(ticket, browser) {
        const of = await openTicket(ticket, { seal, clock });
        return of && beginAuthorization({ ...of, browser }, options);
      },
      newBrowserSecret: () => randomBytes(32).toString("base64url"),
      isSecure: () => true,
    });
  });
  afterAll(async () => {
    await server.close();
    await test.close();
  });

  it("answer 400 with a page that leads nowhere and repeats nothing", async () => {
    await fc.assert(
      fc.asyncProperty(paths, queries, hosts, nasty, async (path, query, host, cookie) => {
        const search = new URLSearchParams();
        for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) search.append(name, one);
        const answer = await server.inject({
          url: `${path}?${search.toString().slice(0, 12_000)}`,
          headers: { host, cookie: `ml_connector_consent=${cookie.replaceAll(/[^\x20-\x7e]/g, "")}` },
        });
        expect(answer.statusCode).toBe(400);
        expect(answer.headers["location"]).toBeUndefined();
        expect(answer.headers["set-cookie"]).toBeUndefined();
        expect(answer.body).not.toMatch(/evil|<script|javascript:/);
      }),
      { numRuns: 300 },
    );
    for (const table of ["credential", "oauth_state", "company", "connection"] as const)
      expect(await test.database.selectFrom(table).selectAll().execute()).toEqual([]);
  });
});
