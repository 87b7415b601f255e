import type { Operation, OperationId, operations } from "@ml-connector/contract";
import type { z } from "zod";
import type { Caller } from "../../access/index.ts";
import type { ConnectionFacts } from "../../views/index.ts";

type Sent<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** One request that was let through: who asks, on which connection, and what was sent. */
export interface Call<Of extends Operation = Operation> {
  caller: Of["needs"] extends "nobody" ? undefined : Caller;
  /** The one in the path, which the caller may work on. */
  connection: Of["needs"] extends { on: "connection" } ? ConnectionFacts : undefined;
  params: Sent<Of["params"]>;
  query: Sent<Of["query"]>;
  body: Sent<Of["body"]>;
  /** Of the `Idempotency-Key` header. */
  requestKey: string | undefined;
  /** The cookie's, where the caller is signed in by one. */
  session: string | undefined;
  /** Where the request comes from, as far as that can be known. */
  address: string;
  /** Ends when the caller is gone or the server stops. */
  signal: AbortSignal;
  /** Who the caller is by now: undefined once the session or key has ended. */
  renew(): Promise<Caller | undefined>;
  /** Sets the cookie of a session, or (undefined) takes it away. */
  keepSession(session: string | undefined): void;
}

type Said<Of extends Operation> = Of["answer"] extends { kind: "json"; schema: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : Of["answer"] extends { kind: "stream" }
    ? AsyncIterable<string>
    : undefined;

/** The operations of these names, done. */
export type Calls<Names extends OperationId> = {
  [Name in Names]: (call: Call<(typeof operations)[Name]>) => Promise<Said<(typeof operations)[Name]>>;
};
