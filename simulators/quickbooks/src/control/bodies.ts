import { z } from "zod";
import { limitsSchema, switchesSchema, weatherNames, weatherSchema } from "../behaviour/index.ts";
import { entityNamed } from "../company/index.ts";
import { isRecord, type JsonRecord } from "../json.ts";
import type { Mutation } from "../writes/index.ts";

/** What the control port takes. A wrong body is answered 400 with what is wrong and where. */
const record = z.custom<JsonRecord>(isRecord, "must be an object");
const nth = z.number().int().min(1).default(1);
const point = z
  .enum(["before-effect", "after-effect", "before-answer"])
  .default("after-effect")
  .transform((at) => (at === "before-answer" ? "after-effect" : at));
const call = { operation: z.string().min(1), entity: z.string().optional() };

export const seedBody = z.object({
  company: record,
  realm: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
});
export const clockBody = z.object({
  now: z.iso.datetime({ offset: true }).optional(),
  advanceMs: z.number().min(0).optional(),
  freeze: z.boolean().optional(),
});
export const gateBody = z.object({ ...call, nth, at: point });
export const releaseBody = z.object({ drop: z.boolean().default(false) });
export const faultBody = z.object({
  ...call,
  nth,
  times: z.number().int().min(1).default(1),
  status: z.number().int().min(200).max(599),
  afterEffect: z.boolean().default(false),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).default({}),
});
/** Events of any entity and type, also of those that are not built, as if something had happened. */
export const eventsBody = z.object({
  realm: z.string().optional(),
  events: z
    .array(
      z.object({
        entity: z.string().regex(/^[A-Za-z]+$/),
        id: z.string().min(1),
        operation: z.enum(["created", "updated", "deleted", "merged", "void", "emailed"]),
        deletedId: z.string().optional(),
      }),
    )
    .min(1),
});
export const switchesBody = switchesSchema.partial();
export const limitsBody = z.union([
  z.object({ name: z.enum(["vendor", "unlimited"]) }).strict(),
  limitsSchema.partial(),
]);
export const weatherBody = z.union([z.object({ name: z.enum(weatherNames) }).strict(), weatherSchema.partial()]);
export const snapshotBody = z.object({ id: z.string().min(1) });

const mutation = z
  .object({
    realm: z.string().optional(),
    entity: z.string(),
    operation: z.enum(["create", "update", "delete", "void", "inactivate", "activate", "merge", "rename"]),
    id: z.union([z.string(), z.number()]).transform(String).optional(),
    into: z.union([z.string(), z.number()]).transform(String).optional(),
    record: record.optional(),
    silent: z.boolean().default(false),
  })
  .transform((given, context) => {
    const { realm, silent } = given;
    const complain = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const entity = entityNamed(given.entity)?.name;
    if (entity === undefined) return complain(`"${given.entity}" is no entity that this simulator holds`);
    const made = mutationOf(entity, given);
    return typeof made === "string" ? complain(made) : { realm, silent, mutation: made };
  });

interface Given {
  operation: Mutation["operation"];
  id?: string | undefined;
  into?: string | undefined;
  record?: JsonRecord | undefined;
}

function mutationOf(entity: Mutation["entity"], { operation, id, into, record }: Given): Mutation | string {
  switch (operation) {
    case "create":
      return record === undefined ? "create needs a record" : { entity, operation, record };
    case "update":
    case "rename":
      if (id === undefined || record === undefined) return `${operation} needs id and record`;
      return { entity, operation, id, record };
    case "merge":
      return id === undefined || into === undefined ? "merge needs id and into" : { entity, operation, id, into };
    case "void":
    case "delete":
    case "inactivate":
    case "activate":
      return id === undefined ? `${operation} needs id` : { entity, operation, id };
  }
}

export type ReadMutation = z.infer<typeof mutation>;
const mutations = z.object({ mutations: z.array(mutation).min(1).max(10_000) });
export const mutateBody = z.union([mutations, mutation]);
export const editBody = z.object({
  when: z.object({ ...call, nth, at: point }),
  mutate: z.union([mutations, mutation]),
});

export class ControlError extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

export function readControl<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ControlError(deepest(result.error.issues).join("; "));
}

/** Of a union, the branch that came closest: a list of mutations has a `mutations` key, a single one has not. */
function deepest(issues: readonly z.core.$ZodIssue[], under: readonly PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...under, ...issue.path];
    if (issue.code === "invalid_union") {
      const branches = issue.errors.map((branch) => deepest(branch, path));
      return branches.find((branch) => !branch.some((line) => line.startsWith("mutations:"))) ?? branches[0] ?? [];
    }
    return [`${path.join(".") || "body"}: ${issue.message}`];
  });
}
