import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";
import type { Seal, SealBinding } from "./ports.ts";

/** A text cannot be opened. Holds neither the text nor a key. */
export class SealBroken extends Error {
  override name = "SealBroken";
}

/** Keys of 32 bytes by id. Sealing uses the current one, opening the one that a text names: so keys rotate without downtime. */
export interface KeyRing {
  current: string;
  keys: ReadonlyMap<string, Uint8Array>;
}

const keyBytes = 32;

/**
 * Compact JWE, A256GCMKW + A256GCM (RFC 7516, 7518). The protected header, which is authenticated, names table, row and field: a sealed text
 * that somebody copies into another row does not open there.
 */
export function createSeal(ring: KeyRing): Seal {
  const current = ring.keys.get(ring.current);
  if (current === undefined) throw new SealBroken(`the current key ${JSON.stringify(ring.current)} is not in the ring`);
  for (const [id, key] of ring.keys)
    if (key.length !== keyBytes) throw new SealBroken(`key ${JSON.stringify(id)} must be ${keyBytes} bytes long`);

  return {
    seal: (text, binding) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: "A256GCMKW", enc: "A256GCM", kid: ring.current, for: textOf(binding) })
        .encrypt(current),

    async open(sealed, binding) {
      const kid = keyIdOf(sealed);
      const key = kid === undefined ? undefined : ring.keys.get(kid);
      if (key === undefined) throw new SealBroken(`no key ${JSON.stringify(kid)} for ${textOf(binding)}`);
      const opened = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: ["A256GCMKW"],
        contentEncryptionAlgorithms: ["A256GCM"],
      }).catch((cause: unknown) => {
        throw new SealBroken(`${textOf(binding)} does not open with its key`, { cause });
      });
      if (opened.protectedHeader["for"] !== textOf(binding)) throw new SealBroken(`not sealed for ${textOf(binding)}`);
      return new TextDecoder().decode(opened.plaintext);
    },

    isCurrent: (sealed) => keyIdOf(sealed) === ring.current,
  };
}

function textOf({ table, row, field }: SealBinding): string {
  return `${table}/${row}/${field}`;
}

function keyIdOf(sealed: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(sealed);
    return typeof kid === "string" ? kid : undefined;
  } catch {
    return undefined;
  }
}
