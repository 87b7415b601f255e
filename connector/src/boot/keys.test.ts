import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openKeys } from "./keys.ts";
import { Secret } from "./secret.ts";

const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-keys-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("the keys that seal tokens", () => {
  it("are made once, for this user alone, and are the same at the next start", async () => {
    const dataFolder = path.join(root, "new", "folder");
    const [first, second] = await Promise.all([
      openKeys({ keys: undefined, keysFile: undefined, dataFolder }),
      openKeys({ keys: undefined, keysFile: undefined, dataFolder }),
    ]);
    expect(first?.ring).toEqual(second?.ring);
    const { ring } = await openKeys({ keys: undefined, keysFile: undefined, dataFolder });
    expect(ring).toEqual(first?.ring);
    expect(ring.keys.get(ring.current)).toHaveLength(32);
    expect(readdirSync(dataFolder)).toEqual(["keys"]);
    expect(statSync(path.join(dataFolder, "keys")).mode & 0o777).toBe(0o600);
  });

  it("of the configuration leave no file, and the first of them seals", async () => {
    const dataFolder = path.join(root, "configured");
    const keys = ["b", "a"].map((kid) => ({ kid, key: new Secret<Uint8Array>(new Uint8Array(32)) }));
    const place = await openKeys({ keys, keysFile: undefined, dataFolder });
    expect(place).toMatchObject({ ring: { current: "b" }, own: undefined, reload: undefined });
    expect(() => statSync(dataFolder)).toThrow();
  });

  it("are rotated in our own file: the new one seals, the former ones open until they are removed", async () => {
    const dataFolder = path.join(root, "rotated");
    const place = await openKeys({ keys: undefined, keysFile: undefined, dataFolder });
    expect(place.ring.current).toBe("k1");
    expect(await place.own?.add()).toBe("k2");
    const rotated = await place.reload?.();
    expect(rotated?.current).toBe("k2");
    expect(rotated?.keys.get("k1")).toEqual(place.ring.keys.get("k1"));
    expect(statSync(path.join(dataFolder, "keys")).mode & 0o777).toBe(0o600);
    expect(await place.own?.remove("k2")).toBe(false);
    expect(await place.own?.remove("k1")).toBe(true);
    expect([...((await place.reload?.())?.keys.keys() ?? [])]).toEqual(["k2"]);
    expect(readdirSync(dataFolder)).toEqual(["keys"]);
  });

  it("of a file that the operator gives are read again, and never written", async () => {
    const file = path.join(root, "given");
    const line = (kid: string) => `${kid}:${Buffer.alloc(32, kid).toString("base64url")}\n`;
    writeFileSync(file, line("a"));
    const keys = [{ kid: "a", key: new Secret<Uint8Array>(Buffer.alloc(32, "a")) }];
    const place = await openKeys({ keys, keysFile: file, dataFolder: root });
    writeFileSync(file, line("b") + line("a"));
    expect((await place.reload?.())?.current).toBe("b");
    expect(place.own).toBeUndefined();
  });

  it("are refused when others may read them, or when the file is damaged", async () => {
    const dataFolder = mkdtempSync(path.join(root, "open-"));
    const file = path.join(dataFolder, "keys");
    writeFileSync(file, "damaged");
    chmodSync(file, 0o640);
    await expect(openKeys({ keys: undefined, keysFile: undefined, dataFolder })).rejects.toThrow(/chmod 600/);
    chmodSync(file, 0o600);
    await expect(openKeys({ keys: undefined, keysFile: undefined, dataFolder })).rejects.toThrow(
      /Restore it from a backup/,
    );
  });
});
