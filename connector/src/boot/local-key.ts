import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ApiKeyStore, apiKeyPrefix, hashOf, makeSecret } from "../access/index.ts";
import { OperatorError } from "../domain/index.ts";

/** The journal's name for whoever uses it. */
const localOperator = "local operator";

/**
 * The API key of this machine's administrator, in a file that nobody else may read: what programs here use, without anybody signing in. It is
 * good from this machine only. Deleting the file revokes it: the next start makes another. Returns the file's path, never the key.
 */
export async function ensureLocalKey(dataFolder: string, apiKeys: ApiKeyStore): Promise<string> {
  const file = path.join(dataFolder, "operator-key");
  const place = `${os.hostname()}:${path.resolve(dataFolder)}`;
  const kept = await readKept(file);
  const found = kept === undefined ? undefined : await apiKeys.find(hashOf(kept));
  if (found?.place === place) return file;
  const secret = makeSecret(randomBytes, apiKeyPrefix);
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    // As root, PostgreSQL's user passes through the data folder to its own part.
    await mkdir(dataFolder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await writeFile(draft, `${secret}\n`, { mode: 0o600, flag: "wx", flush: true });
    await apiKeys.add(hashOf(secret), {
      name: localOperator,
      role: "admin",
      connections: undefined,
      place,
      madeBy: "the service",
      expiresAt: undefined,
    });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    if (codeOf(cause) === undefined) throw cause;
    throw new OperatorError(`The file of the local operator's key ${file} cannot be made (${codeOf(cause)}).`, {
      cause,
    });
  }
  return file;
}

/** Undefined: there is none, or it is no key. One that others may read is not taken for a secret. */
async function readKept(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) return undefined;
    const text = (await readFile(file, "utf8")).trim();
    return text.startsWith(apiKeyPrefix) ? text : undefined;
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new OperatorError(`The file of the local operator's key ${file} cannot be read (${codeOf(cause)}).`, {
      cause,
    });
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && "syscall" in cause ? String(cause.code) : undefined;
}
