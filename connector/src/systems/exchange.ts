// One HTTP exchange over undici: a deadline that is tested at the first byte, one timeout for the whole of it, a limit on its size.
// Not a client: it knows neither system, follows no redirect and repeats nothing. Made by boot, handed to both clients.
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import type { Exchange, HttpOutcome, HttpRequest, NoAnswer } from "./ports.ts";

const unzip = promisify(gunzip);

export function createExchange(options: { dispatcher: Dispatcher; monotonicMs: () => number }): Exchange {
  return async (request) => {
    const raw = await dispatchOnce(request, options);
    if (raw.kind === "none") return raw;
    try {
      const bytes =
        raw.headers["content-encoding"] === "gzip" && raw.bytes.length > 0
          ? await unzip(raw.bytes, { maxOutputLength: request.maxBytes })
          : raw.bytes;
      return { kind: "answer", status: raw.status, headers: raw.headers, body: bytes.toString("utf8") };
    } catch (cause) {
      const why = (cause as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" ? "too-large" : "broken";
      return { kind: "none", why, sent: true, cause };
    }
  };
}

type RawOutcome =
  | { kind: "answer"; status: number; headers: Record<string, string>; bytes: Buffer }
  | Extract<HttpOutcome, { kind: "none" }>;

/** undici calls `onRequestStart` right before it writes the head of the request: aborted there, nothing leaves. */
function dispatchOnce(
  request: HttpRequest,
  { dispatcher, monotonicMs }: { dispatcher: Dispatcher; monotonicMs: () => number },
): Promise<RawOutcome> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let headers: Record<string, string> = {};
    let size = 0;
    const chunks: Buffer[] = [];
    const settle = (outcome: RawOutcome): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(outcome);
    };
    const stop = (why: NoAnswer, sent: boolean, cause?: unknown): void => {
      settle({ kind: "none", why, sent, cause });
      controller?.abort(new Error(why));
    };
    const timer = setTimeout(() => stop("timeout", controller !== undefined), request.timeoutMs);
    const url = new URL(request.url);
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { "accept-encoding": "gzip", ...request.headers },
        body: request.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(started) {
          if (settled) return started.abort(new Error("given up before it was sent"));
          if (request.deadline !== undefined && monotonicMs() > request.deadline) {
            settle({ kind: "none", why: "deadline", sent: false });
            return started.abort(new Error("deadline"));
          }
          controller = started;
        },
        onResponseStart(_started, statusCode, received) {
          status = statusCode;
          headers = plainHeaders(received);
        },
        onResponseData(_started, chunk) {
          size += chunk.length;
          if (size > request.maxBytes) stop("too-large", true);
          else chunks.push(chunk);
        },
        onResponseEnd() {
          settle({ kind: "answer", status, headers, bytes: Buffer.concat(chunks) });
        },
        onResponseError(_started, cause) {
          settle({ kind: "none", why: controller ? "broken" : "unreachable", sent: controller !== undefined, cause });
        },
      },
    );
  });
}

function plainHeaders(received: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(received))
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  return plain;
}
