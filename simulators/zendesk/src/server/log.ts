import { isJsonObject } from "../records/input.ts";

export interface LoggedRequest {
  seq: number;
  at: string;
  subdomain: string;
  method: string;
  path: string;
  query: string;
  operation: string;
  status: number;
  ms: number;
  requestBody: unknown;
  responseSummary?: string;
  /** The headers by which apps of the Marketplace say who they are, where there are any. */
  marketplace?: Record<string, string>;
}

const keptRequests = 200_000;
const keptBodyBytes = 256 * 1024 * 1024;

/** Every vendor request in the order of its answer, oldest dropped first; secrets are redacted before they get here. */
export class RequestLog {
  #entries: { entry: LoggedRequest; bytes: number }[] = [];
  #first = 0;
  #bytes = 0;
  #seq = 0;
  readonly #counters = new Map<string, number>();

  add(entry: Omit<LoggedRequest, "seq">, bytes: number): void {
    this.#seq += 1;
    this.#entries.push({ entry: { seq: this.#seq, ...entry }, bytes });
    this.#bytes += bytes;
    while (this.#entries.length - this.#first > keptRequests || this.#bytes > keptBodyBytes) {
      this.#bytes -= this.#entries[this.#first]?.bytes ?? 0;
      this.#first += 1;
    }
    if (this.#first > 10_000 && this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  since(seq: number): LoggedRequest[] {
    return this.#entries.slice(this.#first).flatMap(({ entry }) => (entry.seq > seq ? [entry] : []));
  }

  count(operation: string): void {
    this.#counters.set(operation, (this.#counters.get(operation) ?? 0) + 1);
  }

  counters(): Record<string, number> {
    return Object.fromEntries([...this.#counters].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#counters.clear();
  }
}

const secretKeys = new Set([
  "access_token",
  "refresh_token",
  "client_secret",
  "code",
  "code_verifier",
  "secret",
  "token",
  "full_token",
  "password",
  "signing_secret",
]);

/** A copy without credentials: the log is read by tests and printed by people. */
export function redact(body: unknown): unknown {
  if (Array.isArray(body)) return body.length > 0 && isJsonObject(body[0]) ? body.map(redact) : body;
  if (!isJsonObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      secretKeys.has(key) && typeof value === "string" ? "[redacted]" : redact(value),
    ]),
  );
}

export function redactQuery(query: string): string {
  return query.replaceAll(/\b(code|state|token|access_token|client_secret|code_challenge)=[^&]*/g, "$1=[redacted]");
}
