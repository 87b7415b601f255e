import type { FastifyRequest } from "fastify";

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** A proxy on this machine speaks for others, and says so. */
export function isThisMachine({ socket, headers }: FastifyRequest): boolean {
  const proxied = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => headers[name] !== undefined);
  return !proxied && loopback.test(socket.remoteAddress ?? "");
}

/** The peer; behind a proxy on this machine what that one added last: everything before it may be made up. */
export function addressOf({ socket, headers }: FastifyRequest): string {
  const peer = socket.remoteAddress ?? "unknown";
  const forwarded = headers["x-forwarded-for"];
  const last = (typeof forwarded === "string" ? forwarded : (forwarded ?? []).join(",")).split(",").at(-1)?.trim();
  return loopback.test(peer) && last ? last.slice(0, 100) : peer;
}
