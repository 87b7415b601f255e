/** One try to deliver: what the other side said. */
export interface Attempt {
  id: string;
  status: number | null;
  outcome: "success" | "failed" | "timeout" | "unreachable" | "not local";
  sentAt: number;
  completedAt: number;
  retryAfterSeconds: number | null;
}

export type Send = (request: {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
}) => Promise<Said>;

export interface Said {
  status: number | null;
  retryAfterSeconds: number | null;
  problem: "timeout" | "unreachable" | "not local" | null;
  headers?: Record<string, string>;
  text?: string;
}

/** Sends over HTTP, to this machine only: a simulator has no business elsewhere. */
export const sendOverHttp: Send = async ({ url, method, headers, body, timeoutMs }) => {
  const { hostname } = new URL(url);
  if (!/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname))
    return { status: null, retryAfterSeconds: null, problem: "not local" };
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(method === "GET" ? {} : { body }),
    });
    const text = (await response.text()).slice(0, 10_000);
    const retryAfter = Number(response.headers.get("retry-after"));
    const retryAfterSeconds = response.headers.has("retry-after") && Number.isFinite(retryAfter) ? retryAfter : null;
    return {
      status: response.status,
      retryAfterSeconds,
      problem: null,
      headers: Object.fromEntries(response.headers),
      text,
    };
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    return { status: null, retryAfterSeconds: null, problem: isTimeout ? "timeout" : "unreachable" };
  }
};

const longestRetryAfterSeconds = 60;

/**
 * How long until the next try, or nothing. Zendesk's help says up to three retries on certain codes (4408836101146); that
 * these are 409, and 429 or 503 with a short Retry-After, and that timeouts are tried five times, is second-hand.
 */
export function retryDelayMs(attempts: readonly Attempt[]): number | undefined {
  const last = attempts.at(-1);
  if (!last) return undefined;
  const retries = attempts.length - 1;
  if (last.outcome === "timeout") return retries < 5 ? 0 : undefined;
  if (retries >= 3) return undefined;
  if (last.status === 409) return 0;
  const isAskedToWait = last.status === 429 || last.status === 503;
  if (!isAskedToWait || last.retryAfterSeconds === null || last.retryAfterSeconds >= longestRetryAfterSeconds)
    return undefined;
  return last.retryAfterSeconds * 1000;
}
