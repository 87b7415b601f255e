import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { verifyIntuitSignature } from "./signature.ts";

const sign = (body: string, verifier: string) => createHmac("sha256", verifier).update(body).digest("base64");

describe("verifyIntuitSignature", () => {
  it("accepts the vector that Intuit's Java SDK publishes", () => {
    const body =
      '{"eventNotifications":[{"realmId":"1185883450","dataChangeEvent":{"entities":[{"name":"Customer","id":"1","operation":"Create","lastUpdated":"2015-10-05T14:42:19-0700"}]}}]}';
    const verifier = "b5771f19b12ddb4bcdb9f08bdc50bc63878a";
    const header = "JC2GUwciPmRBwEO7WvrRmKqu9tGOKL8FFallocTFi8Q=";
    expect(verifyIntuitSignature(Buffer.from(body), header, [verifier])).toBe(verifier);
    for (const wrong of ["1234", "", undefined, header.slice(1), `${header}AA`])
      expect(verifyIntuitSignature(Buffer.from(body), wrong, [verifier])).toBeUndefined();
  });

  it("says which of several verifiers signed, and covers every byte", () => {
    const body = "[]";
    expect(verifyIntuitSignature(Buffer.from(body), sign(body, "second"), ["first", "second"])).toBe("second");
    expect(verifyIntuitSignature(Buffer.from("[] "), sign(body, "second"), ["first", "second"])).toBeUndefined();
    expect(verifyIntuitSignature(Buffer.from(body), sign(body, "third"), ["first", "second"])).toBeUndefined();
    expect(verifyIntuitSignature(Buffer.from(body), sign(body, ""), [])).toBeUndefined();
  });
});
