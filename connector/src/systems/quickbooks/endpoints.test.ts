import { describe, expect, it } from "vitest";
import type { HttpOutcome } from "../ports.ts";
import { createEndpoints } from "./endpoints.ts";
import { quickbooksHosts } from "./hosts.ts";

const hosts = quickbooksHosts("production");
const answer = (document: object | string, status = 200): HttpOutcome => ({
  kind: "answer",
  status,
  headers: {},
  body: typeof document === "string" ? document : JSON.stringify(document),
});

async function discovered(outcome: HttpOutcome, of = hosts) {
  const asked: string[] = [];
  const exchange = (request: { url: string }) => {
    asked.push(request.url);
    return Promise.resolve(outcome);
  };
  const endpoints = createEndpoints({ exchange, hosts: of, monotonicMs: () => 0 });
  const there = await endpoints.discover();
  return { there, asked, current: endpoints.current() };
}

const pinned = { authorize: hosts.authorize, token: hosts.token, revoke: hosts.revoke };

describe("Intuit's OAuth addresses", () => {
  it("are those of the discovery document, where it stays at Intuit", async () => {
    const { there, asked, current } = await discovered(
      answer({
        authorization_endpoint: "https://appcenter.intuit.com/connect/oauth3",
        token_endpoint: "https://oauth.platform.intuit.com/oauth3/v1/tokens/bearer",
        revocation_endpoint: "https://developer.api.intuit.com/v3/oauth2/tokens/revoke",
      }),
    );
    expect(there).toBe(true);
    expect(asked).toEqual(["https://developer.api.intuit.com/.well-known/openid_configuration"]);
    expect(current).toEqual({
      authorize: "https://appcenter.intuit.com/connect/oauth3",
      token: "https://oauth.platform.intuit.com/oauth3/v1/tokens/bearer",
      revoke: "https://developer.api.intuit.com/v3/oauth2/tokens/revoke",
    });
  });

  it.each([
    "https://intuit.com.evil.example/token",
    "https://evilintuit.com/token",
    "http://oauth.platform.intuit.com/token",
    "https://user:password@oauth.platform.intuit.com/token",
    "https://oauth.platform.intuit.com:8443/token",
    "https://oauth.platform.intuit.com/token?to=evil",
    "file:///etc/passwd",
    "nonsense",
    7,
    null,
  ])("never lead elsewhere: %s", async (named) => {
    const { current } = await discovered(
      answer({ authorization_endpoint: named, token_endpoint: named, revocation_endpoint: named }),
    );
    expect(current).toEqual(pinned);
  });

  it.each([
    answer("<html>", 502),
    answer("nonsense"),
    answer("[]"),
    { kind: "none", why: "timeout", sent: true } as const,
  ])("are the pinned ones when there is no document", async (outcome) => {
    const { there, current } = await discovered(outcome);
    expect(there).toBe(false);
    expect(current).toEqual(pinned);
  });

  it("stay at the very host that stands in for Intuit", async () => {
    const local = quickbooksHosts("sandbox", "http://127.0.0.1:9000");
    const at = (host: string) => answer({ token_endpoint: `http://${host}/other` });
    expect((await discovered(at("127.0.0.1:9000"), local)).current.token).toBe("http://127.0.0.1:9000/other");
    expect((await discovered(at("127.0.0.1:9001"), local)).current.token).toBe(local.token);
    expect((await discovered(answer({ token_endpoint: hosts.token }), local)).current.token).toBe(local.token);
  });
});
