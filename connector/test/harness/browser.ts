// A browser for tests and pictures: the Chromium that comes with the npm package, or the one that CHROMIUM_PATH names.
import { existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import packed from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Nothing of ours needs the network: pages come from simulators on this machine. */
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
  "--disable-gpu",
  // Glyphs without hinting look alike on every machine.
  "--font-render-hinting=none",
];

export type OpenedBrowser = { browser: Browser } | { browser: undefined; why: string };

/** Starts it; says why where none can be started. As root, and where the machine has no room for one, without its sandbox. */
export async function openBrowser(): Promise<OpenedBrowser> {
  try {
    const { executablePath, env } = await findChromium();
    const start = (more: readonly string[]) =>
      chromium.launch({ executablePath, env, headless: true, args: [...quiet, ...more] });
    const bare = ["--no-sandbox", "--no-zygote"];
    return { browser: await (process.getuid?.() === 0 ? start(bare) : start([]).catch(() => start(bare))) };
  } catch (fault) {
    const why = fault instanceof Error ? (fault.message.split("\n")[0] ?? "") : String(fault);
    return { browser: undefined, why };
  }
}

async function findChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const own = process.env["CHROMIUM_PATH"];
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  if (own) return { executablePath: own, env };
  const folder = await unpacked();
  return {
    executablePath: path.join(folder, "chromium"),
    env: { ...env, FONTCONFIG_FILE: path.join(folder, "fonts.conf") },
  };
}

/** 200 MB, once for each user of this machine, in a folder that nobody else can write to. */
async function unpacked(): Promise<string> {
  const folder = path.join(os.tmpdir(), `ml-connector-chromium-${process.getuid?.() ?? "user"}`);
  if (existsSync(folder)) {
    const { uid, mode } = lstatSync(folder);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) throw new Error(`${folder} belongs to somebody else`);
    return folder;
  }
  // Made aside and moved when it is whole: an interrupted run must not leave half a browser.
  const made = mkdtempSync(`${folder}-`);
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = made;
  try {
    await packed.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
  mkdirSync(path.join(made, "fonts-cache"));
  writeFileSync(path.join(made, "fonts.conf"), fontsIn(folder));
  try {
    renameSync(made, folder);
  } catch (fault) {
    // Another run was faster.
    if (!existsSync(folder)) throw fault;
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

function fontsIn(folder: string): string {
  const prefer = (family: string, preferred: string) =>
    `<alias binding="strong"><family>${family}</family><prefer><family>${preferred}</family></prefer></alias>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>
${["system-ui", "sans-serif"].map((family) => prefer(family, "Open Sans")).join("\n")}
${["ui-monospace", "monospace"].map((family) => prefer(family, "DejaVu Sans Mono")).join("\n")}
</fontconfig>`;
}
