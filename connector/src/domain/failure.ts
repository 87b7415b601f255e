export type System = "quickbooks" | "zendesk";

/**
 * What to do about a remote failure.
 * retry: again with back-off; wait: the system asked us to slow down; reauthorize: a person must connect again;
 * park: this record alone cannot be done now; bug: our own request is wrong.
 */
export type FailureAction = "retry" | "wait" | "reauthorize" | "park" | "bug";

/** A fault of one of the two systems, as data. Thrown by the clients; `says` is for the operator and holds no personal data. */
export class RemoteFailure extends Error {
  override name = "RemoteFailure";
  readonly system: System;
  readonly operation: string;
  readonly status: number | undefined;
  readonly code: string;
  readonly action: FailureAction;
  readonly says: string;
  readonly retryAfterMs: number | undefined;
  /** True where the request may have taken effect all the same: read before writing again. */
  readonly outcomeUnknown: boolean;
  readonly requestId: string | undefined;

  constructor(details: {
    system: System;
    operation: string;
    status?: number | undefined;
    code: string;
    action: FailureAction;
    says: string;
    retryAfterMs?: number | undefined;
    outcomeUnknown?: boolean;
    requestId?: string | undefined;
    cause?: unknown;
  }) {
    super(`${details.system} ${details.operation}: ${details.code}: ${details.says}`, { cause: details.cause });
    this.system = details.system;
    this.operation = details.operation;
    this.status = details.status;
    this.code = details.code;
    this.action = details.action;
    this.says = details.says;
    this.retryAfterMs = details.retryAfterMs;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.requestId = details.requestId;
  }
}

/** A fault that a person can mend: one sentence that says what to do, and nothing else on the terminal. */
export class OperatorError extends Error {
  override name = "OperatorError";
}

export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
