import { describe, expect, it } from "vitest";
import { parseConnectionId, parsePartyKey } from "../domain/index.ts";
import { findParty, pickNamed } from "../views/index.ts";
import { sampleApplication } from "./commands/sample-application.ts";
import { sampleWorld } from "./commands/sample-world.ts";

const connection = parseConnectionId(1);
const named = (key: string, displayName = "Acme Ltd") => ({ party: parsePartyKey(key), displayName });

describe("findParty", () => {
  it("takes a key in any letter case, or a display name that is unique", async () => {
    const application = sampleApplication(sampleWorld());
    expect((await findParty(application, connection, " Customer:13")).displayName).toBe("Roof");
    expect((await findParty(application, connection, "boreal")).party).toEqual({ kind: "customer", id: "20" });
  });

  it("names the candidates where several have the name", async () => {
    await expect(findParty(sampleApplication(sampleWorld()), connection, "Acme Ltd")).rejects.toThrow(
      '2 are named "Acme Ltd": write customer:12 (Acme Ltd) or vendor:5 (Acme Ltd).',
    );
  });

  it("says how to read a party that is not there yet", async () => {
    await expect(findParty(sampleApplication(sampleWorld()), connection, "vendor:77")).rejects.toThrow(
      "ml-connector sync --party vendor:77",
    );
  });
});

describe("pickNamed", () => {
  it("shows a bare number how a key is written", () => {
    expect(() => pickNamed("12", [])).toThrow("customer:12 or vendor:12");
  });

  it("lists only so many candidates", () => {
    const many = Array.from({ length: 20 }, (_, at) => named(`customer:${at + 1}`));
    expect(() => pickNamed("Acme Ltd", many)).toThrow("and 12 more");
  });
});
