import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";
import { OperatorError } from "../../domain/index.ts";
import type { Seal, SealBinding } from "./ports.ts";

/** A text cannot be opened. Holds neither the text nor a key. */
export class SealBroken extends OperatorError {
  override name = "SealBroken";
  /** The id of the key that the ring lacks. */
  readonly missingKey: string | undefined;

  constructor(message: string, options?: { cause?: unknown; missingKey?: string | undefined }) {
    super(message, { cause: options?.cause });
    this.missingKey = options?.missingKey;
  }
}

/** Keys of 32 bytes by id. Sealing uses the current one, opening the one that a text names: so keys rotate without downtime. */
export interface KeyRing {
  current: string;
  keys: ReadonlyMap<string, Uint8Array>;
}

const keyBytes = 32;

/**
 * Compact JWE, A256GCMKW + A256GCM (RFC 7516, 7518). The protected header, which is authenticated, names table, row and field: a sealed text
 * that somebody copies into another row does not open there. `reload`: another process may have rotated the keys; it is asked once for each
 * text whose key the ring lacks.
 */
export function createSeal(first: KeyRing, reload?: () => Promise<KeyRing>): Seal {
  let ring = checked(first);

  async function keyOf(kid: string | undefined): Promise<Uint8Array | undefined> {
    if (kid === undefined) return undefined;
    if (!ring.keys.has(kid) && reload !== undefined) ring = checked(await reload());
    return ring.keys.get(kid);
  }

  return {
    seal: (text, binding) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: "A256GCMKW", enc: "A256GCM", kid: ring.current, for: textOf(binding) })
        .encrypt(ring.keys.get(ring.current) ?? new Uint8Array()),

    async open(sealed, binding) {
      const kid = keyIdOf(sealed);
      const key = await keyOf(kid);
      if (key === undefined)
        throw new SealBroken(`There is no key ${JSON.stringify(kid)} for ${textOf(binding)}: add it to the key ring.`, {
          missingKey: kid ?? "",
        });
      const opened = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: ["A256GCMKW"],
        contentEncryptionAlgorithms: ["A256GCM"],
      }).catch((cause: unknown) => {
        throw new SealBroken(
          `${textOf(binding)} does not open with key ${JSON.stringify(kid)}: another key has its id.`,
          {
            cause,
          },
        );
      });
      if (opened.protectedHeader["for"] !== textOf(binding)) throw new SealBroken(`not sealed for ${textOf(binding)}`);
      return new TextDecoder().decode(opened.plaintext);
    },

    isCurrent: (sealed) => keyIdOf(sealed) === ring.current,
    keyIdOf,
    async reload() {
      if (reload !== undefined) ring = checked(await reload());
    },
    keyIds: () => [...ring.keys.keys()],
  };
}

function checked(ring: KeyRing): KeyRing {
  if (!ring.keys.has(ring.current))
    throw new SealBroken(`The current key ${JSON.stringify(ring.current)} is not in the key ring.`);
  for (const [id, key] of ring.keys)
    if (key.length !== keyBytes) throw new SealBroken(`Key ${JSON.stringify(id)} must be ${keyBytes} bytes long.`);
  return ring;
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
