import { describe, expect, it } from "vitest";
import { parseConnectionId } from "../domain/index.ts";
import { pickConnection, requireWorking } from "./choose-connection.ts";
import { sampleConnection } from "./commands/sample-world.ts";

const second = sampleConnection({ id: parseConnectionId(2), companyName: "Other" });

describe("pickConnection", () => {
  it("takes the only one without being told", () => {
    expect(pickConnection([sampleConnection()], undefined).id).toBe(1);
    expect(pickConnection([sampleConnection({ state: "disconnected" }), second], undefined).id).toBe(2);
  });

  it("asks for a number where there are several, naming them", () => {
    expect(() => pickConnection([sampleConnection(), second], undefined)).toThrow(
      "There are 2 connections: add --connection and the number of one of them: 1 (Sample & Sons, sample), 2 (Other, sample).",
    );
    expect(pickConnection([sampleConnection(), second], parseConnectionId(2)).id).toBe(2);
  });

  it("says what there is when the number is wrong, and how to begin when there is nothing", () => {
    expect(() => pickConnection([second], parseConnectionId(7))).toThrow(
      "There is no connection 7. There are: 2 (Other, sample).",
    );
    expect(() => pickConnection([], undefined)).toThrow("ml-connector connect SUBDOMAIN");
  });

  it("does not work on a connection that never got its company", () => {
    expect(() => pickConnection([sampleConnection({ realm: undefined, state: "connecting" })], undefined)).toThrow(
      "Connection 1 is not finished. Begin again with: ml-connector connect sample",
    );
  });
});

describe("requireWorking", () => {
  it.each([
    ["planned", "ml-connector plan approve --connection 1"],
    ["loading", "ml-connector status"],
    ["disconnected", "ml-connector connect sample"],
    ["paused", "paused (zendesk:401)"],
  ] as const)("refuses work while the connection is %s and says what to do", (state, words) => {
    const connection = pickConnection([sampleConnection({ state, pausedBy: "zendesk:401" })], parseConnectionId(1));
    expect(() => requireWorking(connection)).toThrow(words);
  });

  it("lets work pass on an active one", () => {
    expect(() => requireWorking(pickConnection([sampleConnection()], undefined))).not.toThrow();
  });
});
