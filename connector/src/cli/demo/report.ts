import type { DemoResult } from "@ml-connector/contract";
import type { ConnectionFacts } from "../../views/index.ts";
import { table } from "../output/index.ts";
import type { DemoConnector } from "./connector.ts";
import type { MadeChange } from "./live-changes.ts";
import { percentile } from "./live-changes.ts";

interface Calls {
  quickbooks: Record<string, number>;
  zendesk: Record<string, number>;
}

const plain = { width: undefined, heading: (text: string) => text };

/** What the first load made of the company, and what it cost. */
export async function firstLoadText(
  connector: DemoConnector,
  connection: ConnectionFacts,
  calls: Calls,
  firstLoadMs: number,
): Promise<string> {
  const standings = await connector.standings(connection.id);
  const count = (which: (standing: (typeof standings)[number]) => boolean) => String(standings.filter(which).length);
  const linked = (origin: string) => count((each) => each.disposition === "linked" && each.origin === origin);
  const rows = [
    ["linked to an organization that was there", linked("adopted")],
    ["organizations created", linked("created")],
    ["rolled up into their families", count(({ disposition }) => disposition === "rolled-up")],
    ["waiting for a person (ml-connector review list)", count(({ disposition }) => disposition === "parked")],
    ["out of scope: nothing is created for them", count(({ disposition }) => disposition === "out-of-scope")],
    ["customers and vendors in all", String(standings.length)],
  ];
  const total = (counters: Record<string, number>) => Object.values(counters).reduce((sum, each) => sum + each, 0);
  return [
    table(
      [{ head: `First load of ${connection.companyName ?? "the company"}` }, { head: "", align: "right" }],
      rows,
      plain,
    ),
    `${total(calls.quickbooks)} calls to QuickBooks and ${total(calls.zendesk)} to Zendesk in ${(firstLoadMs / 1_000).toFixed(1)} s`,
  ].join("\n\n");
}

/** How long Zendesk took to show each kind of change, and what the comparison found. */
export function changesText(
  result: DemoResult,
  changes: readonly MadeChange[],
  style: { good(text: string): string; bad(text: string): string },
): string {
  const kinds = new Map<string, MadeChange[]>();
  for (const change of changes) kinds.set(change.kind, [...(kinds.get(change.kind) ?? []), change]);
  const rows = [...kinds].map(([kind, of]) => {
    const times = of.flatMap(({ shownAfterMs }) => shownAfterMs ?? []);
    return [kind, String(of.length), milliseconds(percentile(times, 0.5)), milliseconds(percentile(times, 1))];
  });
  const heads = [
    { head: "Change" },
    { head: "times", align: "right" as const },
    { head: "median", align: "right" as const },
    { head: "longest", align: "right" as const },
  ];
  const right = result.different === 0 && result.foreignTouched === 0;
  const verdict = `${result.equal} organizations equal to an independent computation, ${result.different} different, ${result.foreignTouched} with other people's data touched`;
  return [
    ...(rows.length > 0 ? [table(heads, rows, plain)] : []),
    right ? style.good(verdict) : style.bad(verdict),
  ].join("\n\n");
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "-" : `${Math.round(value)} ms`;
}
