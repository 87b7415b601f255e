// Options and arguments that several commands take, and how they are read. A wrong one is a matter of usage: exit code 2.
import { InvalidArgumentError, Option } from "commander";
import { type ConnectionId, parseConnectionId, parseSubdomain, type Subdomain } from "../domain/index.ts";

export interface SharedOptions {
  connection?: ConnectionId;
}

export const partyHelp = "customer:12, vendor:5, or the display name";

export function jsonOption(): Option {
  return new Option("--json", "end with one line of JSON on standard output");
}

export function connectionOption(): Option {
  return new Option("--connection <number>", "which connection, where there are several").argParser(
    orUsage(parseConnectionId),
  );
}

/** A whole number within limits. */
export function wholeNumber(limits: { from: number; to: number }): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= limits.from && number <= limits.to))
      throw new InvalidArgumentError(`Write a whole number from ${limits.from} to ${limits.to}.`);
    return number;
  };
}

/** `acme`, `acme.zendesk.com` or the whole address of the account. */
export function readSubdomain(text: string): Subdomain {
  const host = text
    .trim()
    .replace(/^https?:\/\//i, "")
    .replace(/\/.*$/, "");
  return orUsage(parseSubdomain)(host.replace(/\.zendesk\.com$/i, ""));
}

export function orUsage<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (fault) {
      throw new InvalidArgumentError(fault instanceof Error ? fault.message : String(fault));
    }
  };
}

export function timeoutOption(): Option {
  return new Option("--timeout <seconds>", "how long to wait until all is written")
    .argParser(wholeNumber({ from: 1, to: 86_400 }))
    .default(600);
}

/** An IANA name that this runtime knows. */
export function readZone(text: string): string {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: text.trim() }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError("Write a name such as America/New_York or Europe/Berlin.");
  }
}
