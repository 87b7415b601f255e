// A line to the database on which the COMMIT of one kind of transaction can be held, before it happens or before its answer comes back.
import type { NetConnectOpts } from "node:net";
import { type Line, startLine } from "./line.ts";

/** By what a transaction writes, as the text of its statements begins. */
export const transactions = {
  receipt: "insert into mark as m",
  record: 'insert into "document"',
  intent: "insert into write",
  settlement: 'insert into "journal"',
} as const;
export type Transaction = keyof typeof transactions;

export interface HeldCommit {
  /** Resolves when the next such COMMIT has come and is held. */
  holds: Promise<void>;
  release(): void;
}

export interface CommitLine extends Line {
  /** The URL of the database behind the line. */
  url: string;
  hold(transaction: Transaction, at: "before" | "answer"): HeldCommit;
}

interface Planned {
  text: string;
  at: "before" | "answer";
  reached: () => void;
  released: Promise<void>;
}

/** `url`: as DATABASE_URL; a `host` in its query is the folder of a socket. */
export async function startCommitLine(url: string): Promise<CommitLine> {
  let planned: Planned | undefined;
  /** Connections whose transaction has written what is waited for. */
  const wrote = new WeakSet<object>();
  /** Connections whose COMMIT went through and whose answer is held. */
  const unanswered = new WeakMap<object, Promise<void>>();
  const line = await startLine(targetOf(url), (bytes, { direction, connection }) => {
    if (direction === "back") return unanswered.get(connection);
    if (!planned) return undefined;
    const text = bytes.toString("latin1");
    if (text.includes(planned.text)) wrote.add(connection);
    if (!text.includes("commit\0") || !wrote.has(connection)) return undefined;
    const { at, reached, released } = planned;
    planned = undefined;
    reached();
    if (at === "before") return released;
    unanswered.set(connection, released);
    return undefined;
  });
  return {
    ...line,
    url: throughLine(url, line.port),
    hold(transaction, at) {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const holds = new Promise<void>((reached) => {
        planned = { text: transactions[transaction], at, reached, released };
      });
      return { holds, release };
    },
  };
}

function targetOf(url: string): NetConnectOpts {
  const { hostname, port, searchParams } = new URL(url);
  const folder = searchParams.get("host");
  const number = port === "" ? 5432 : Number(port);
  return folder === null ? { host: hostname, port: number } : { path: `${folder}/.s.PGSQL.${number}` };
}

function throughLine(url: string, port: number): string {
  const changed = new URL(url);
  changed.searchParams.delete("host");
  changed.hostname = "127.0.0.1";
  changed.port = String(port);
  return changed.href;
}
