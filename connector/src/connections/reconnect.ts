// A link that begins a new consent with one click: for e-mails and reconnect pages. It says nothing and grants nothing: whoever opens it still
// has to sign in at the system, and only the same company or account is taken.
import { type ConnectionId, parseConnectionId, type System } from "../domain/index.ts";
import type { CredentialClock, Seal } from "./credentials/index.ts";

const binding = { table: "reconnect", row: "ticket", field: "v1" };
const lifeMs = 14 * 24 * 60 * 60_000;
/** A sealed ticket has some 300 letters. */
const longest = 1_000;

export interface Reconnection {
  system: System;
  connectionId: ConnectionId;
}

export function makeTicket(of: Reconnection, options: { seal: Seal; clock: CredentialClock }): Promise<string> {
  return options.seal.seal(JSON.stringify({ ...of, until: options.clock.wallMs() + lifeMs }), binding);
}

/** Undefined: not ours, changed, or too old. */
export async function openTicket(
  ticket: string,
  options: { seal: Seal; clock: CredentialClock },
): Promise<Reconnection | undefined> {
  if (ticket === "" || ticket.length > longest) return undefined;
  const text = await options.seal.open(ticket, binding).catch(() => undefined);
  if (text === undefined) return undefined;
  const { system, connectionId, until } = JSON.parse(text) as Reconnection & { until: number }; // we sealed it
  return until > options.clock.wallMs() ? { system, connectionId: parseConnectionId(connectionId) } : undefined;
}

/** What of an incident a new consent would mend. */
export function reconnectionOf(cause: string): { system: System; subject: string | undefined } | undefined {
  const [kind = "", second = "", subject] = cause.split(":");
  if (kind.startsWith("grant-ends-") && isSystem(second)) return { system: second, subject };
  return isSystem(kind) && second !== "client-refused" ? { system: kind, subject: undefined } : undefined;
}

function isSystem(text: string): text is System {
  return text === "quickbooks" || text === "zendesk";
}
