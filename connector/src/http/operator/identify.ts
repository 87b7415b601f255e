import { timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ApiKeyStore, authenticate, type Caller, csrfTokenOf, type SessionStore } from "../../access/index.ts";
import { addressOf, isThisMachine } from "../this-machine.ts";
import { Refusal } from "./refusal.ts";

/** Whoever sends a request, as far as it proves it. */
export interface Identity {
  caller: Caller | undefined;
  session: string | undefined;
  address: string;
  renew(): Promise<Caller | undefined>;
}

export interface IdentityOptions {
  apiKeys: Pick<ApiKeyStore, "find">;
  sessions: Pick<SessionStore, "find">;
  /** Browsers reach us by https: the cookie is then bound to this very host. */
  secure: boolean;
}

/** Browsers take a `__Host-` cookie only over https, for the whole host and for no other (RFC 6265bis, 4.1.3.2). */
export function cookieName(secure: boolean): string {
  return secure ? "__Host-ml_connector" : "ml_connector";
}

export async function identify(request: FastifyRequest, options: IdentityOptions): Promise<Identity> {
  const session = sessionOf(request, options.secure);
  const apiKey = bearerOf(request);
  const isLocal = isThisMachine(request);
  const renew = () => authenticate({ apiKey, session, isLocal }, options);
  const caller = await renew();
  if (caller?.kind === "operator" && session !== undefined) refuseForgery(request, session);
  return { caller, session: caller?.kind === "operator" ? session : undefined, address: addressOf(request), renew };
}

export function keepSession(reply: FastifyReply, session: string | undefined, secure: boolean): void {
  const cookie = `${cookieName(secure)}=${session ?? ""}; Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  void reply.header("set-cookie", session === undefined ? `${cookie}; Max-Age=0` : cookie);
}

/**
 * What a browser sends by itself proves nothing about the page that made it send: a change needs the token that only our own pages can
 * read, and does not come from another site.
 */
function refuseForgery(request: FastifyRequest, session: string): void {
  if (request.method === "GET") return;
  refuseOtherSites(request);
  const given = Buffer.from(String(request.headers["x-csrf-token"] ?? ""));
  const wanted = Buffer.from(csrfTokenOf(session));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new Refusal(403, "csrf", "The x-csrf-token header is missing or wrong.", {
      whatToDo: "Send the csrfToken that GET /api/v1/session gives.",
    });
}

/** Browsers say where a request comes from (Fetch Metadata); programs do not. */
export function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none")
    throw new Refusal(403, "csrf", "This request comes from another site.");
}

export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +([\w.~+/-]{1,200}=*)$/i.exec(headers.authorization ?? "")?.[1];
}

function sessionOf({ headers }: FastifyRequest, secure: boolean): string | undefined {
  const name = `${cookieName(secure)}=`;
  const found = (headers.cookie ?? "").split(";").map((part) => part.trim());
  const value = found.find((part) => part.startsWith(name))?.slice(name.length);
  return value !== undefined && /^[\w-]{20,100}$/.test(value) ? value : undefined;
}
