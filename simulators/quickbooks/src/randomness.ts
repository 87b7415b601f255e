import { createHash, randomBytes } from "node:crypto";

/** Everything that is random comes from here, so that a seed repeats a run. */
export interface Randomness {
  bytes(count: number): Buffer;
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
}

/** Without a seed: the machine's own randomness. With one: SHA-256 of seed and a counter; not for secrets of real systems. */
export function createRandomness(seed?: number): Randomness {
  const bytes = seed === undefined ? (count: number) => randomBytes(count) : seededBytes(seed);
  return {
    bytes,
    fraction: () => bytes(4).readUInt32BE(0) / 2 ** 32,
  };
}

function seededBytes(seed: number): (count: number) => Buffer {
  let block = 0;
  return (count) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < count; have += 32) {
      parts.push(createHash("sha256").update(`${seed}:${block}`).digest());
      block += 1;
    }
    return Buffer.concat(parts).subarray(0, count);
  };
}

export function uuidFrom(randomness: Randomness): string {
  const bytes = randomness.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
