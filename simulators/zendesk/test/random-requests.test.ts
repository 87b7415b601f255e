import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vendorOperations } from "../src/vendor/index.ts";
import { createRandom, type Random } from "../src/world/random.ts";
import { send, startWithClient, type TestClient } from "./client.ts";

const seed = Number(process.env.RANDOM_SEED ?? 20261122);
const total = 10_000;

let zendesk: TestClient;
beforeAll(async () => {
  zendesk = await startWithClient({
    account: {
      organization_fields: [
        { key: "age", type: "integer", title: "Age" },
        { key: "code", type: "regexp", title: "Code", regexp_for_validation: "(a+)+" },
      ],
      organizations: [{ id: 11, name: "Acme", external_id: "x" }],
      users: [{ id: 21, name: "Amy", email: "amy@acme.example", organization_id: 11 }],
      custom_objects: [{ key: "car", title: "Car" }],
      custom_object_fields: [
        { id: 31, object_key: "car", key: "age", type: "integer", title: "Age" },
        {
          id: 32,
          object_key: "car",
          key: "owner",
          type: "lookup",
          title: "Owner",
          relationship_target_type: "zen:organization",
        },
      ],
      custom_object_records: [
        { custom_object_key: "car", name: "Blue", external_id: "x", custom_object_fields: { age: 5, owner: "11" } },
      ],
      tickets: [{ id: 1, subject: "Help", description: "Hello", requester_id: 21 }],
    },
  });
});
afterAll(() => zendesk.close());

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T; // lists here are never empty

const oddTexts = [
  "",
  " ",
  "Acme",
  "x|y",
  "\u0000",
  "\ud800",
  "💶".repeat(300),
  "qbo:1:customer:5",
  "<script>",
  "-1",
  "1e9",
  "99999999999999999999",
  "null",
  "__proto__",
  "2026-02-30",
  "%",
  "ä".normalize("NFD"),
];

function oddValue(random: Random, depth = 0): unknown {
  const kind = Math.floor(random.next() * (depth > 3 ? 6 : 9));
  if (kind === 0) return null;
  if (kind === 1) return pick(random, [true, false]);
  if (kind === 2) return pick(random, [0, -1, 1.5, 11, 21, 1e21, 2 ** 53]);
  if (kind < 6) return random.next() < 0.01 ? "a".repeat(70_000) : pick(random, oddTexts);
  if (kind === 6) return Array.from({ length: Math.floor(random.next() * 4) }, () => oddValue(random, depth + 1));
  return oddObject(random, depth + 1);
}

const keys = [
  "id",
  "name",
  "email",
  "external_id",
  "notes",
  "tags",
  "organization_fields",
  "user_fields",
  "age",
  "code",
  "domain_names",
  "organization_id",
  "user_id",
  "custom_field_options",
  "value",
  "type",
  "key",
  "title",
  "comment",
  "body",
  "requester",
  "identities",
  "role",
  "winner_id",
  "custom_object_fields",
  "relationship_target_type",
  "action",
  "items",
  "filter",
  "$or",
  "$eq",
  "custom_object_fields.age",
  "__proto__",
  "constructor",
];

function oddObject(random: Random, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: Math.floor(random.next() * 6) }, () => [pick(random, keys), oddValue(random, depth)]),
  );
}

const roots = [
  "organization",
  "organizations",
  "user",
  "users",
  "organization_field",
  "user_field",
  "organization_membership",
  "organization_memberships",
  "identity",
  "ticket",
  "ticket_field",
  "webhook",
  "token",
  "custom_field_option",
  "organization_merge",
  "custom_object",
  "custom_object_field",
  "custom_object_record",
  "job",
  "filter",
  "tags",
  "request",
  "grant_type",
];
const parameters = [
  "page",
  "page[size]",
  "page[after]",
  "page[before]",
  "per_page",
  "sort",
  "ids",
  "external_ids",
  "external_id",
  "name",
  "query",
  "filter[type]",
  "filter[ids]",
  "filter[external_ids]",
  "start_time",
  "cursor",
  "role",
  "include",
];

interface Odd {
  method: string;
  path: string;
  body: unknown;
  headers: Record<string, string>;
}

