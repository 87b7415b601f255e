import { z } from "zod";
import { count } from "./values.ts";

/** The key ring that seals tokens, and what each of its keys is used for. No key material. */
export const keysView = z.object({
  /** The variable or the file that holds it. */
  where: z.string(),
  /** The file is our own: keys can be added and removed by command. */
  ours: z.boolean(),
  keys: z.array(
    z.object({
      kid: z.string(),
      /** Seals what is stored from now on. */
      current: z.boolean(),
      /** Sealed texts in the database that need it. */
      texts: count,
      /** missing: the database names it and the ring lacks it; wrong: another key has its id. */
      state: z.enum(["good", "missing", "wrong"]),
    }),
  ),
});
export type KeysView = z.infer<typeof keysView>;

export const keysRotated = keysView.extend({
  resealed: count,
  /** In use at this moment: they seal themselves, or the next rotation does. */
  busy: count,
});
export type KeysRotated = z.infer<typeof keysRotated>;
