import { z } from "zod";

export const errorCode = z.enum([
  "malformed",
  "unauthorized",
  "csrf",
  "forbidden",
  "not-found",
  "refused",
  "conflict",
  "too-large",
  "media-type",
  "too-many-requests",
  "remote",
  "unavailable",
  "fault",
]);
export type ErrorCode = z.infer<typeof errorCode>;

/** What every call answers that did not do what was asked. `problems` names each mistake in what was sent. */
export const apiError = z.object({
  error: z.object({
    code: errorCode,
    says: z.string(),
    whatToDo: z.string().nullable(),
    problems: z.array(z.object({ at: z.string(), says: z.string() })),
    requestId: z.string(),
  }),
});
export type ApiError = z.infer<typeof apiError>;
