import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseConnectionId } from "../../domain/index.ts";
import { signedHeaders, slackBody, webhookBody } from "./bodies.ts";
import { parseDestination } from "./destination.ts";
import { alertMessage } from "./message.ts";
import type { DueAlert } from "./ports.ts";
import { isPublicAddress } from "./public-address.ts";
import { againInMs } from "./send-due.ts";

const now = new Date("2026-11-22T12:00:00Z");
const alert: DueAlert = {
  id: "00000000-0000-4000-8000-000000000001",
  event: "opened",
  attempts: 0,
  createdAt: now,
  target: { id: 1, kind: "email", name: "ops@example.com", sealed: "", least: "degraded" },
  incident: {
    id: 7,
    cause: "quickbooks:grant-refused",
    says: "QuickBooks (934) no longer accepts our grant: connect the company again.",
    severity: "stopped",
    affected: 1,
    openedAt: now,
    resolvedAt: undefined,
    connectionId: parseConnectionId(3),
    subdomain: "acme",
    company: "Birds & Co\r\nBcc: evil@example.com <b>",
  },
};
const context = {
  publicUrl: "https://sync.example.com",
  now,
  reconnectUrl: "https://sync.example.com/oauth/reconnect?ticket=t",
};

describe("an alert", () => {
  it("says whose, what and what to do, with the one click that mends it", () => {
    const { title, text } = alertMessage(alert, context);
    expect(title).toContain("acme: QuickBooks (934) no longer accepts our grant");
    expect(text.join("\n")).toContain(context.reconnectUrl);
    expect(text.join("\n")).toContain("Since 2026-11-22 12:00 UTC");
  });

  it("keeps a company's name out of the headers of an e-mail and out of Slack's control characters", () => {
    const message = alertMessage(alert, context);
    expect(message.title).not.toMatch(/[\r\n]/);
    expect(slackBody(message)).toContain("Birds &amp; Co Bcc: evil@example.com &lt;b&gt;");
  });

  it("of an end says that it is over, and offers no click", () => {
    const { title, text } = alertMessage({ ...alert, event: "resolved" }, { ...context, reconnectUrl: undefined });
    expect(title).toContain("resolved: ");
    expect(text[0]).toContain("over since");
  });

  it("is signed so that the receiver can check id, time and body", () => {
    const message = alertMessage(alert, context);
    const body = webhookBody(message);
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const headers = signedHeaders(message.id, now, body, secret);
    const expected = createHmac("sha256", Buffer.alloc(32, 7))
      .update(`${message.id}.1795348800.${body}`)
      .digest("base64");
    expect(headers).toEqual({
      "webhook-id": message.id,
      "webhook-timestamp": "1795348800",
      "webhook-signature": `v1,${expected}`,
    });
    expect(JSON.parse(body)).toMatchObject({
      type: "ml-connector.incident.opened",
      data: { alertId: message.id, incident: { cause: "quickbooks:grant-refused", connectionId: 3, resolvedAt: null } },
    });
  });

  it("is tried again ever later, for a day", () => {
    expect([0, 1, 2, 20].map((attempts) => againInMs(attempts, 0))).toEqual([5_000, 10_000, 20_000, 900_000]);
    expect(againInMs(0, 25 * 3_600_000)).toBeUndefined();
  });
});

describe("a target", () => {
  const options = { newSecret: () => "whsec_new", privateTargets: false };

  it("is an address of mail, of Slack, or of anybody's webhook", () => {
    expect(parseDestination("email", " ops@example.com ", options)).toEqual({
      destination: { kind: "email", address: "ops@example.com" },
      name: "ops@example.com",
    });
    expect(parseDestination("slack", "https://hooks.slack.com/services/T0/B0/secret", options).name).toBe(
      "hooks.slack.com",
    );
    expect(parseDestination("webhook", "https://ops.example.com/in?key=1", options).destination).toMatchObject({
      secret: "whsec_new",
    });
  });

  it.each([
    ["email", "ops@example.com, boss@example.com"],
    ["email", "ops@example.com\r\nBcc: x@y.z"],
    ["email", "nobody"],
    ["slack", "https://hooks.slack.com.evil.example/services"],
    ["webhook", "http://ops.example.com/"],
    ["webhook", "https://user:password@ops.example.com/"],
    ["webhook", "file:///etc/passwd"],
    ["webhook", `https://ops.example.com/${"a".repeat(3_000)}`],
  ] as const)("is refused: %s %s", (kind, to) => {
    expect(() => parseDestination(kind, to, options)).toThrow();
  });
});

describe("a public address", () => {
  it.each(["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"])("is %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "2002:0a00:0001::",
    "2001:db8::1",
    "localhost",
    "example.com",
  ])("is not %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
