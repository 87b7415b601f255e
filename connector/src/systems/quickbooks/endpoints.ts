// Which addresses Intuit's OAuth has now: its discovery document, asked once a day, with our own as the fallback. The document decides nothing
// about hosts: what it names is taken only where it stays at Intuit, or at the stand-in that the configuration gives.
import type { Exchange } from "../ports.ts";
import type { QuickbooksHosts } from "./hosts.ts";
import { isObject } from "./json.ts";

export type OauthEndpoints = Pick<QuickbooksHosts, "authorize" | "token" | "revoke">;

const keys = { authorize: "authorization_endpoint", token: "token_endpoint", revoke: "revocation_endpoint" } as const;
const dayMs = 24 * 60 * 60_000;
const againAfterMs = 60 * 60_000;
const timeoutMs = 10_000;
const maxBytes = 64 * 1024;

export interface EndpointSource {
  /** Without a wait: what is known by now. Asks in the background where that is a day old. */
  current(): OauthEndpoints;
  /** Asks now. True: the document was there, and what it names is used where it may be. */
  discover(): Promise<boolean>;
}

export function createEndpoints(options: {
  exchange: Exchange;
  hosts: QuickbooksHosts;
  monotonicMs: () => number;
}): EndpointSource {
  const { exchange, hosts, monotonicMs } = options;
  const pinned: OauthEndpoints = { authorize: hosts.authorize, token: hosts.token, revoke: hosts.revoke };
  let known = pinned;
  let askAt = Number.NEGATIVE_INFINITY;

  async function discover(): Promise<boolean> {
    askAt = monotonicMs() + againAfterMs;
    const outcome = await exchange({
      method: "GET",
      url: hosts.discovery,
      headers: { accept: "application/json" },
      timeoutMs,
      maxBytes,
    });
    const document = outcome.kind === "answer" && outcome.status === 200 ? parsed(outcome.body) : undefined;
    if (document === undefined) return false;
    known = {
      authorize: acceptable(document[keys.authorize], pinned.authorize),
      token: acceptable(document[keys.token], pinned.token),
      revoke: acceptable(document[keys.revoke], pinned.revoke),
    };
    askAt = monotonicMs() + dayMs;
    return true;
  }

  return {
    current() {
      // Nobody waits for it, and a failure leaves what is known.
      if (monotonicMs() >= askAt) discover().catch(() => false);
      return known;
    },
    discover,
  };
}

/** An address of the same kind as ours: https at Intuit; elsewhere, the very host that stands in. */
function acceptable(named: unknown, pinned: string): string {
  if (typeof named !== "string" || !URL.canParse(named)) return pinned;
  const url = new URL(named);
  const ours = new URL(pinned);
  const atIntuit = isIntuit(ours) && isIntuit(url);
  const isPlain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  return isPlain && (atIntuit || url.origin === ours.origin) ? url.href : pinned;
}

function isIntuit({ protocol, hostname, port }: URL): boolean {
  return protocol === "https:" && port === "" && hostname.endsWith(".intuit.com");
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
