import type { ApiError, ErrorCode } from "@ml-connector/contract";

/** A call that is not done, in the words of its answer. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;
  readonly code: ErrorCode;
  readonly whatToDo: string | undefined;
  readonly problems: readonly { at: string; says: string }[];
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    code: ErrorCode,
    says: string,
    more: { whatToDo?: string; problems?: readonly { at: string; says: string }[]; retryAfterMs?: number } = {},
  ) {
    super(says);
    this.status = status;
    this.code = code;
    this.whatToDo = more.whatToDo;
    this.problems = more.problems ?? [];
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** What is not there and what the caller may not see are answered alike. */
export function notFound(what = "There is nothing here that you may see."): Refusal {
  return new Refusal(404, "not-found", what);
}

export function errorBody(refusal: Refusal, requestId: string): ApiError {
  return {
    error: {
      code: refusal.code,
      says: refusal.message,
      whatToDo: refusal.whatToDo ?? null,
      problems: refusal.problems.map(({ at, says }) => ({ at, says })),
      requestId,
    },
  };
}
