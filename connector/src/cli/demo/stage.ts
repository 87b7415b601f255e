import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { OperatorError } from "../../domain/index.ts";
import type { AccountFile } from "./account-file.ts";
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
  company: CompanyFile;
  /** The account before the connector touched it, as the simulator dumps it. */
  accountBefore: unknown;
  /** Pages of 1,000 rows that the company's records fill. */
  pages: number;
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
    const company =
      options.company === undefined ? sampleCompany(options.seed, options.today) : await readCompany(options.company);
    const account =
      options.account === undefined
        ? sampleAccount(options.seed, company)
        : await readJson<AccountFile>(options.account);
    const companyFile = path.join(folder, "company.json");
    const accountFile = path.join(folder, "account.json");
    await writeFile(companyFile, JSON.stringify(company));
    await writeFile(accountFile, JSON.stringify(account));
    const quickbooks = await startSimulator({
      title: "the QuickBooks simulator",
      main: programs.quickbooks,
      args: ["--company", companyFile],
    });
    started.push(quickbooks);
    const zendesk = await startSimulator({
      title: "the Zendesk simulator",
      main: programs.zendesk,
      args: ["--account", accountFile, "--plan", "enterprise"],
    });
    started.push(zendesk);
    const controls = { quickbooks: quickbooksControl(quickbooks.url), zendesk: zendeskControl(zendesk.url) };
    return {
      quickbooks: { ...quickbooks, control: controls.quickbooks },
      zendesk: { ...zendesk, control: controls.zendesk },
      company,
      accountBefore: await controls.zendesk.state(),
      pages: pagesOf(company),
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

function pagesOf(company: CompanyFile): number {
  return Object.values(company).reduce(
    (sum: number, rows) => sum + (Array.isArray(rows) ? Math.ceil(rows.length / 1_000) : 0),
    0,
  );
}

async function readCompany(file: string): Promise<CompanyFile> {
  const found = await readJson<CompanyFile>(
    existsSync(path.join(file, "company.json")) ? path.join(file, "company.json") : file,
  );
  return { ...found, Customer: found.Customer ?? [], Vendor: found.Vendor ?? [] };
}

/** The simulator checks what is in it; here it only has to be JSON. */
async function readJson<Content extends object>(file: string): Promise<Content> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Content;
  } catch (cause) {
    const why = cause instanceof SyntaxError ? "it is not JSON" : "it cannot be opened";
    throw new OperatorError(`${file} cannot be read: ${why}.`, { cause });
  }
}
