// Loaded into the service before its program (`node --import`): notes the span of every remote call, when each webhook was answered, how
// long the event loop stood still and how much memory the process took, and hands it out when its parent asks. It changes nothing.
import { subscribe } from "node:diagnostics_channel";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** One remote call as the service saw it. Milliseconds since 1970, with fractions: clocks of one machine agree. */
export interface Span {
  method: string;
  /** With its query. */
  path: string;
  startedAt: number;
  endedAt: number;
  status: number;
  /** Only of calls whose body tells what they ask for: batches and writes of organizations. */
  body: string;
}

/** One webhook delivery that was answered. */
export interface Answered {
  arrivedAt: number;
  answeredAt: number;
}

export interface Observed {
  spans: Span[];
  webhooks: Answered[];
  peakRssMb: number;
  /** The longest stops of the event loop, milliseconds: of all, and of all but one in a thousand. */
  longestStopMs: number;
  usualStopMs: number;
}

export type ProbeQuestion = "observed" | "forget";

interface UndiciRequest {
  origin?: string;
  method: string;
  path: string;
  body?: unknown;
}

const resolutionMs = 5;

/** The published messages are those of undici's and Node's documentation ("Diagnostics Channel support"). */
class Probe {
  #spans: Span[] = [];
  #webhooks: Answered[] = [];
  readonly #open = new WeakMap<object, Span>();
  readonly #arrived = new WeakMap<object, number>();
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });

  watch(): void {
    this.#delay.enable();
    subscribe("undici:request:create", (message) => {
      const { request } = message as { request: UndiciRequest };
      this.#open.set(request, {
        method: request.method,
        path: request.path,
        startedAt: now(),
        endedAt: 0,
        status: 0,
        body: bodyOf(request),
      });
    });
    subscribe("undici:request:headers", (message) => {
      const { request, response } = message as { request: UndiciRequest; response: { statusCode: number } };
      const span = this.#open.get(request);
      if (span) span.status = response.statusCode;
    });
    for (const end of ["undici:request:trailers", "undici:request:error"])
      subscribe(end, (message) => this.#end((message as { request: UndiciRequest }).request));
    subscribe("http.server.request.start", (message) => {
      const { request } = message as { request: { url?: string } };
      if (request.url?.startsWith("/webhooks/quickbooks")) this.#arrived.set(request, now());
    });
    subscribe("http.server.response.finish", (message) => {
      const { request } = message as { request: object };
      const arrivedAt = this.#arrived.get(request);
      if (arrivedAt !== undefined) this.#webhooks.push({ arrivedAt, answeredAt: now() });
    });
  }

  answer(question: ProbeQuestion): Observed {
    const observed = {
      spans: this.#spans,
      webhooks: this.#webhooks,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
      // Of a loop that never stops the histogram shows its own resolution.
      longestStopMs: Math.max(0, this.#delay.max / 1e6 - resolutionMs),
      usualStopMs: Math.max(0, this.#delay.percentile(99.9) / 1e6 - resolutionMs),
    };
    if (question === "forget") {
      this.#spans = [];
      this.#webhooks = [];
      this.#delay.reset();
    }
    return observed;
  }

  #end(request: UndiciRequest): void {
    const span = this.#open.get(request);
    if (!span || span.endedAt !== 0) return;
    span.endedAt = now();
    this.#spans.push(span);
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

const telling = /\/batch\?|\/organizations\/update_many/;

function bodyOf({ path, body }: UndiciRequest): string {
  return telling.test(path) && Buffer.isBuffer(body) ? body.toString("utf8") : "";
}

const probe = new Probe();
probe.watch();
process.on("message", (question: ProbeQuestion) => process.send?.(probe.answer(question)));
