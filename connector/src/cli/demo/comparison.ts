import { spawn } from "node:child_process";
import type { ConnectionFacts } from "../../views/index.ts";
import type { DemoConnector } from "./connector.ts";
import { programs, type Stage } from "./stage.ts";

export interface Verdict {
  equal: number;
  different: number;
  foreignTouched: number;
  duplicates: number;
  differences: { organizationId?: number; party?: string; what: string; expected: unknown; found: unknown }[];
}

/** Has a program of its own compute, from both simulators' dumps, what every organization should hold. It knows nothing of the connector. */
export async function compareAll(
  stage: Stage,
  connector: DemoConnector,
  connection: ConnectionFacts,
): Promise<Verdict> {
  const { zone = "", realm = "", settings } = connection;
  const input = {
    company: await stage.quickbooks.control.state(),
    account: await stage.zendesk.control.state(),
    accountBefore: stage.accountBefore,
    connector: {
      realm,
      appUrl: connector.appUrl,
      zone,
      today: connector.today(zone),
      settings: { ...settings, families: "roll-up", tolerance: settings.tolerance.toFixed() },
      parties: await connector.standings(connection.id),
      answers: [],
    },
  };
  const child = spawn(process.execPath, [programs.comparison, "--input", "-", "--json"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(JSON.stringify(input));
  const [out, said] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  if (out.trim() === "") throw new Error(`the comparison said nothing: ${said.slice(0, 500)}`);
  return JSON.parse(out) as Verdict; // the program's own form, see connector/test/oracle
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
