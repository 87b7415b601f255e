import { z } from "zod";

/** What a command prints when it could not do its work. `says` is one line that tells what to do. */
export const failed = z.object({
  error: z.object({
    /** usage: the command was written wrongly; operator: a person can mend it; remote: QuickBooks or Zendesk refused; bug: our own fault. */
    kind: z.enum(["usage", "operator", "remote", "bug"]),
    says: z.string(),
  }),
});
export type Failed = z.infer<typeof failed>;
