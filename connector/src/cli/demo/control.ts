import { Agent, request } from "undici";
import type { CompanyFile } from "./company-file.ts";
import type { Mutation, Proposal } from "./life-world.ts";

/** One vendor call as a simulator logged it. */
export interface LoggedCall {
  seq: number;
  at: string;
  method: string;
  path: string;
  operation: string;
  status: number;
  ms: number;
}

interface ControlPort {
  /** Calls of the vendor's API since the log was cleared, by operation. */
  counters(): Promise<Record<string, number>>;
  log(since?: number): Promise<LoggedCall[]>;
  clearLog(): Promise<void>;
  /** The whole state in the form of its dump, for the comparison program. */
  state(): Promise<unknown>;
  /** Ends the connections that it keeps open. */
  close(): Promise<void>;
}

export interface QuickbooksControl extends ControlPort {
  company(realm: string): Promise<CompanyFile>;
  /** Makes the change step by step, as a person would; answers whose card changes (`customer:12`). */
  makeChange(change: Proposal): Promise<string>;
  sendWebhooks(to: { url: string; verifier: string }): Promise<void>;
}

export interface ZendeskControl extends ControlPort {
  /** What an agent sees of an organization: the text of its page changes when a value does. */
  organizationPage(organizationId: number): Promise<string>;
}

/** A simulator refused: its own words, which name what was wrong and where. */
export class ControlRefused extends Error {
  override name = "ControlRefused";
}

const longestWaitMs = 30_000;

export function quickbooksControl(url: string): QuickbooksControl {
  const port = controlPort(url);
  const mutate = async (mutation: Mutation): Promise<{ Id: string }> => {
    const { entity } = (await port.post("/mutate", mutation)) as { entity: { Id: string } };
    return entity;
  };
  return {
    ...port,
    async company(realm) {
      // The simulator's dump has the form of the file that it loads; lists without records are left out.
      const { companies } = (await port.state()) as { companies: Record<string, Partial<CompanyFile>> };
      const dump = companies[realm];
      if (dump === undefined) throw new ControlRefused(`the QuickBooks simulator has no company ${realm}`);
      return withCurrencies({ ...emptyLists, ...dump } as CompanyFile);
    },
    async makeChange(change) {
      const made: { Id: string }[] = [];
      for (const step of change.steps) made.push(await mutate(typeof step === "function" ? step(made) : step));
      return change.party ?? `customer:${made[0]?.Id}`;
    },
    async sendWebhooks(to) {
      await port.post("/webhooks", to);
    },
  };
}

export function zendeskControl(url: string): ZendeskControl {
  const port = controlPort(url);
  return { ...port, organizationPage: (organizationId) => port.text(`/organizations/${organizationId}`) };
}

/** Companies of one currency name it nowhere. */
function withCurrencies(company: CompanyFile): CompanyFile {
  const preferences: unknown = company.Preferences;
  const [first] = (Array.isArray(preferences) ? preferences : [preferences]) as (
    | CompanyFile["Preferences"]
    | undefined
  )[];
  const CurrencyRef = first?.CurrencyPrefs?.HomeCurrency ?? { value: "USD" };
  const named = <Row extends object>(rows: readonly Row[]): Row[] => rows.map((row) => ({ CurrencyRef, ...row }));
  return {
    ...company,
    Customer: named(company.Customer),
    Vendor: named(company.Vendor),
    Invoice: named(company.Invoice),
    Payment: named(company.Payment),
    Bill: named(company.Bill),
  };
}

const emptyLists = {
  Customer: [],
  Vendor: [],
  Invoice: [],
  CreditMemo: [],
  Payment: [],
  SalesReceipt: [],
  RefundReceipt: [],
  Bill: [],
  VendorCredit: [],
  BillPayment: [],
  Purchase: [],
  Item: [],
  Account: [],
  Term: [],
} as const;

function controlPort(url: string): ControlPort & {
  post(path: string, body: unknown): Promise<unknown>;
  text(path: string): Promise<string>;
} {
  const dispatcher = new Agent({ headersTimeout: longestWaitMs, bodyTimeout: longestWaitMs });
  const call = async (method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<string> => {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await request(url + path, { method, dispatcher, ...sent });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new ControlRefused(`${method} ${path} was refused: ${text.slice(0, 500)}`);
    return text;
  };
  const json = async (method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<unknown> =>
    JSON.parse(await call(method, `/_control${path}`, body));
  return {
    post: (path, body) => json("POST", path, body),
    text: (path) => call("GET", path),
    // Shapes are the simulators' own (their README); a wrong one shows at once in the demo's table.
    counters: async () => (await json("GET", "/counters")) as Record<string, number>,
    log: async (since = 0) => ((await json("GET", `/log?since=${since}`)) as { requests: LoggedCall[] }).requests,
    clearLog: async () => void (await json("DELETE", "/log")),
    state: () => json("GET", "/state"),
    close: () => dispatcher.close(),
  };
}
