import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { KeyRing } from "../connections/credentials/index.ts";
import { OperatorError } from "../domain/index.ts";
import { keyRing, type NamedKey } from "./config-values.ts";

/**
 * The keys that seal tokens: those of the configuration, else the file `keys` in the data folder, which the first start makes.
 * Whoever has the database without the keys has no token; whoever loses the keys connects again.
 */
export async function loadKeys(config: { keys: NamedKey[] | undefined; dataFolder: string }): Promise<KeyRing> {
  if (config.keys !== undefined) return ring(config.keys);
  const file = path.join(config.dataFolder, "keys");
  const text = (await readKeyFile(file)) ?? (await makeKeyFile(file));
  const parsed = keyRing.safeParse(text);
  if (!parsed.success) {
    throw new OperatorError(
      `The key file ${file} ${parsed.error.issues[0]?.message ?? "is damaged"}. Restore it from a backup: what it sealed opens with nothing else.`,
    );
  }
  return ring(parsed.data);
}

function ring(keys: NamedKey[]): KeyRing {
  return { current: keys[0]?.kid ?? "", keys: new Map(keys.map(({ kid, key }) => [kid, key.reveal()])) };
}

async function readKeyFile(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
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
    await writeFile(draft, `k1:${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx", flush: true });
    await link(draft, file).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    await rm(draft);
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OperatorError(`The key file ${file} cannot be made (${codeOf(cause)}).`, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
