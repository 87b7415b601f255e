import { describe, expect, it } from "vitest";
import type { ConnectionId } from "../domain/index.ts";
import { defaultMapping } from "../rules/mapping/index.ts";
import { createMappingSource } from "./mappings.ts";

const connection = 1 as ConnectionId;

describe("compiled mappings", () => {
  it("are compiled once each, although a stopped plan uses two versions in turn; old ones are let go of", async () => {
    const asked: number[] = [];
    const mappingOf = createMappingSource({
      version: (_, version) => {
        asked.push(version);
        const document = defaultMapping;
        return Promise.resolve({ version, document, who: "test", at: new Date(0), note: undefined });
      },
    });
    for (let turn = 0; turn < 3; turn += 1) for (const version of [1, 2]) await mappingOf(connection, version);
    expect(asked).toEqual([1, 2]);
    expect(await mappingOf(connection, 1)).toBe(await mappingOf(connection, 1));
    await mappingOf(2 as ConnectionId, 1);
    expect(asked).toEqual([1, 2, 1]);
    for (const version of [3, 4, 5]) await mappingOf(connection, version);
    await mappingOf(connection, 1);
    expect(asked).toEqual([1, 2, 1, 3, 4, 5]);
    await mappingOf(connection, 2);
    expect(asked.at(-1)).toBe(2);
  });

  it("of a version that does not exist are a fault", async () => {
    const mappingOf = createMappingSource({ version: () => Promise.resolve(undefined) });
    await expect(mappingOf(connection, 7)).rejects.toThrow("no mapping version 7");
  });
});
