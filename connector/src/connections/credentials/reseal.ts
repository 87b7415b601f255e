// The sealed texts of the database and the keys that open them: which key is used for how much, and sealing again under a new one.
import type { Seal, SealBinding, SealedText, SealedTextStore } from "./ports.ts";
import { SealBroken } from "./seal.ts";

export interface Resealed {
  resealed: number;
  /** In use at this moment: whoever uses them seals them, or the next call does. */
  busy: number;
  /** Cannot be opened: their key is gone, or they were changed. */
  broken: SealBinding[];
}

/** Seals everything again that names a former key. The service goes on meanwhile. */
export async function resealAll({ store, seal }: { store: SealedTextStore; seal: Seal }): Promise<Resealed> {
  const outcome: Resealed = { resealed: 0, busy: 0, broken: [] };
  for (const text of await store.all()) {
    if (seal.isCurrent(text.sealed)) continue;
    try {
      const replaced = await store.replace(
        text,
        await seal.seal(await seal.open(text.sealed, text.binding), text.binding),
      );
      outcome[replaced ? "resealed" : "busy"] += 1;
    } catch (fault) {
      if (!(fault instanceof SealBroken)) throw fault;
      outcome.broken.push(text.binding);
    }
  }
  return outcome;
}

/** What the keys are used for. `opens`: one text of each key was tried; undefined where the ring has no such key. */
export interface KeyUse {
  kid: string;
  texts: number;
  opens: boolean | undefined;
}

export async function readKeyUse({ store, seal }: { store: SealedTextStore; seal: Seal }): Promise<KeyUse[]> {
  const texts = new Map<string, SealedText[]>();
  for (const text of await store.all()) {
    const kid = seal.keyIdOf(text.sealed) ?? "";
    texts.set(kid, [...(texts.get(kid) ?? []), text]);
  }
  return Promise.all(
    [...texts].map(
      async ([kid, of]): Promise<KeyUse> => ({ kid, texts: of.length, opens: await opensOne(seal, of[0]) }),
    ),
  );
}

async function opensOne(seal: Seal, text: SealedText | undefined): Promise<boolean | undefined> {
  if (text === undefined) return undefined;
  try {
    await seal.open(text.sealed, text.binding);
    return true;
  } catch (fault) {
    if (!(fault instanceof SealBroken)) throw fault;
    return fault.missingKey === undefined ? false : undefined;
  }
}

/** What a start has to refuse: tokens that this ring does not open. Undefined: all is well. */
export function explainKeys(uses: readonly KeyUse[], ring: readonly string[]): string | undefined {
  const sentences = uses.flatMap(({ kid, texts, opens }) => {
    if (opens === undefined)
      return [
        `The database holds ${texts} sealed ${texts === 1 ? "text" : "texts"} of key "${kid}", which is missing: the key ring has ${ring.map((each) => `"${each}"`).join(", ")}. Add "${kid}" to ML_CONNECTOR_KEYS or to the key file, from your backup.`,
      ];
    if (!opens)
      return [
        `Key "${kid}" is not the one that sealed ${texts} ${texts === 1 ? "text" : "texts"} in the database: another key has its id. Put the right one back from your backup.`,
      ];
    return [];
  });
  return sentences.length === 0 ? undefined : sentences.join(" ");
}
