import { gzipSync } from "node:zlib";
import type { FastifyReply } from "fastify";
import type { Summary } from "../api/index.ts";
import { pacificTimeWithMs } from "../company/index.ts";
import type { Fault } from "../faults.ts";
import { type JsonRecord, parseRecord } from "../json.ts";
import { uuidFrom } from "../randomness.ts";
import { vendorNow, type World } from "../world.ts";
import { toXml } from "../xml/index.ts";

/** What an endpoint answers, before format and headers are put on. */
export interface VendorReply {
  readonly status: number;
  /** JSON, unless a content type says otherwise. */
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly summary?: Summary;
  /** An answer of the Accounting API, which has an XML twin. */
  readonly hasXml?: boolean;
  /** The root of that twin, when it is another than IntuitResponse. */
  readonly xmlRoot?: string;
  /** Cut the line instead of sending it. */
  readonly isDropped?: boolean;
}

export type Format = "json" | "xml";

/** XML is the vendor's default: JSON only for those who ask for it (docs/learn/rest-api-features). */
export function formatOf(accept: string | undefined, query: Readonly<Record<string, string>>): Format {
  const asked = query["format"]?.toLowerCase();
  if (asked === "json" || asked === "xml") return asked;
  return (accept ?? "").toLowerCase().includes("json") ? "json" : "xml";
}

/**
 * The body of a fault. The service layer writes `Fault.Error[].Message`; the gateway before it (401, 403, 429) writes
 * lower-case keys and an epoch time (a recorded 401 of 2024-10-27 in a Go client, a 403 in an Odoo add-on), or XML.
 */
export function faultReply(fault: Fault, world: World, format: Format): VendorReply {
  const { status, type } = fault;
  const nowMs = vendorNow(world);
  const summary = { fault: fault.errors[0]?.code ?? "" };
  const errors = fault.errors.map((error): JsonRecord => ({ ...error }));
  const envelope: JsonRecord = { Fault: { Error: errors, type }, time: pacificTimeWithMs(nowMs) };
  const isXml = format === "xml" || (fault.gateway && world.switches.gatewayFormat === "xml");
  if (isXml) return { status, body: toXml(envelope), contentType: xmlType, summary };
  if (!fault.gateway) return { status, body: JSON.stringify(envelope), summary };
  const error = fault.errors.map(({ Message, Detail, code }) => ({
    message: Message,
    detail: Detail,
    code,
    element: null,
  }));
  const body = JSON.stringify({
    warnings: null,
    intuitObject: null,
    fault: { error, type },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: nowMs,
    status: null,
    cdcresponse: [],
  });
  return { status, body, summary };
}

const xmlType = "application/xml;charset=UTF-8";

/** The page of the proxy in front, as seen in place of an answer. */
export function gatewayPage(status: 414 | 502 | 503): VendorReply {
  const words = {
    414: "414 Request-URI Too Large",
    502: "502 Bad Gateway",
    503: "503 Service Temporarily Unavailable",
  }[status];
  return {
    status,
    body: `<html>\r\n<head><title>${words}</title></head>\r\n<body>\r\n<center><h1>${words}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
    contentType: "text/html",
  };
}

export function notBuilt(operation: string): VendorReply {
  return {
    status: 501,
    body: JSON.stringify({ error: "not built in this simulator", operation }),
    summary: { notBuilt: operation },
  };
}

// Smaller answers do not gain by it.
const worthCompressing = 1024;

export function sendReply(
  world: World,
  reply: FastifyReply,
  answer: VendorReply,
  wish: { format: Format; acceptEncoding: string },
): void {
  const isXml = answer.hasXml === true && wish.format === "xml";
  const body = isXml ? toXml(parseRecord(answer.body) ?? {}, answer.xmlRoot) : answer.body;
  // intuit_tid stands on every answer (docs/learn/rest-api-features).
  reply.header("intuit_tid", `1-${uuidFrom(world.randomness)}`);
  reply.header("content-type", isXml ? xmlType : (answer.contentType ?? "application/json;charset=UTF-8"));
  // As recorded in QuickBooks-V3-PHP-SDK issue 127.
  reply.header("server", "nginx");
  reply.header("expires", "0");
  reply.header("cache-control", "max-age=0, no-cache, no-store, must-revalidate, private");
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  const compresses = world.switches.compress && body.length >= worthCompressing && wish.acceptEncoding.includes("gzip");
  if (compresses) void reply.header("content-encoding", "gzip").code(answer.status).send(gzipSync(body));
  else void reply.code(answer.status).send(body);
}
