// What both system clients need from outside: one HTTP exchange, a clock, and somewhere to keep "do not call before".
import type { System } from "../domain/index.ts";
import type { IncidentCause } from "../oversight/incidents/ports.ts";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** From the call to the last byte of the answer. */
  timeoutMs: number;
  /** A larger answer is cut off. */
  maxBytes: number;
  /** Monotonic instant (performance.now), tested in the tick in which the first byte leaves. */
  deadline?: number | undefined;
}

/** Every answer, whatever its status, is an `answer`. Redirects are answers too: they are never followed. */
export type HttpOutcome =
  | { kind: "answer"; status: number; headers: Readonly<Record<string, string>>; body: string }
  | { kind: "none"; why: NoAnswer /** Bytes may have reached the other side. */; sent: boolean; cause?: unknown };

/** unreachable: no connection; broken: it ended early; too-large: more than `maxBytes`; deadline: nothing was sent. */
export type NoAnswer = "deadline" | "unreachable" | "timeout" | "broken" | "too-large";

export type Exchange = (request: HttpRequest) => Promise<HttpOutcome>;

export interface SystemClock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** performance.now: never moved, the clock of deadlines and windows. */
  monotonicMs(): number;
  wait(ms: number): Promise<void>;
}

/** One finished call, for metrics and logs: no bodies, no query strings. */
export interface FinishedCall {
  system: System;
  /** Realm or subdomain. */
  subject: string;
  operation: string;
  outcome: number | NoAnswer;
  ms: number;
  requestId: string | undefined;
}

/** How a company or an account has answered of late. */
export interface Standing {
  /** Nobody asks before. */
  blockedUntil: Date | undefined;
  /** Since when it only asks us to wait, or does not answer. */
  refusedSince: Date | undefined;
  /** In a row. */
  refusals: number;
}

/** What stands between us and a company or an account: it outlives the process and is seen by all of them. */
export interface Blocks {
  standing(subject: string): Promise<Standing>;
  /** One refusal more; `incident` is noted with it. */
  block(
    subject: string,
    pause: { until: Date; incident: { cause: IncidentCause; says: string } | undefined },
  ): Promise<void>;
  /** It answers again: its pauses' incidents end. */
  unblock(subject: string): Promise<void>;
}
