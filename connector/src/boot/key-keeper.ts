// What an operator does with the key ring: look, rotate, remove. The service goes on meanwhile.
import type { KeysView } from "@ml-connector/contract";
import {
  explainKeys,
  readKeyUse,
  resealAll,
  type Seal,
  type SealedTextStore,
} from "../connections/credentials/index.ts";
import { OperatorError } from "../domain/index.ts";
import type { KeyPlace } from "./keys.ts";

export interface KeyKeeper {
  /** Why the ring does not open what the database holds, and what to do; undefined: it does. */
  fault(): Promise<string | undefined>;
  status(): Promise<KeysView>;
  /** A new key where the ring is our own file; then everything is sealed again with the first key of the ring. */
  rotate(): Promise<KeysView & { resealed: number; busy: number }>;
  /** Takes a key that nothing is sealed with out of our own file. */
  remove(kid: string): Promise<KeysView>;
}

export function createKeyKeeper({
  place,
  store,
  seal,
}: {
  place: KeyPlace;
  store: SealedTextStore;
  seal: Seal;
}): KeyKeeper {
  const fault = async () => explainKeys(await readKeyUse({ store, seal }), seal.keyIds());

  async function current(): Promise<{ current: string; kids: string[] }> {
    const ring = (await place.reload?.()) ?? place.ring;
    return { current: ring.current, kids: [...ring.keys.keys()] };
  }

  async function status(): Promise<KeysView> {
    const [ring, uses] = await Promise.all([current(), readKeyUse({ store, seal })]);
    const missing = uses.filter(({ kid }) => !ring.kids.includes(kid));
    return {
      where: place.where,
      ours: place.own !== undefined,
      keys: [
        ...ring.kids.map((kid) => uses.find((use) => use.kid === kid) ?? { kid, texts: 0, opens: true }),
        ...missing,
      ].map(({ kid, texts, opens }) => ({
        kid,
        current: kid === ring.current,
        texts,
        state: opens === undefined ? ("missing" as const) : opens ? ("good" as const) : ("wrong" as const),
      })),
    };
  }

  return {
    fault,
    status,
    rotate: () =>
      store.exclusively(async () => {
        await seal.reload();
        const says = await fault();
        if (says !== undefined) throw new OperatorError(says);
        await place.own?.add();
        await seal.reload();
        const { resealed, busy } = await resealAll({ store, seal });
        return { ...(await status()), resealed, busy };
      }),
    remove: (kid) =>
      store.exclusively(async () => {
        if (!place.own)
          throw new OperatorError(`The key ring is kept in ${place.where}: take "${kid}" out there, and start again.`);
        const use = (await readKeyUse({ store, seal })).find((each) => each.kid === kid);
        if (use !== undefined)
          throw new OperatorError(
            `Key "${kid}" still opens ${use.texts} sealed texts. Run first: ml-connector keys rotate`,
          );
        if (!(await place.own.remove(kid)))
          throw new OperatorError(`There is no key "${kid}" to remove: the one that seals stays.`);
        return status();
      }),
  };
}
