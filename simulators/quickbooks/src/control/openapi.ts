import { z } from "zod";
import { webhookSettingsSchema } from "../webhooks/index.ts";
import {
  clockBody,
  editBody,
  eventsBody,
  faultBody,
  gateBody,
  limitsBody,
  mutateBody,
  releaseBody,
  seedBody,
  snapshotBody,
  switchesBody,
  weatherBody,
} from "./bodies.ts";

interface Call {
  readonly method: "get" | "post" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly query?: readonly string[];
}

const calls: readonly Call[] = [
  { method: "get", path: "/state", summary: "Every company in the form of its file, and counters", query: ["realm"] },
  { method: "post", path: "/seed", summary: "Replaces a company", body: seedBody },
  { method: "post", path: "/snapshot", summary: "Keeps the present companies and tokens; answers an id" },
  { method: "post", path: "/restore", summary: "Puts a kept state back", body: snapshotBody },
  { method: "post", path: "/clock", summary: "Moves or freezes simulated time", body: clockBody },
  { method: "post", path: "/mutate", summary: "What a person does in the vendor's web interface", body: mutateBody },
  { method: "post", path: "/gates", summary: "Holds the n-th call of an operation", body: gateBody },
  { method: "get", path: "/gates/{id}", summary: "State of a gate; waits until it holds a call", query: ["waitMs"] },
  {
    method: "post",
    path: "/gates/{id}/release",
    summary: "Lets the held call go, or cuts its line",
    body: releaseBody,
  },
  { method: "post", path: "/edits", summary: "An edit made right at the n-th call of an operation", body: editBody },
  { method: "post", path: "/faults", summary: "Scripted answers", body: faultBody },
  { method: "get", path: "/log", summary: "Vendor calls after a sequence number", query: ["since"] },
  { method: "delete", path: "/log", summary: "Forgets the log and the counters" },
  { method: "get", path: "/counters", summary: "Vendor calls by operation" },
  { method: "get", path: "/webhooks", summary: "Deliveries made, and how many events wait" },
  { method: "post", path: "/webhooks", summary: "Where events go, and in which form", body: webhookSettingsSchema },
  { method: "post", path: "/events", summary: "Sends events of any entity and type", body: eventsBody },
  { method: "get", path: "/switches", summary: "Switches and their defaults" },
  { method: "post", path: "/switches", summary: "Sets switches", body: switchesBody },
  { method: "get", path: "/limits", summary: "Limits, and what the month has used" },
  { method: "post", path: "/limits", summary: "Sets limits, by name or one by one", body: limitsBody },
  { method: "get", path: "/profile", summary: "The weather and the names of profiles" },
  { method: "post", path: "/profile", summary: "Sets the weather, by name or one by one", body: weatherBody },
];

/** The control port as OpenAPI 3.1, its bodies from the very schemas that read them. */
export function controlOpenApi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, summary, body, query } of calls) {
    const own = paths[`/_control${path}`] ?? {};
    const inPath = path.includes("{id}")
      ? [{ name: "id", in: "path", required: true, schema: { type: "string" } }]
      : [];
    const inQuery = (query ?? []).map((name) => ({ name, in: "query", schema: { type: "string" } }));
    own[method] = {
      summary,
      parameters: [...inPath, ...inQuery],
      ...(body === undefined
        ? {}
        : {
            requestBody: {
              content: {
                "application/json": { schema: z.toJSONSchema(body, { io: "input", unrepresentable: "any" }) },
              },
            },
          }),
      responses: {
        "200": { description: "done", content: { "application/json": {} } },
        "400": { description: "what is wrong, and where", content: { "application/json": { schema: errorSchema } } },
      },
    };
    paths[`/_control${path}`] = own;
  }
  return { openapi: "3.1.0", info: { title: "QuickBooks simulator: control port", version: "1" }, paths };
}

const errorSchema = { type: "object", required: ["error"], properties: { error: { type: "string" } } };
