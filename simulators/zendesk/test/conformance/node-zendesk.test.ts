import { createClient } from "node-zendesk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "../client.ts";

// The npm client `node-zendesk`, written by others against the real product, drives the simulator. Its sub-clients and
// their methods are taken from the package itself: each is driven here, or named with the reason why not.

type Method = (...parameters: never[]) => Promise<unknown>;
type SubClient = Record<string, Method>;

let zendesk: TestClient;
let client: Record<string, SubClient>;
beforeAll(async () => {
  zendesk = await startWithClient({
    account: {
      organizations: [
        { id: 11, name: "Acme", external_id: "x1" },
        { id: 12, name: "Birds" },
        { id: 13, name: "Cedar", external_id: "x3" },
        { id: 14, name: "Delta" },
      ],
      organization_fields: [{ id: 31, key: "age", type: "text", title: "Age" }],
      user_fields: [{ id: 51, key: "tier", type: "text", title: "Tier" }],
      users: [
        { id: 21, name: "Amy", email: "amy@acme.example", organization_id: 11 },
        { id: 22, name: "Bob", email: "bob@birds.example", organization_id: 12 },
        { id: 23, name: "Cy", email: "cy@cedar.example" },
        { id: 24, name: "Di", email: "di@delta.example" },
      ],
      user_identities: [{ id: 61, user_id: 21, value: "amy2@acme.example" }],
      organization_memberships: [
        { id: 71, user_id: 21, organization_id: 11, default: true },
        { id: 72, user_id: 21, organization_id: 12 },
        { id: 73, user_id: 22, organization_id: 12, default: true },
      ],
      ticket_fields: [
        { id: 41, type: "tagger", title: "Kind", custom_field_options: [{ id: 42, name: "Bill", value: "bill" }] },
      ],
      tickets: [
        { id: 1, subject: "Help", description: "Hello", requester_id: 21 },
        { id: 2, subject: "More", description: "Hi", requester_id: 22 },
      ],
    },
  });
  await zendesk.control("POST", "switches", { searchLagMs: 0, bulkUserImport: true });
  await zendesk.control("POST", "clock", { advanceMs: 120_000 });
  const options = {
    endpointUri: `${zendesk.url}/api/v2`,
    oauth: true,
    username: "owner@simulator.example",
    token: zendesk.token,
  };
  client = createClient(options) as unknown as Record<string, SubClient>; // looked at as what it is: objects with methods
});
afterAll(() => zendesk.close());

