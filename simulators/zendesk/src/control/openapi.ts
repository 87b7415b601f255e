import { plans } from "../world/plans.ts";
import { switchRules } from "../world/switches.ts";
import { latencies, profiles } from "./profiles.ts";

type Schema = Record<string, unknown>;

const text: Schema = { type: "string" };
const number: Schema = { type: "number" };
const flag: Schema = { type: "boolean" };
const anything: Schema = { type: "object", additionalProperties: true };
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: "object",
  properties,
  required,
});
const moment: Schema = { type: "string", enum: ["before-effect", "after-effect"] };
const operation: Schema = {
  type: "string",
  description: "Zendesk's operationId, oauth.token, oauth.refresh, oauth.client-credentials, or *",
};
const subdomain: Schema = { type: "string", description: "the account; the first one where it is missing" };

const mutation = object(
  {
    subdomain,
    entity: {
      type: "string",
      enum: [
        "organization",
        "user",
        "user_identity",
        "organization_membership",
        "organization_field",
        "user_field",
        "ticket",
        "ticket_field",
        "custom_object",
        "custom_object_field",
        "custom_object_record",
      ],
    },
    operation: { type: "string", enum: ["create", "update", "delete", "merge"] },
    id: {
      type: ["number", "string"],
      description: "of a custom object its key, of its records their ULID",
    },
    object: { ...text, description: "the custom object of a custom_object_record" },
    into: { ...number, description: "the record that a merge leaves standing" },
    record: anything,
  },
  ["entity", "operation"],
);

const switches = object(
  Object.fromEntries(
    Object.entries(switchRules).map(([name, rule]) => [name, { description: rule.says, default: rule.initial }]),
  ),
);

interface Route {
  says: string;
  body?: Schema;
  query?: Record<string, Schema>;
}

const routes: Record<string, Route> = {
  "get /state": {
    says: "One account in the form of its file, with switches, jobs and tokens (without secrets).",
    query: { subdomain },
  },
  "post /seed": {
    says: "Replaces an account's records; credentials and webhooks stay.",
    body: object({ subdomain, account: anything }, ["account"]),
  },
  "get /clock": { says: "The simulated time." },
  "post /clock": {
    says: "Sets, then advances, then freezes or thaws the clock.",
    body: object({ now: { ...text, format: "date-time" }, advanceMs: number, freeze: flag }),
  },
  "post /mutate": {
    says: "A change as a person makes it in the vendor's interface; a list as {mutations}.",
    body: { oneOf: [mutation, object({ subdomain, mutations: { type: "array", items: mutation } }, ["mutations"])] },
  },
  "get /switches": { says: "What the documentation leaves open, as it is set.", query: { subdomain } },
  "post /switches": { says: "Changes switches of one account.", body: switches },
  "post /gates": {
    says: "Holds the n-th call from now on, before or after its effect.",
    body: object({ operation, nth: number, at: moment }, ["operation"]),
  },
  "get /gates/{id}": { says: "armed, holding or released; waits until it holds.", query: { waitMs: number } },
  "post /gates/{id}/release": { says: "Lets the call go on, or cuts its connection.", body: object({ drop: flag }) },
  "post /edits": {
    says: "A person's edit beside the n-th call.",
    body: object({ when: object({ operation, nth: number, at: moment }, ["operation"]), mutate: mutation }, [
      "when",
      "mutate",
    ]),
  },
  "post /faults": {
    says: "Answers the n-th call (and the next ones, times in all) with this instead, before or after its effect.",
    body: object(
      {
        operation,
        nth: number,
        times: number,
        status: number,
        afterEffect: flag,
        body: {},
        headers: anything,
        drop: flag,
        delayMs: number,
      },
      ["operation"],
    ),
  },
  "delete /script": { says: "Forgets all gates (released with a cut), edits and faults." },
  "get /log": { says: "Vendor requests, oldest first; the last 200,000.", query: { since: number } },
  "delete /log": { says: "Empties log and counters." },
  "get /counters": { says: "Calls by operation." },
  "get /profile": { says: "The fault profile that is on." },
  "post /profile": {
    says: "Turns a fault profile on for all accounts.",
    body: object({
      name: {
        type: "string",
        enum: Object.keys(profiles),
        description: Object.entries(profiles)
          .map(([name, profile]) => `${name}: ${profile.says}`)
          .join("; "),
      },
      latency: {
        oneOf: [
          { type: "string", enum: Object.keys(latencies) },
          object({ median: number, sigma: number }, ["median"]),
        ],
      },
    }),
  },
  "get /snapshots": { says: "Names of the states put aside." },
  "post /snapshots": {
    says: "Puts the state of all accounts aside under a name.",
    body: object({ name: text }, ["name"]),
  },
  "post /snapshots/{id}/restore": { says: "Puts a state back." },
  "get /accounts": { says: "The accounts of this process." },
  "post /accounts": {
    says: "Adds an account, reached by the first label of the Host header.",
    body: object({ subdomain, plan: { type: "string", enum: Object.keys(plans) }, account: anything }, ["subdomain"]),
  },
  "post /plan": {
    says: "Moves an account to another plan.",
    body: object({ subdomain, plan: { type: "string", enum: Object.keys(plans) } }, ["plan"]),
  },
  "post /api-tokens": {
    says: "Makes a legacy API token of a person.",
    body: object({ subdomain, email: text, token: text }, ["email", "token"]),
  },
  "delete /tokens": { says: "Revokes every OAuth token of an account.", query: { subdomain } },
  "get /webhooks": { says: "Webhooks and every delivery with its attempts.", query: { subdomain } },
  "post /webhooks/{id}/repeat": { says: "Sends a delivery's event once more.", query: { subdomain } },
};

function describeRoute(key: string, route: Route): Schema {
  const parameters = [
    ...(key.includes("{id}") ? [{ name: "id", in: "path", required: true, schema: text }] : []),
    ...Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: "query", required: false, schema })),
  ];
  const problem = {
    description: "What is wrong, and where",
    content: { "application/json": { schema: object({ error: text }, ["error"]) } },
  };
  return {
    summary: route.says,
    parameters,
    ...(route.body ? { requestBody: { required: true, content: { "application/json": { schema: route.body } } } } : {}),
    responses: {
      "200": { description: "Done", content: { "application/json": { schema: anything } } },
      "400": problem,
      "404": problem,
    },
  };
}

/** The control port in OpenAPI 3.1, made from the tables that the code itself uses. */
export const controlDocument: Schema = {
  openapi: "3.1.0",
  info: {
    title: "Control port of the Zendesk simulator",
    version: "1",
    description: "For tests and demonstrations. Not part of Zendesk.",
  },
  servers: [{ url: "/_control" }],
  paths: Object.entries(routes).reduce<Record<string, Schema>>((paths, [key, route]) => {
    const [method = "get", path = "/"] = key.split(" ");
    paths[path] = { ...paths[path], [method]: describeRoute(key, route) };
    return paths;
  }, {}),
};
