// `npm run pictures`: the pictures of the README, taken of the demo as it runs. Writes docs/pictures/{ticket,organization,plan}.png.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../connector/test/harness/browser.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pictures = `${root}docs/pictures/`;
const patienceMs = 180_000;

/** Runs the demo until its company lives; answers what it has printed by then and where the agent's pages are. */
async function startDemo(): Promise<{ said: string; url: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [`${root}connector/bin/ml-connector.js`, "demo"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  const stop = async () => {
    child.kill("SIGINT");
    await gone;
  };
  let said = "";
  const lives = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the demo did not come to life within ${patienceMs} ms`)),
      patienceMs,
    );
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const url = /What an agent sees: (\S+)\/tickets[\s\S]*The company lives/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    void gone.then(() => {
      clearTimeout(timer);
      reject(new Error("the demo ended before it came to life"));
    });
  });
  try {
    return { url: await lives, said, stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

async function take(browser: Browser, url: string, said: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1_200, height: 860 }, deviceScaleFactor: 1.5 });
  await openTelling(page, url);
  await page.screenshot({ path: `${pictures}ticket.png` });
  await page.locator("a[href^='/organizations/']").first().click();
  await page.screenshot({ path: `${pictures}organization.png` });

  const plan = /The plan for [\s\S]*?Applying takes:[^\n]*/.exec(said)?.[0];
  if (plan === undefined) throw new Error("the demo showed no plan");
  await page.setContent(terminalPage(`$ npm run demo\n\n${plan}`));
  await page.locator("pre").screenshot({ path: `${pictures}plan.png` });
  await page.close();
}

/** A ticket that is worked on, of a client who is late in dollars; best one of whom somebody has noted something. */
async function openTelling(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/tickets`);
  const late = page
    .getByRole("row")
    .filter({ hasText: "Overdue" })
    .filter({ has: page.getByRole("cell", { name: /^(new|open|pending)$/ }) });
  const links = await late.locator("a[href^='/tickets/']").all();
  const addresses = await Promise.all(links.map(async (link) => `${url}${await link.getAttribute("href")}`));
  const seen = new Map<string, string>();
  for (const address of addresses) {
    await page.goto(address);
    seen.set(address, await page.getByRole("main").innerText());
  }
  const telling = addresses.filter((address) => seen.get(address)?.includes(" USD"));
  const chosen = telling.find((address) => !seen.get(address)?.includes("No notes.")) ?? telling[0];
  if (chosen === undefined) throw new Error("no ticket of the demo is of a client who is late");
  await page.goto(chosen);
}

function terminalPage(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><meta charset="utf-8"><style>
body{margin:0;background:#fff}
pre{display:inline-block;margin:0;padding:22px 28px;background:#14181d;color:#dde3e8;border-radius:8px;
font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;max-width:1100px}
</style><pre>${safe}</pre>`;
}

const opened = await openBrowser();
if (!opened.browser) {
  process.stderr.write(`No browser can be started here: ${opened.why}\n`);
  process.exitCode = 1;
} else {
  mkdirSync(pictures, { recursive: true });
  const demo = await startDemo();
  try {
    await take(opened.browser, demo.url, demo.said);
    process.stderr.write(`Pictures are in ${pictures}\n`);
  } finally {
    await demo.stop();
    await opened.browser.close();
  }
}
