// SPEC.md C12.
import { describe, expect, it } from "vitest";
import { createSeal, SealBroken } from "./seal.ts";

const key = (byte: number) => new Uint8Array(32).fill(byte);
const ring = {
  current: "new",
  keys: new Map([
    ["new", key(1)],
    ["old", key(2)],
  ]),
};
const here = { table: "credential", row: "zendesk:app:acme", field: "tokens" };

describe("a sealed text", () => {
  it("opens where it was sealed, and shows nothing of itself", async () => {
    const seal = createSeal(ring);
    const sealed = await seal.seal("a secret", here);
    expect(sealed).not.toContain("secret");
    expect(await seal.open(sealed, here)).toBe("a secret");
    expect(await seal.seal("a secret", here)).not.toBe(sealed);
  });

  it("does not open in another row, table or field", async () => {
    const seal = createSeal(ring);
    const sealed = await seal.seal("a secret", here);
    for (const elsewhere of [
      { ...here, row: "zendesk:app:other" },
      { ...here, table: "oauth_state" },
      { ...here, field: "verifier" },
    ])
      await expect(seal.open(sealed, elsewhere)).rejects.toBeInstanceOf(SealBroken);
  });

  it("does not open once a part of it was changed", async () => {
    const seal = createSeal(ring);
    const parts = (await seal.seal("a secret", here)).split(".");
    const header = Buffer.from(
      JSON.stringify({
        ...JSON.parse(Buffer.from(parts[0] ?? "", "base64url").toString()),
        for: "credential/x/tokens",
      }),
    ).toString("base64url");
    const forged = [header, ...parts.slice(1)].join(".");
    await expect(seal.open(forged, { ...here, row: "x" })).rejects.toBeInstanceOf(SealBroken);
    await expect(seal.open("nonsense", here)).rejects.toBeInstanceOf(SealBroken);
  });

  it("opens under a former key of the ring, and asks to be sealed again", async () => {
    const former = await createSeal({ ...ring, current: "old" }).seal("a secret", here);
    const seal = createSeal(ring);
    expect(await seal.open(former, here)).toBe("a secret");
    expect(seal.isCurrent(former)).toBe(false);
    expect(seal.isCurrent(await seal.seal("a secret", here))).toBe(true);
  });

  it("says which key is missing, and refuses a ring that cannot work", async () => {
    const sealed = await createSeal(ring).seal("a secret", here);
    const other = createSeal({ current: "other", keys: new Map([["other", key(3)]]) });
    await expect(other.open(sealed, here)).rejects.toThrow('no key "new"');
    await expect(other.open(sealed, here)).rejects.toMatchObject({ missingKey: "new" });
    expect(() => createSeal({ current: "gone", keys: ring.keys })).toThrow(SealBroken);
    expect(() => createSeal({ current: "short", keys: new Map([["short", new Uint8Array(16)]]) })).toThrow(SealBroken);
  });

  it("learns of a key that another process has made, when it meets it", async () => {
    const rotated = createSeal({ current: "newer", keys: new Map([...ring.keys, ["newer", key(9)]]) });
    let reads = 0;
    const seal = createSeal(ring, () => {
      reads += 1;
      return Promise.resolve({ current: "newer", keys: new Map([...ring.keys, ["newer", key(9)]]) });
    });
    expect(await seal.open(await seal.seal("a secret", here), here)).toBe("a secret");
    expect(reads).toBe(0);
    expect(await seal.open(await rotated.seal("a secret", here), here)).toBe("a secret");
    expect(reads).toBe(1);
    expect(seal.keyIdOf(await seal.seal("another", here))).toBe("newer");
  });
});
