// Runs the comparison program, as a process of its own, on what the simulators and the engine's answers are now.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Flow } from "./bench.ts";

export interface Verdict {
  cards: number;
  equal: number;
  different: number;
  foreignTouched: number;
  duplicates: number;
  differences: { organizationId?: number; party?: string; what: string; expected: unknown; found: unknown }[];
}

/** `accountBefore`: the account's dump before the connector ran. `answers`: what people said that stands. */
export async function compareWithOracle(
  flow: Flow,
  accountBefore: unknown,
  answers: readonly { party: string; kind: string }[] = [],
): Promise<Verdict> {
  const { settings } = await flow.connection();
  const { document } = await flow.engine.stores.mappings.current(flow.connectionId);
  const input = {
    company: await flow.quickbooksControl("GET", "state"),
    account: await flow.zendeskControl("GET", "state"),
    accountBefore,
    connector: {
      realm: flow.quickbooks.realm,
      appUrl: "https://qbo.intuit.com",
      zone: flow.zone,
      today: flow.business.today(flow.zone),
      settings: { ...settings, tolerance: settings.tolerance.toFixed() },
      parties: await flow.engine.stores.overview.standings(flow.connectionId),
      notes: document.note ? (document.note.place ?? "alone") : "none",
      answers,
    },
  };
  const program = fileURLToPath(new URL("../oracle/main.ts", import.meta.url));
  const child = spawn(process.execPath, [program, "--input", "-", "--json"], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(JSON.stringify(input));
  const [out, said] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  if (out.trim() === "") throw new Error(`the comparison said nothing: ${said}`);
  return JSON.parse(out) as Verdict;
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
