import type { Summary } from "../api/index.ts";

export interface LoggedRequest {
  readonly seq: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly operation: string;
  readonly entity?: string;
  readonly status: number;
  readonly ms: number;
  readonly requestBody?: string;
  readonly responseSummary?: Summary;
}

/** Every vendor call, oldest first, bounded; and how many there were of each operation. */
export interface RequestLog {
  add(entry: Omit<LoggedRequest, "seq">): void;
  since(seq: number): readonly LoggedRequest[];
  counters(): Readonly<Record<string, number>>;
  clear(): void;
}

const mostEntries = 200_000;

export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let counters = new Map<string, number>();
  let seq = 0;
  return {
    add(entry) {
      seq += 1;
      entries.push({ seq, ...entry });
      counters.set(entry.operation, (counters.get(entry.operation) ?? 0) + 1);
      if (entries.length > mostEntries * 1.1) entries = entries.slice(-mostEntries);
    },
    since: (after) => entries.filter((entry) => entry.seq > after),
    counters: () => Object.fromEntries(counters),
    clear() {
      entries = [];
      counters = new Map();
    },
  };
}

const secretFields = new Set(["code", "refresh_token", "client_secret", "token", "access_token"]);
const longestBody = 65_536;

/** A request body fit to be kept: tokens and secrets replaced, cut to a bound. */
export function redactedBody(contentType: string, body: string): string | undefined {
  if (body === "") return undefined;
  if (contentType.startsWith("application/x-www-form-urlencoded")) {
    const form = new URLSearchParams(body);
    for (const name of new Set(form.keys())) if (secretFields.has(name)) form.set(name, "redacted");
    return form.toString().slice(0, longestBody);
  }
  return body
    .replaceAll(/("(?:token|refresh_token|access_token|client_secret)"\s*:\s*)"[^"]*"/g, '$1"redacted"')
    .slice(0, longestBody);
}
