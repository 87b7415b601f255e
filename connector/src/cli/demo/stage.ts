import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { OperatorError } from "../../domain/index.ts";
import type { CompanyFile } from "./company-file.ts";
import { type QuickbooksControl, quickbooksControl, type ZendeskControl, zendeskControl } from "./control.ts";
import { sampleAccount } from "./sample-account.ts";
import { sampleCompany } from "./sample-company.ts";
import { type SimulatorProcess, startSimulator } from "./simulator-process.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
export const programs = {
  quickbooks: path.join(root, "simulators/quickbooks/src/main.ts"),
  zendesk: path.join(root, "simulators/zendesk/src/main.ts"),
  comparison: path.join(root, "connector/test/oracle/main.ts"),
};

/** Both simulators, each a process of its own, with a company and an account. */
export interface Stage {
  quickbooks: SimulatorProcess & { control: QuickbooksControl };
  zendesk: SimulatorProcess & { control: ZendeskControl };
  /** The account before the connector touched it, as the simulator dumps it. */
  accountBefore: unknown;
  /** Pages of 1,000 rows that the company's records fill. */
  pages: number;
  /** A recorded company is shown as of its newest document: years later all of it would be out of scope. */
  today: string;
  close(): Promise<void>;
}

export interface StageOptions {
  seed: number;
  today: string;
  company: string | undefined;
  account: string | undefined;
}

export async function setStage(options: StageOptions): Promise<Stage> {
  for (const program of Object.values(programs))
    if (!existsSync(program))
      throw new OperatorError(
        "The demo needs the whole source tree: clone the project, then npm install && npm run demo",
      );
  const folder = await mkdtemp(path.join(os.tmpdir(), "ml-connector-demo-"));
  const started: SimulatorProcess[] = [];
  const close = async () => {
    await Promise.all(started.map((simulator) => simulator.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const company = await companyOf(options, folder);
    const account = await accountOf(options, company, folder);
    const quickbooks = await startSimulator({
      title: "the QuickBooks simulator",
      main: programs.quickbooks,
      args: ["--company", company.file],
    }).catch(refused(options.company));
    started.push(quickbooks);
    const zendesk = await startSimulator({
      title: "the Zendesk simulator",
      main: programs.zendesk,
      args: ["--account", account, "--plan", "enterprise"],
    }).catch(refused(options.account));
    started.push(zendesk);
    const controls = { quickbooks: quickbooksControl(quickbooks.url), zendesk: zendeskControl(zendesk.url) };
    return {
      quickbooks: { ...quickbooks, control: controls.quickbooks },
      zendesk: { ...zendesk, control: controls.zendesk },
      accountBefore: await controls.zendesk.state(),
      pages: pagesOf(company.content),
      today: [options.today, newestDate(company.content) ?? options.today].sort()[0] ?? options.today,
      async close() {
        await controls.quickbooks.close();
        await controls.zendesk.close();
        await close();
      },
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

function pagesOf(company: object): number {
  return Object.values(company).reduce(
    (sum: number, rows) => sum + (Array.isArray(rows) ? Math.ceil(rows.length / 1_000) : 0),
    0,
  );
}

/** `YYYY-MM-DD`. */
function newestDate(company: object): string | undefined {
  const rows = Object.values(company).flatMap((list: unknown) => (Array.isArray(list) ? (list as unknown[]) : []));
  return rows
    .flatMap((row) => (typeof row === "object" && row !== null && "TxnDate" in row ? String(row.TxnDate) : []))
    .filter((date) => /^\d{4}-\d{2}-\d{2}$/.test(date))
    .sort()
    .at(-1);
}

interface CompanyPlace {
  file: string;
  content: object;
  /** The sample, for which a sample account can be made up. */
  sample: CompanyFile | undefined;
}

async function companyOf(options: StageOptions, folder: string): Promise<CompanyPlace> {
  if (options.company !== undefined) {
    const file = await fileIn(options.company, "company");
    return { file, content: await readJson(file, "company"), sample: undefined };
  }
  const sample = sampleCompany(options.seed, options.today);
  const file = path.join(folder, "company.json");
  await writeFile(file, JSON.stringify(sample));
  return { file, content: sample, sample };
}

/** Nothing is known of the clients of somebody's own company: without an account for it, support begins with an empty one. */
async function accountOf(options: StageOptions, company: CompanyPlace, folder: string): Promise<string> {
  if (options.account !== undefined) {
    const file = await fileIn(options.account, "account");
    await readJson(file, "account");
    return file;
  }
  const file = path.join(folder, "account.json");
  await writeFile(file, JSON.stringify(company.sample ? sampleAccount(options.seed, company.sample) : {}));
  return file;
}

type Kind = "company" | "account";

const wanted = (kind: Kind) => `Give --${kind} a JSON file, or a folder with ${kind}.json.`;

async function fileIn(place: string, kind: Kind): Promise<string> {
  const found = await stat(place).catch(() => undefined);
  if (!found) throw new OperatorError(`There is no ${place}. ${wanted(kind)}`);
  if (!found.isDirectory()) return place;
  const file = path.join(place, `${kind}.json`);
  if (!existsSync(file)) throw new OperatorError(`There is no ${kind}.json in ${place}. ${wanted(kind)}`);
  return file;
}

/** The simulator checks what is in it; here it only has to be a JSON object. */
async function readJson(file: string, kind: Kind): Promise<object> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? "it is not JSON" : "it cannot be opened";
    throw new OperatorError(`${file} cannot be read: ${why}. ${wanted(kind)}`, { cause });
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content;
  throw new OperatorError(`${file} holds no JSON object. ${wanted(kind)}`);
}

/** What a simulator says of somebody's own file is for that person. */
function refused(own: string | undefined): (fault: unknown) => never {
  return (fault) => {
    if (own === undefined || !(fault instanceof Error)) throw fault;
    throw new OperatorError(fault.message, { cause: fault });
  };
}
