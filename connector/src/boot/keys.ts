import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { KeyRing } from "../connections/credentials/index.ts";
import { OperatorError } from "../domain/index.ts";
import { keyRing, type NamedKey } from "./config-values.ts";
import { Secret } from "./secret.ts";

const keyBytes = 32;

/** Where the key ring comes from, and what can be done to it there. */
export interface KeyPlace {
  ring: KeyRing;
  /** For people: `ML_CONNECTOR_KEYS`, or the name of the file. */
  where: string;
  /** Reads it again: another process may have rotated it. Undefined where it cannot change without a restart. */
  reload: (() => Promise<KeyRing>) | undefined;
  /** Only our own file: elsewhere it is the operator's. */
  own: OwnKeys | undefined;
}

interface OwnKeys {
  /** Adds a key that seals from now on; the others still open. Returns its id. */
  add(): Promise<string>;
  /** False: there is no such key, or it is the one that seals. */
  remove(kid: string): Promise<boolean>;
}

/**
 * The keys that seal tokens: those of the configuration, else the file `keys` in the data folder, which the first start makes.
 * Whoever has the database without the keys has no token; whoever loses the keys connects again.
 */
export async function openKeys(config: {
  keys: NamedKey[] | undefined;
  keysFile?: string | undefined;
  dataFolder: string;
}): Promise<KeyPlace> {
  const { keys, keysFile, dataFolder } = config;
  if (keys !== undefined) {
    const reload =
      keysFile === undefined ? undefined : async () => ring(parse(keysFile, await readKeyFile(keysFile, false)));
    return { ring: ring(keys), where: keysFile ?? "ML_CONNECTOR_KEYS", reload, own: undefined };
  }
  const file = path.join(dataFolder, "keys");
  const read = async () => parse(file, (await readKeyFile(file, true)) ?? (await makeKeyFile(file)));
  const write = async (named: readonly NamedKey[]) => {
    await writeKeyFile(
      file,
      named.map(({ kid, key }) => `${kid}:${Buffer.from(key.reveal()).toString("base64url")}\n`).join(""),
    );
  };
  return {
    ring: ring(await read()),
    where: file,
    reload: async () => ring(await read()),
    own: {
      async add() {
        const before = await read();
        const numbers = before.map(({ kid }) => Number(/^k(\d{1,9})$/.exec(kid)?.[1] ?? 0));
        const kid = `k${Math.max(0, ...numbers) + 1}`;
        await write([{ kid, key: new Secret<Uint8Array>(randomBytes(keyBytes)) }, ...before]);
        return kid;
      },
      async remove(kid) {
        const before = await read();
        const after = before.filter((named, at) => at === 0 || named.kid !== kid);
        if (after.length === before.length) return false;
        await write(after);
        return true;
      },
    },
  };
}

function parse(file: string, text: string | undefined): NamedKey[] {
  const parsed = keyRing.safeParse(text ?? "");
  if (parsed.success) return parsed.data;
  throw new OperatorError(
    `The key file ${file} ${parsed.error.issues[0]?.message ?? "is damaged"}. Restore it from a backup: what it sealed opens with nothing else.`,
  );
}

function ring(keys: NamedKey[]): KeyRing {
  return { current: keys[0]?.kid ?? "", keys: new Map(keys.map(({ kid, key }) => [kid, key.reveal()])) };
}

/** A file that the operator mounts has the rights that the mount gives; ours is for us alone. */
async function readKeyFile(file: string, isOurs: boolean): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    if (isOurs && process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw new OperatorError(`The key file ${file} is open to other users. Run: chmod 600 ${file}`);
    }
    return await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause;
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new OperatorError(`The key file ${file} cannot be read (${codeOf(cause)}).`, { cause });
  }
}

/** On disk before it seals anything. When two processes start at once, the first file stands and both read it. */
async function makeKeyFile(file: string): Promise<string> {
  // As root, PostgreSQL's user passes through the data folder to its own part.
  await mkdir(path.dirname(file), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(draft, `k1:${randomBytes(keyBytes).toString("base64url")}\n`, {
      mode: 0o600,
      flag: "wx",
      flush: true,
    });
    await link(draft, file).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    await rm(draft);
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OperatorError(`The key file ${file} cannot be made (${codeOf(cause)}).`, { cause });
  }
}

/** The whole file at once: whoever reads it meanwhile has the former ring or the new one. */
async function writeKeyFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: "wx", flush: true });
    await rename(draft, file);
  } catch (cause) {
    throw new OperatorError(`The key file ${file} cannot be written (${codeOf(cause)}).`, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