/** Parameters of each driven method, in an order in which every call finds its record. */
const driven: Record<string, Record<string, readonly unknown[]>> = {
  organizations: {
    list: [],
    listByUser: [21],
    count: [],
    countByUser: [21],
    related: [11],
    show: [11],
    showMany: [[11, 12]],
    showManyByExternalIds: [["x1", "x3"]],
    create: [{ organization: { name: "New" } }],
    createMany: [{ organizations: [{ name: "M1" }, { name: "M2" }] }],
    createOrUpdate: [{ organization: { name: "Upserted", external_id: "u" } }],
    upsert: [{ organization: { external_id: "u", notes: "n" } }],
    update: [11, { organization: { notes: "n" } }],
    updateMany: [{ organizations: [{ id: 11, notes: "m" }] }],
    search: ["x1"],
    autocomplete: [{ name: "Ac" }],
    incremental: [0],
    incrementalInclude: [0, "users"],
    delete: [14],
    bulkDelete: [[12]],
    bulkDeleteByExternalId: [["x3"]],
  },
  organizationfields: {
    list: [],
    show: [31],
    create: [{ organization_field: { key: "day", type: "date", title: "Day" } }],
    update: [31, { organization_field: { title: "Years" } }],
    reorder: [[31]],
    delete: [31],
  },
  users: {
    auth: [],
    me: [],
    list: [],
    listWithFilter: ["role", "end-user"],
    listByOrganization: [11],
    show: [21],
    showMany: [[21, 22]],
    create: [{ user: { name: "New", email: "new@n.example" } }],
    createMany: [{ users: [{ name: "N1" }] }],
    createOrUpdate: [{ user: { name: "Up", email: "up@u.example" } }],
    createOrUpdateMany: [{ users: [{ name: "Up 2", email: "up@u.example" }] }],
    update: [21, { user: { notes: "n" } }],
    updateMany: [{ users: [{ id: 21, notes: "m" }] }, null],
    suspend: [22],
    unsuspend: [22],
    search: [{ query: "amy" }],
    incremental: [0],
    incrementalInclude: [0, "organizations"],
    setTags: [21, { tags: ["a", "b"] }],
    addTags: [21, { tags: ["c"] }],
    listTags: [21],
    merge: [23, 21],
    delete: [24],
  },
  useridentities: {
    list: [21],
    show: [21, 61],
    create: [21, { identity: { type: "email", value: "amy3@acme.example" } }],
    update: [21, 61, { identity: { verified: true } }],
    verify: [21, 61],
    requestVerification: [21, 61],
    makePrimary: [21, 61],
    delete: [21, 61],
  },
  userfields: {
    list: [],
    show: [51],
    create: [{ user_field: { key: "day", type: "date", title: "Day" } }],
    update: [51, { user_field: { title: "Level" } }],
    reorder: [[51]],
    delete: [51],
  },
  organizationmemberships: {
    list: [],
    listByUser: [21],
    listByOrganization: [11],
    show: [72],
    showByUser: [21, 72],
    create: [{ user_id: 23, organization_id: 11 }],
    createByUser: [24, { organization_id: 11 }],
    createMany: [[{ user_id: 23, organization_id: 12 }]],
    makeDefault: [21, 72],
    delete: [73],
    deleteByUser: [21, 72],
    deleteMany: [[71]],
  },
  jobstatuses: { list: [], show: ["$job"], showMany: [["$job"]], watch: ["$job", 10, 3] },
  search: {
    query: ["type:organization acme"],
    queryAll: ["acme"],
    showResultsCount: ["acme"],
    exportResults: ["acme", "organization", 10],
  },
  tickets: {
    list: [],
    listByOrganization: [11],
    listByUserRequested: [21],
    show: [1],
    showMany: [[1, 2]],
    create: [{ ticket: { subject: "S", comment: { body: "B" }, requester_id: 21 } }],
    update: [1, { ticket: { priority: "high" } }],
    getComments: [1],
    delete: [2],
  },
  ticketfields: {
    list: [],
    listWithLocale: ["en-US"],
    show: [41],
    count: [],
    create: [{ ticket_field: { type: "text", title: "T" } }],
    update: [41, { ticket_field: { title: "Sort" } }],
    listOptions: [41],
    showOption: [41, 42],
    createOrUpdateOption: [41, { custom_field_option: { name: "Mail", value: "mail" } }],
    deleteOption: [41, 42],
    delete: [41],
  },
  webhooks: {
    list: [],
    create: [
      {
        webhook: {
          name: "W",
          status: "active",
          endpoint: "http://127.0.0.1:9/",
          http_method: "POST",
          request_format: "json",
          subscriptions: ["zen:event-type:organization.created"],
        },
      },
    ],
    show: ["$webhook"],
    update: [
      "$webhook",
      {
        webhook: {
          name: "W2",
          status: "active",
          endpoint: "http://127.0.0.1:9/",
          http_method: "POST",
          request_format: "json",
        },
      },
    ],
    patch: ["$webhook", { webhook: { name: "W3" } }],
    getSigningSecret: ["$webhook"],
    resetSigningSecret: ["$webhook"],
    listInvocations: ["$webhook"],
    delete: ["$webhook"],
  },
  oauthtokens: {
    current: [],
    list: [],
    create: [{ token: { client_id: 10_001, scopes: ["read"] } }],
    show: ["$token"],
    revoke: ["$token"],
  },
  oauthclients: { list: [] },
};

const oldPortal = "asks for /portal/search, which Zendesk no longer documents";
const unbuilt = "the simulator does not build this operation: 501";

/** Methods of driven sub-clients that are left out, with the reason. */
const leftOut: Record<string, Record<string, string>> = {
  organizations: { incrementalSample: unbuilt },
  search: { queryAnonymous: oldPortal, queryAnonymousAll: oldPortal },
  users: {
    destroyMany: "the client puts the ids into the path",
    removeTags: "the client sends no body with DELETE, so there are no tags in it",
    listByGroup: unbuilt,
    password: unbuilt,
    incrementalSample: unbuilt,
  },
  userfields: { listOptions: unbuilt, showOption: unbuilt, createOrUpdateOption: unbuilt, deleteOption: unbuilt },
  tickets: Object.fromEntries(
    [
      "listAssigned",
      "listByUserCCD",
      "listWithFilter",
      "listRecent",
      "listCollaborators",
      "listIncidents",
      "listMetrics",
      "createMany",
      "updateMany",
      "deleteMany",
      "merge",
      "export",
      "exportSample",
      "incremental",
      "incrementalInclude",
      "incrementalSample",
      "exportAudit",
      "addTags",
      "updateTags",
    ].map((name) => [name, unbuilt]),
  ),
  webhooks: {
    test: "the client asks for //webhooks/test; test/webhooks.test.ts asks rightly",
    listInvocationAttempts: "needs a delivery; test/webhooks.test.ts reads attempts over the same address",
  },
  oauthclients: { show: unbuilt, create: unbuilt, update: unbuilt, delete: unbuilt, generateSecret: unbuilt },
};

