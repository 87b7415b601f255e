import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from "pino";
import { RemoteFailure } from "../domain/index.ts";

export type Log = Logger;

/** Never logged, wherever they stand: bodies and headers carry people's data and tokens. */
const neverLogged = [
  "body",
  "headers",
  "payload",
  "password",
  "secret",
  "token",
  "tokens",
  "authorization",
  "cookie",
  "addresses",
  "email",
];

/**
 * The service's log: JSON lines on standard error (standard output belongs to commands). Three lines of defence: callers log ids and
 * outcomes only; fields of the names above are cut; and what still looks like an address or a token is masked in the finished line.
 */
export function createLog(options: { level: string; to?: DestinationStream }): Log {
  return pino(
    {
      level: options.level,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: neverLogged.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[redacted]" },
      serializers: { err: faultFields },
      hooks: { streamWrite: mask },
    },
    options.to ?? destination({ fd: 2, sync: true }),
  );
}

/**
 * What of a fault may be logged: named fields only. A PostgreSQL error carries the row's values in `detail` and `where`, and errors of
 * HTTP clients carry whole requests.
 */
function faultFields(fault: unknown, depth = 0): unknown {
  if (!(fault instanceof Error)) return { type: typeof fault };
  return {
    type: fault.name,
    message: fault.message,
    stack: fault.stack,
    ...("code" in fault && typeof fault.code === "string" ? { code: fault.code } : {}),
    ...("constraint" in fault && typeof fault.constraint === "string" ? { constraint: fault.constraint } : {}),
    ...(fault instanceof RemoteFailure
      ? {
          system: fault.system,
          operation: fault.operation,
          status: fault.status,
          action: fault.action,
          requestId: fault.requestId,
        }
      : {}),
    ...(fault.cause === undefined || depth >= 3 ? {} : { cause: faultFields(fault.cause, depth + 1) }),
  };
}

/** Quantifiers are bounded: a long line must not cost more than its length. */
const masks: readonly [RegExp, string][] = [
  // Addresses, also as they stand in a URL.
  [/[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu, "[e-mail]"],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,4096}/gi, "$1 [masked]"],
  // JWT and JWE: access tokens of QuickBooks, and our own sealed texts.
  [/\beyJ[A-Za-z0-9_-]{8,4096}(?:\.[A-Za-z0-9_-]{0,4096}){1,4}/g, "[token]"],
  // A password in a URL.
  [/(:\/\/[^\s:/@"]{1,128}):[^\s/@"]{1,256}@/g, "$1:[masked]@"],
  // Named values in JSON inside a text (`\"`), in JSON, or in a form or query.
  [
    /((?:access|refresh|id)_?token|client_?secret|password|api_?key|code_?verifier|[?&]code)(\\?"?\s?[:=]\s?\\?"?)[^\s"\\&,}]{6,4096}/gi,
    "$1$2[masked]",
  ],
];

export function mask(line: string): string {
  return masks.reduce((text, [shape, instead]) => text.replace(shape, instead), line);
}
