import { z } from "zod";
import { fieldTypes, type MappingDocument, type MappingProblem } from "../../domain/index.ts";

/** Ties organizations to QuickBooks when our database is lost: part of every mapping, from this source alone. */
export const keyField = "qbo_key";

const targetSchema = z.strictObject({
  key: z.string(),
  type: z.enum(fieldTypes),
  title: z.string(),
  description: z.string(),
  options: z.array(z.strictObject({ name: z.string(), value: z.string(), from: z.string().optional() })).optional(),
});

const rowSchema = z.strictObject({
  target: targetSchema,
  value: z.strictObject({ source: z.string() }),
  empty: z
    .union([z.literal(["clear", "keep"]), z.strictObject({ constant: z.union([z.string(), z.number(), z.boolean()]) })])
    .optional(),
});

const documentSchema = z.strictObject({
  format: z.literal(1),
  rows: z.array(rowSchema),
  retired: z.array(z.strictObject({ key: z.string(), type: z.enum(fieldTypes) })),
});

/**
 * A mapping that may be saved, or everything that is wrong with it at once. `zendeskFields`: the organization fields that the account
 * has, where they are known: a field of another type or without our options is refused now instead of failing later.
 */
export function checkMapping(json: unknown): { document: MappingDocument } | { problems: MappingProblem[] } {
  const read = documentSchema.safeParse(json);
  if (read.success) return { document: read.data as MappingDocument }; // optional keys are absent, never undefined, in JSON
  return {
    problems: read.error.issues.map(({ path, message }) => ({
      at: path
        .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
        .join("")
        .replace(/^\./, ""),
      key: undefined,
      line: undefined,
      column: undefined,
      says: message,
      suggestion: undefined,
    })),
  };
}
