import { z } from "zod";
import { fieldTypes } from "../../domain/index.ts";

/** The form of a mapping document. What it means is checked elsewhere: here nothing is known of words and fields. */
const target = z.strictObject({
  key: z.string(),
  type: z.enum(fieldTypes),
  title: z.string().min(1).max(255),
  description: z.string().max(1_000),
  options: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(255),
        value: z.string(),
        from: z.string().min(1).max(255).optional(),
      }),
    )
    .max(200)
    .optional(),
});

const value = z.union([
  z.strictObject({ source: z.string() }),
  z.strictObject({ expression: z.string() }),
  z.strictObject({ template: z.string() }),
]);

export const rowSchema = z.strictObject({
  target,
  value,
  when: z.string().optional(),
  empty: z
    .union([z.literal(["clear", "keep"]), z.strictObject({ constant: z.union([z.string(), z.number(), z.boolean()]) })])
    .optional(),
});

export const noteSchema = z.strictObject({
  template: z.string(),
  when: z.string().optional(),
  place: z.literal(["alone", "with-text"]).optional(),
});

export const outlineSchema = z.strictObject({
  format: z.literal(1),
  rows: z.array(z.unknown()).max(100),
  note: z.unknown().optional(),
  retired: z
    .array(z.strictObject({ key: z.string(), type: z.enum(fieldTypes) }))
    .max(500)
    .default([]),
});