/** One request of any operation with ids, parameters and bodies that make sense, or do not. */
function oddRequest(random: Random): Odd {
  const operation = pick(random, vendorOperations);
  const path = operation.path.replaceAll(/\{\w+\}/g, () =>
    encodeURIComponent(
      pick(random, [
        "11",
        "21",
        "1",
        "999",
        "abc",
        "current",
        "-5",
        "1.5",
        "V3-x",
        "%00",
        "car",
        "32",
        "zen:organization",
        "zen:custom_object:car",
      ]),
    ),
  );
  const query = Array.from(
    { length: Math.floor(random.next() * 3) },
    () =>
      `${encodeURIComponent(pick(random, parameters))}=${encodeURIComponent(pick(random, oddTexts).slice(0, 200).toWellFormed())}`,
  );
  const isWrapped = random.next() < 0.8;
  const root = pick(random, roots);
  const bodies = [
    oddObject(random),
    { [root]: oddObject(random) },
    { [root]: Array.from({ length: 3 }, () => oddObject(random)) },
    oddValue(random),
  ];
  const body =
    operation.method === "GET" || random.next() < 0.1
      ? undefined
      : isWrapped
        ? pick(random, bodies)
        : pick(random, ["{", "[]", "null", '"text"', "\u0000", "{}"]);
  const headers =
    random.next() < 0.05
      ? {
          "content-type": pick(random, [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json; charset=utf-16",
          ]),
        }
      : {};
  const suffix = random.next() < 0.3 ? ".json" : "";
  return {
    method: operation.method,
    path: `${path}${suffix}${query.length > 0 ? `?${query.join("&")}` : ""}`,
    body,
    headers,
  };
}

const controlPaths = [
  "state",
  "seed",
  "clock",
  "mutate",
  "switches",
  "gates",
  "gates/x",
  "edits",
  "faults",
  "profile",
  "snapshots",
  "accounts",
  "plan",
  "api-tokens",
  "log",
  "counters",
  "webhooks",
  "openapi.json",
];

describe("random requests", () => {
  it(`never crash the simulator nor make it answer 500 (seed ${seed})`, async () => {
    const random = createRandom(seed);
    const complaints: string[] = [];
    const send1 = async (odd: Odd, authorization: string): Promise<void> => {
      const answer = await send(`${zendesk.url}${odd.path}`, odd.method, odd.body, {
        authorization,
        ...odd.headers,
      }).catch((error: unknown) => error as Error);
      if (answer instanceof Error)
        complaints.push(`${odd.method} ${odd.path}: ${answer.message} ${String(answer.cause)}`);
      else if (answer.status === 500 || answer.status < 200)
        complaints.push(
          `${odd.method} ${odd.path} ${JSON.stringify(odd.body)?.slice(0, 300)}: ${answer.status} ${answer.text.slice(0, 300)}`,
        );
    };
    const authorizations = [
      `Bearer ${zendesk.token}`,
      `Bearer ${zendesk.token}`,
      `Bearer ${zendesk.token}`,
      "Bearer x",
      "Basic !!!",
      "Basic YTpi",
      "",
    ];
    for (let sent = 0; sent < total && complaints.length < 20; sent += 20) {
      const batch = Array.from({ length: 20 }, () => {
        const odd = oddRequest(random);
        // Losing the token or the webhook's receiver would make the rest of the run say 401, which proves nothing.
        const isTokenRevoked = odd.method === "DELETE" && odd.path.includes("/oauth/");
        return isTokenRevoked ? Promise.resolve() : send1(odd, pick(random, authorizations));
      });
      await Promise.all(batch);
    }
    expect(complaints).toEqual([]);
    expect((await zendesk.get("/api/v2/organizations")).status).toBe(200);
  }, 300_000);

  it("to the control port and the pages say what is wrong instead of failing", async () => {
    const random = createRandom(seed + 1);
    const complaints: string[] = [];
    for (let sent = 0; sent < 600; sent += 1) {
      const method = pick(random, ["GET", "POST", "DELETE"]);
      const body =
        method === "GET"
          ? undefined
          : pick(random, [
              oddObject(random),
              { account: oddObject(random) },
              {
                entity: "organization",
                operation: pick(random, ["create", "update", "delete", "merge"]),
                id: 11,
                record: oddObject(random),
              },
              { name: pick(random, oddTexts) },
              "{",
              "[]",
            ]);
      const answer = await zendesk.control(method, pick(random, controlPaths), body);
      if (answer.status >= 500)
        complaints.push(
          `${method}: ${answer.status} ${answer.text.slice(0, 300)} ${JSON.stringify(body)?.slice(0, 300)}`,
        );
    }
    for (const page of [
      "/tickets?page=x",
      "/tickets/%00",
      "/organizations?q=%25%00",
      "/organizations/1e99",
      "/users/abc",
      "/nowhere",
      "/organization_fields",
      "/custom_objects",
      "/custom_objects/car",
      "/custom_objects/%00",
    ]) {
      const answer = await zendesk.call("GET", page);
      if (answer.status >= 500) complaints.push(`${page}: ${answer.status}`);
    }
    expect(complaints).toEqual([]);
  });
});
