import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadKeys } from "./keys.ts";
import { Secret } from "./secret.ts";

const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-keys-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("the keys that seal tokens", () => {
  it("are made once, for this user alone, and are the same at the next start", async () => {
    const dataFolder = path.join(root, "new", "folder");
    const [first, second] = await Promise.all([
      loadKeys({ keys: undefined, dataFolder }),
      loadKeys({ keys: undefined, dataFolder }),
    ]);
    expect(first).toEqual(second);
    expect(await loadKeys({ keys: undefined, dataFolder })).toEqual(first);
    expect(first.keys.get(first.current)).toHaveLength(32);
    expect(readdirSync(dataFolder)).toEqual(["keys"]);
    expect(statSync(path.join(dataFolder, "keys")).mode & 0o777).toBe(0o600);
  });

  it("of the configuration leave no file, and the first of them seals", async () => {
    const dataFolder = path.join(root, "configured");
    const keys = ["b", "a"].map((kid) => ({ kid, key: new Secret<Uint8Array>(new Uint8Array(32)) }));
    expect((await loadKeys({ keys, dataFolder })).current).toBe("b");
    expect(() => statSync(dataFolder)).toThrow();
  });

  it("are refused when others may read them, or when the file is damaged", async () => {
    const dataFolder = mkdtempSync(path.join(root, "open-"));
    const file = path.join(dataFolder, "keys");
    writeFileSync(file, "damaged");
    chmodSync(file, 0o640);
    await expect(loadKeys({ keys: undefined, dataFolder })).rejects.toThrow(/chmod 600/);
    chmodSync(file, 0o600);
    await expect(loadKeys({ keys: undefined, dataFolder })).rejects.toThrow(/Restore it from a backup/);
  });
});