/** Whole sub-clients for parts of Zendesk that this simulator does not have: its answer there is 501 or 404. */
const otherParts = new Set([
  "accountsettings",
  "activitystream",
  "attachments",
  "automations",
  "brand",
  "customagentroles",
  "dynamiccontent",
  "dynamiccontentvariants",
  "groupmemberships",
  "groups",
  "imports",
  "installations",
  "locales",
  "macros",
  "permissiongroups",
  "policies",
  "requests",
  "satisfactionratings",
  "sessions",
  "sharingagreement",
  "sideconversations",
  "suspendedtickets",
  "tags",
  "targets",
  "ticketaudits",
  "ticketevents",
  "ticketexport",
  "ticketforms",
  "ticketimport",
  "ticketmetrics",
  "triggers",
  "views",
  "agentactivity",
  "availabilities",
  // The legacy Sunshine API, which Zendesk has closed; the package has no client for the objects of today.
  "customobjects",
  "targetfailures",
]);

const ownMethods = (sub: SubClient): string[] =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(sub)).filter(
    (name) => name !== "constructor" && typeof sub[name] === "function",
  );

function subClients(): [string, SubClient][] {
  const names = [...Object.getOwnPropertyNames(Object.getPrototypeOf(client)), ...Object.keys(client)];
  return names.flatMap((name): [string, SubClient][] => {
    const value: unknown = client[name];
    const isSub = typeof value === "object" && value !== null && "_rawRequest" in value;
    return isSub ? [[name, value as SubClient]] : [];
  });
}

describe("the npm client node-zendesk", () => {
  it("has no method that is neither driven here nor named with a reason", () => {
    const unknown = subClients().flatMap(([name, sub]) => {
      if (otherParts.has(name)) return [];
      const known = new Set([...Object.keys(driven[name] ?? {}), ...Object.keys(leftOut[name] ?? {})]);
      return ownMethods(sub)
        .filter((method) => !known.has(method))
        .map((method) => `${name}.${method}`);
    });
    expect(unknown).toEqual([]);
    expect(subClients().length).toBeGreaterThan(40);
  });

  it.each(Object.keys(driven))("drives %s without one answer that it cannot use", async (name) => {
    const sub = client[name];
    const calls = driven[name] ?? {};
    const remembered = new Map<string, unknown>([["$job", await makeJob()]]);
    const failures: string[] = [];
    await zendesk.control("POST", "snapshots", { name });
    for (const [method, parameters] of Object.entries(calls)) {
      await zendesk.control("DELETE", "log");
      const filled = parameters.map((one) => fill(one, remembered));
      try {
        // Parameters stand in the table above as what each method documents.
        const run = sub?.[method] as ((...given: unknown[]) => Promise<unknown>) | undefined;
        const answer = await run?.apply(sub, filled);
        remember(answer, remembered, name);
      } catch (error) {
        failures.push(`${name}.${method}: ${error instanceof Error ? error.message : String(error)}`);
      }
      const { requests } = (await zendesk.control("GET", "log")).body as {
        requests: { status: number; method: string; path: string; query: string; responseSummary?: string }[];
      };
      if (requests.length === 0) failures.push(`${name}.${method}: sent nothing`);
      for (const one of requests)
        if (one.status >= 400)
          failures.push(
            `${name}.${method}: ${one.method} ${one.path}?${one.query} -> ${one.status} ${one.responseSummary}`,
          );
    }
    await zendesk.control("POST", `snapshots/${name}/restore`);
    expect(failures).toEqual([]);
  });
});

async function makeJob(): Promise<string> {
  const answer = await zendesk.call("PUT", "/api/v2/organizations/update_many?ids=11", {
    organization: { notes: "job" },
  });
  return answer.body.job_status.id as string;
}

function fill(parameter: unknown, remembered: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(parameter)) return parameter.map((one) => fill(one, remembered));
  return typeof parameter === "string" && parameter.startsWith("$") ? remembered.get(parameter) : parameter;
}

/** Ids that later calls need. */
function remember(answer: unknown, remembered: Map<string, unknown>, name: string): void {
  const result = (answer as { result?: { id?: unknown; webhook?: { id: unknown }; full_token?: unknown } } | undefined)
    ?.result;
  if (name === "webhooks" && (result?.id ?? result?.webhook?.id) !== undefined)
    remembered.set("$webhook", result?.id ?? result?.webhook?.id);
  if (name === "oauthtokens" && result?.full_token !== undefined) remembered.set("$token", result.id);
}
