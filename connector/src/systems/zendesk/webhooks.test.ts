import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseZendeskEvent, verifyZendeskSignature } from "./webhooks.ts";

const secret = "c2VjcmV0";
const body = Buffer.from('{"subject":"zen:organization:6607619104125"}');
const timestamp = "2026-11-20T10:00:00Z";
const at = Date.parse(timestamp);
const signature = createHmac("sha256", secret).update(timestamp).update(body).digest("base64");

describe("a delivery of Zendesk", () => {
  it("is Zendesk's when its signature over timestamp and bytes fits", () => {
    expect(verifyZendeskSignature(body, { timestamp, signature }, secret, at)).toBe(true);
    expect(verifyZendeskSignature(Buffer.from("{}"), { timestamp, signature }, secret, at)).toBe(false);
    expect(verifyZendeskSignature(body, { timestamp, signature }, "other", at)).toBe(false);
    expect(verifyZendeskSignature(body, { timestamp: undefined, signature: undefined }, secret, at)).toBe(false);
  });

  it("is refused more than five minutes from its time, and without one that can be read", () => {
    const minutes = (count: number) => at + count * 60_000;
    expect(verifyZendeskSignature(body, { timestamp, signature }, secret, minutes(4.9))).toBe(true);
    expect(verifyZendeskSignature(body, { timestamp, signature }, secret, minutes(5.1))).toBe(false);
    expect(verifyZendeskSignature(body, { timestamp, signature }, secret, minutes(-5.1))).toBe(false);
    const never = createHmac("sha256", secret).update("soon").update(body).digest("base64");
    expect(verifyZendeskSignature(body, { timestamp: "soon", signature: never }, secret, at)).toBe(false);
  });

  it("names whom to look at, and nothing else", () => {
    expect(parseZendeskEvent(body)).toEqual({ kind: "organization", id: 6607619104125 });
    const created = (external_id: string | null) => {
      const detail = { id: "7", name: "Boreal", external_id };
      return Buffer.from(
        JSON.stringify({ type: "zen:event-type:organization.created", subject: "zen:organization:7", detail }),
      );
    };
    expect(parseZendeskEvent(created("crm-12"))).toEqual({ kind: "organization", id: 7 });
    const ours = "qbo:9341453000000001:customer:12";
    expect(parseZendeskEvent(created(ours))).toEqual({
      kind: "organization",
      id: 7,
      created: { externalId: ours, name: "Boreal" },
    });
    expect(parseZendeskEvent(Buffer.from('{"subject":"zen:user:12"}'))).toEqual({ kind: "user", id: 12 });
    for (const text of ["", "[]", "{", '{"subject":"zen:ticket:1"}', '{"subject":"zen:user:0"}', '{"subject":7}'])
      expect(parseZendeskEvent(Buffer.from(text))).toBeUndefined();
  });
});
