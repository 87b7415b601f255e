import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { System } from "../domain/index.ts";
import {
  type Notification,
  Overloaded,
  type Receipts,
  type Unheard,
  type ZendeskDelivery,
  type ZendeskReceived,
} from "../sync/intake/index.ts";

export interface WebhookRouteOptions {
  /** The Intuit app whose verifier signed these bytes, and whom it may speak for; undefined: none of ours did. */
  verify(
    rawBody: Uint8Array,
    signature: string | undefined,
  ): Promise<{ clientId: string; realms: ReadonlySet<string> | undefined } | undefined>;
  parse(rawBody: Uint8Array): Notification;
  receipts: Pick<Receipts, "receive">;
  receiveFromZendesk(delivery: ZendeskDelivery): Promise<ZendeskReceived>;
  /** A delivery that carries a signature, and none of ours. */
  signatureRefused(system: System): Promise<void>;
  /** For the metrics: QuickBooks' deliveries. */
  observe(outcome: "accepted" | "refused" | "unreadable"): void;
}

const bytes = "application/octet-stream";
/** Larger deliveries were never recorded. Past it nothing is read on, so nothing is hashed. */
const mostBytes = 1024 * 1024;

/**
 * Where QuickBooks delivers. The signature is over the raw bytes, so the body is read as bytes whatever its content type says
 * (application/cloudevents+json, none, a wrong one). 200 means committed; anything else makes Intuit deliver again and hold back what
 * follows. What is not signed by us and what stands under an unknown path are answered alike, so that probing tells nothing.
 */
export function webhookRoutes(app: FastifyInstance, options: WebhookRouteOptions): void {
  app.register((routes, _options, done) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser(bytes, { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    // Fastify answers 415 to a content type that it cannot parse, before any parser is asked.
    routes.addHook("onRequest", (request, _reply, next) => {
      request.raw.headers["content-type"] = bytes;
      next();
    });
    routes.setErrorHandler((fault: FastifyError, request, reply) => failed(fault, request, reply));
    routes.post("/webhooks/quickbooks", { bodyLimit: mostBytes }, (request, reply) => deliver(options, request, reply));
    routes.post<{ Params: { path: string } }>("/webhooks/zendesk/:path", { bodyLimit: mostBytes }, (request, reply) =>
      deliverFromZendesk(options, request, reply),
    );
    routes.all("/webhooks/*", { bodyLimit: mostBytes }, (request, reply) => refuse(request, reply, "unknown path"));
    done();
  });
}

async function deliver(
  { verify, parse, receipts, observe, signatureRefused }: WebhookRouteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const signer = await verify(body, headerOf(request, "intuit-signature"));
  if (signer === undefined) {
    observe("refused");
    if (headerOf(request, "intuit-signature") !== undefined) await signatureRefused("quickbooks");
    return refuse(request, reply, "bad signature");
  }
  try {
    const notification = parse(body);
    observe(notification.kind === "unreadable" ? "unreadable" : "accepted");
    sayUnheard(request, notification, await receipts.receive({ ...signer, notification }));
  } catch (fault) {
    request.log.error(
      fault instanceof Overloaded ? { reason: "overloaded" } : { err: fault },
      "a webhook delivery was not committed; QuickBooks will deliver it again",
    );
    return reply.code(503).send({ error: "unavailable" });
  }
  return reply.code(200).send({});
}

/** Zendesk tries again only what is answered 409, or 429 and 503 with a short Retry-After (help article 4408836101146). */
async function deliverFromZendesk(
  { receiveFromZendesk, signatureRefused }: WebhookRouteOptions,
  request: FastifyRequest<{ Params: { path: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { path } = request.params;
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const timestamp = headerOf(request, "x-zendesk-webhook-signature-timestamp");
  const signature = headerOf(request, "x-zendesk-webhook-signature");
  try {
    if (!/^[0-9a-f]{32}$/.test(path)) return refuse(request, reply, "unknown path");
    const received = await receiveFromZendesk({ path, timestamp, signature, body });
    // Under a path of ours only: the others are guesses.
    if (received === "bad-signature") await signatureRefused("zendesk");
    if (received !== "received") return refuse(request, reply, "bad signature or unknown path");
  } catch (fault) {
    request.log.error({ err: fault }, "a webhook delivery was not committed; Zendesk will deliver it again");
    return reply.code(503).header("retry-after", "10").send({ error: "unavailable" });
  }
  return reply.code(200).send({});
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const header = request.headers[name];
  return typeof header === "string" ? header : undefined;
}

/** Such a delivery is answered 200 all the same: coming again would not make it better. One line, without its body. */
function sayUnheard(request: FastifyRequest, { kind }: Notification, { companies, events }: Unheard): void {
  if (kind === "unreadable")
    request.log.warn(
      { bytes: request.headers["content-length"] },
      "a signed webhook delivery is unreadable; the companies of its app are polled instead",
    );
  else if (companies.length > 0)
    request.log.warn({ companies, unknownEvents: events }, "a webhook delivery names companies that are not connected");
  else if (events > 0)
    request.log.warn(
      { unknownEvents: events },
      "a webhook delivery holds events of unknown kinds; they were passed over",
    );
}

function refuse(request: FastifyRequest, reply: FastifyReply, reason: string): FastifyReply {
  request.log.warn({ reason, bytes: request.headers["content-length"] }, "a webhook delivery was refused");
  return reply.code(401).send({ error: "unauthorized" });
}

/** Too large, cut off, or a header that cannot be read: the sender's fault, said once, without the body. */
function failed(fault: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = fault.statusCode ?? 500;
  if (status >= 500) {
    request.log.error({ err: fault }, "a webhook delivery failed");
    return reply.code(500).send({ error: "unavailable" });
  }
  request.log.warn({ reason: fault.code, bytes: request.headers["content-length"] }, "a webhook delivery was refused");
  return reply.code(status).send({ error: status === 413 ? "too large" : "unreadable" });
}
