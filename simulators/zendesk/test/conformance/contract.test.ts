import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "../client.ts";
import { fixtures, readFixture, whereFixtures } from "./fixtures.ts";
import { type Declared, readContract } from "./openapi.ts";

/** Built operations that the contract of 2024 knows and that this test does not drive, with the reason. */
const notDriven: Record<string, string> = {
  MergeEndUsers: "leaves nothing to validate that ShowUser does not show",
};

// Names that the simulator and the contract of 2024 spell differently.
const otherNames: Record<string, string> = { BulkDeleteOrganizations: "DeleteManyOrganizations" };

let zendesk: TestClient;
beforeAll(async () => {
  zendesk = await startWithClient({
    account: {
      organization_fields: [
        { key: "age", type: "integer", title: "Age" },
        { key: "status", type: "dropdown", title: "Status", custom_field_options: [{ name: "Paid", value: "paid" }] },
        { key: "flag", type: "checkbox", title: "Flag", tag: "flagged" },
      ],
      organizations: [
        { id: 11, name: "Acme", external_id: "x1", tags: ["vip"], organization_fields: { age: 5, status: "paid" } },
        { id: 12, name: "Birds" },
        { id: 13, name: "Cedar", external_id: "x3" },
      ],
      users: [
        { id: 21, name: "Amy", email: "amy@acme.example", organization_id: 11, external_id: "u1" },
        { id: 22, name: "Bob", email: "bob@birds.example" },
      ],
      ticket_fields: [
        { id: 41, type: "tagger", title: "Kind", custom_field_options: [{ id: 42, name: "Bill", value: "bill" }] },
      ],
      user_fields: [{ id: 51, key: "tier", type: "text", title: "Tier" }],
      custom_objects: [{ key: "car", title: "Car", title_pluralized: "Cars" }],
      custom_object_fields: [
        { id: 81, object_key: "car", key: "make", type: "text", title: "Make" },
        {
          id: 82,
          object_key: "car",
          key: "owner",
          type: "lookup",
          title: "Owner",
          relationship_target_type: "zen:organization",
        },
      ],
      custom_object_records: [
        {
          id: "01GCSJW391QVSC80GYDH7E93Q6",
          custom_object_key: "car",
          name: "Blue",
          external_id: "c1",
          custom_object_fields: { make: "T", owner: "11" },
        },
      ],
      tickets: [{ id: 1, subject: "Help", description: "Hello", requester_id: 21 }],
    },
  });
  await zendesk.control("POST", "switches", { searchLagMs: 0, bulkUserImport: true });
  await zendesk.control("POST", "clock", { advanceMs: 120_000 });
});
afterAll(() => zendesk.close());

type Step = [method: string, path: string, body?: unknown];

/** One call or more of every built operation that the contract knows; `$job` and the like are filled in on the way. */
const script: Step[] = [
  ["GET", "organizations"],
  ["GET", "organizations?page[size]=1"],
  ["GET", "organizations/11"],
  ["GET", "organizations/99"],
  ["GET", "organizations/show_many?ids=11,12"],
  ["GET", "organizations/count"],
  ["GET", "organizations/11/related"],
  ["GET", "organizations/search?external_id=x1"],
  ["GET", "organizations/autocomplete?name=Ac"],
  ["POST", "organizations", { organization: { name: "New" } }],
  ["POST", "organizations/create_or_update", { organization: { name: "Newer", external_id: "n" } }],
  ["POST", "organizations/create_or_update", { organization: { external_id: "n", notes: "x" } }],
  ["POST", "organizations/create_many", { organizations: [{ name: "M1" }, { name: "Acme" }] }],
  ["GET", "job_statuses/$job"],
  ["PUT", "organizations/11", { organization: { notes: "n" } }],
  ["PUT", "organizations/update_many", { organizations: [{ id: 11, notes: "m" }, { id: 99 }] }],
  ["GET", "job_statuses/$job"],
  ["GET", "job_statuses"],
  ["GET", "job_statuses/show_many?ids=$job"],
  ["GET", "organization_fields"],
  ["GET", "organization_fields?page[size]=2"],
  ["POST", "organization_fields", { organization_field: { key: "day", type: "date", title: "Day" } }],
  ["GET", "organization_fields/$organization_field"],
  ["PUT", "organization_fields/$organization_field", { organization_field: { title: "Day 2" } }],
  ["PUT", "organization_fields/reorder", { organization_field_ids: [] }],
  ["DELETE", "organization_fields/$organization_field"],
  ["GET", "user_fields"],
  ["POST", "user_fields", { user_field: { key: "day", type: "date", title: "Day" } }],
  ["GET", "user_fields/$user_field"],
  ["PUT", "user_fields/$user_field", { user_field: { title: "Day 2" } }],
  ["PUT", "user_fields/reorder", { user_field_ids: [] }],
  ["DELETE", "user_fields/$user_field"],
  ["GET", "users"],
  ["GET", "users?page[size]=1"],
  ["GET", "users/21"],
  ["GET", "users/me"],
  ["GET", "users/show_many?ids=21,22"],
  ["GET", "users/count"],
  ["GET", "users/search?query=amy"],
  ["GET", "users/autocomplete?name=am"],
  ["GET", "users/21/related"],
  ["POST", "users", { user: { name: "Cy", email: "cy@c.example" } }],
  ["POST", "users/create_or_update", { user: { name: "Di", email: "di@d.example" } }],
  ["POST", "users/create_or_update", { user: { email: "di@d.example", phone: "5" } }],
  ["POST", "users/create_many", { users: [{ name: "Ed" }] }],
  ["POST", "users/create_or_update_many", { users: [{ name: "Ed", email: "ed@e.example" }] }],
  ["PUT", "users/21", { user: { notes: "n" } }],
  ["PUT", "users/update_many?ids=21,22", { user: { notes: "n" } }],
  ["GET", "users/21/identities"],
  ["POST", "users/21/identities", { identity: { type: "email", value: "amy2@acme.example" } }],
  ["GET", "users/21/identities/$identity"],
  ["PUT", "users/21/identities/$identity", { identity: { verified: true } }],
  ["PUT", "users/21/identities/$identity/verify"],
  ["PUT", "users/21/identities/$identity/request_verification"],
  ["PUT", "users/21/identities/$identity/make_primary"],
  ["DELETE", "users/21/identities/$identity"],
  ["GET", "organization_memberships"],
  ["GET", "organization_memberships?page[size]=1"],
  ["POST", "organization_memberships", { organization_membership: { user_id: 21, organization_id: 12 } }],
  ["GET", "organization_memberships/$organization_membership"],
  ["PUT", "users/21/organization_memberships/$organization_membership/make_default"],
  [
    "POST",
    "organization_memberships/create_many",
    { organization_memberships: [{ user_id: 22, organization_id: 12 }] },
  ],
  ["DELETE", "organization_memberships/$organization_membership"],
  ["PUT", "users/21/organizations/11/make_default"],
  ["DELETE", "users/21/organizations/11"],
  ["DELETE", "organization_memberships/destroy_many?ids=1"],
  ["GET", "search?query=type:organization acme"],
  ["GET", "search/count?query=acme"],
  ["GET", "search/export?query=acme&filter[type]=organization"],
  ["GET", "incremental/organizations?start_time=0"],
  ["GET", "incremental/users?start_time=0"],
  ["GET", "incremental/users/cursor?start_time=0"],
  ["GET", "tickets"],
  ["GET", "tickets/1"],
  ["GET", "tickets/show_many?ids=1"],
  ["GET", "tickets/count"],
  ["GET", "tickets/1/comments"],
  ["POST", "tickets", { ticket: { subject: "S", comment: { body: "B" }, requester_id: 21 } }],
  ["PUT", "tickets/1", { ticket: { priority: "high" } }],
  ["DELETE", "tickets/1"],
  ["GET", "ticket_fields"],
  ["GET", "ticket_fields/count"],
  ["GET", "ticket_fields/41"],
  ["POST", "ticket_fields", { ticket_field: { type: "text", title: "T" } }],
  ["PUT", "ticket_fields/41", { ticket_field: { title: "Kind 2" } }],
  ["GET", "ticket_fields/41/options"],
  ["GET", "ticket_fields/41/options/42"],
  ["POST", "ticket_fields/41/options", { custom_field_option: { name: "Mail", value: "mail" } }],
  ["DELETE", "ticket_fields/41/options/42"],
  ["DELETE", "ticket_fields/41"],
  ["GET", "custom_objects"],
  ["GET", "custom_objects/car"],
  ["PATCH", "custom_objects/car", { custom_object: { title: "Vehicle" } }],
  ["POST", "custom_objects", { custom_object: { key: "boat", title: "Boat", title_pluralized: "Boats" } }],
  ["GET", "custom_objects/limits/object_limit"],
  ["GET", "custom_objects/limits/record_limit"],
  ["GET", "custom_objects/car/limits/field_limit"],
  ["GET", "custom_objects/car/fields"],
  ["GET", "custom_objects/car/fields/make"],
  ["POST", "custom_objects/car/fields", { custom_object_field: { key: "year", type: "integer", title: "Year" } }],
  ["PATCH", "custom_objects/car/fields/year", { custom_object_field: { title: "Built" } }],
  ["PUT", "custom_objects/car/fields/reorder", { custom_object_field_ids: [82, 81] }],
  ["DELETE", "custom_objects/car/fields/year"],
  ["GET", "custom_objects/car/records"],
  ["GET", "custom_objects/car/records?filter[external_ids]=c1&page[size]=1"],
  ["GET", "custom_objects/car/records/count"],
  ["GET", "custom_objects/car/records/search?query=blue"],
  ["GET", "custom_objects/car/records/autocomplete?name=bl"],
  [
    "POST",
    "custom_objects/car/records",
    { custom_object_record: { name: "Red", custom_object_fields: { make: "U" } } },
  ],
  ["GET", "custom_objects/car/records/$custom_object_record"],
  ["PATCH", "custom_objects/car/records/$custom_object_record", { custom_object_record: { name: "Redder" } }],
  ["DELETE", "custom_objects/car/records/$custom_object_record"],
  ["PATCH", "custom_objects/car/records?external_id=c2", { custom_object_record: { name: "Green" } }],
  [
    "POST",
    "custom_objects/car/jobs",
    { job: { action: "create_or_update_by_external_id", items: [{ name: "J", external_id: "j" }] } },
  ],
  ["GET", "job_statuses/$job"],
  ["GET", "zen:organization/11/relationship_fields/82/zen:custom_object:car"],
  ["DELETE", "custom_objects/car/records?external_id=c2"],
  ["DELETE", "custom_objects/boat"],
  ["DELETE", "organizations/destroy_many?ids=13"],
  ["DELETE", "organizations/12"],
  ["DELETE", "users/destroy_many?ids=22"],
  ["DELETE", "users/21"],
];

const matches = (template: string, path: string): boolean => {
  const [wanted, given] = [template.split("/"), path.split("/")];
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith("{") || part === given[index]);
};

function findDeclared(contract: readonly Declared[], method: string, path: string): Declared | undefined {
  const fixed = (one: Declared): number => one.path.split("/").filter((part) => !part.startsWith("{")).length;
  return contract
    .filter((one) => one.method === method && matches(one.path, path))
    .sort((a, b) => fixed(b) - fixed(a))[0];
}

describe.skipIf(fixtures === undefined)(`Zendesk's contract of 2024${whereFixtures}`, () => {
  it("holds for what every built operation answers, but for the recorded baseline", async () => {
    const contract = readContract();
    const baseline = new Set(
      Object.keys(
        (JSON.parse(readFixture("zendesk-oas/baseline-real-traffic-null-ok.json")) as { violations: object })
          .violations,
      ),
    );
    const names = new Map<string, string>();
    const driven = new Set<string>();
    const complaints: string[] = [];
    for (const [method, template, body] of script) {
      const path = template.replaceAll(/\$(\w+)/g, (_text, name: string) => names.get(name) ?? "none");
      const answer = await zendesk.call(method, `/api/v2/${path}`, body);
      remember(names, answer.body);
      const declared = findDeclared(contract, method, `/api/v2/${path.split("?")[0]}`);
      expect(declared, `${method} ${path} is no operation of the contract`).toBeDefined();
      if (!declared) continue;
      driven.add(declared.operationId);
      if (answer.status >= 500 || (answer.status >= 400 && !path.endsWith("/99")))
        complaints.push(`${method} ${path}: ${answer.status} ${answer.text}`);
      if (answer.status < 300 && !declared.validators.has(String(answer.status)))
        complaints.push(`${method} ${path}: ${answer.status} is not declared`);
      const validate = declared.validators.get(String(answer.status));
      if (!validate || answer.text === "" || validate(answer.body)) continue;
      for (const error of validate.errors ?? []) {
        const line = `${method} ${declared.path} ${answer.status} ${error.instancePath.replaceAll(/\/\d+/g, "/*")} ${error.message}`;
        // A job's results are what the baseline says of them, in whichever of the job calls they show.
        const asShown = line.replace(
          /\/job_statuses(?:\/show_many)? 200 \/job_statuses\/\*/,
          "/job_statuses/{job_status_id} 200 /job_status",
        );
        if (!baseline.has(line) && !baseline.has(asShown) && !isOfResults(asShown) && !isOfRecords(asShown))
          complaints.push(line);
      }
    }
    expect([...new Set(complaints)]).toEqual([]);
    expect(await builtButNotDriven(contract, driven)).toEqual(Object.keys(notDriven));
  });
});

/** The baseline's union of result forms, seen from the other branch of the same `oneOf`. */
// A record's id is a ULID (CustomObjectRecord of the same contract), the job status of 2024 knows ids of numbers only.
const isOfRecords = (line: string): boolean => line.endsWith("/job_status/results/*/id must be integer,null");

const isOfResults = (line: string): boolean => /\/job_status\/results(?:\/\*)? (?:must|should)/.test(line);

function remember(names: Map<string, string>, body: unknown): void {
  const answer = (body ?? {}) as Record<string, { id?: string | number } | undefined>;
  if (answer.job_status?.id !== undefined) names.set("job", String(answer.job_status.id));
  for (const kind of [
    "organization_field",
    "user_field",
    "identity",
    "organization_membership",
    "custom_object_record",
  ]) {
    const id = answer[kind]?.id;
    if (id !== undefined) names.set(kind, String(id));
  }
}

/** Operations of the contract that answer something else than 501, and that the script left out. */
async function builtButNotDriven(contract: readonly Declared[], driven: ReadonlySet<string>): Promise<string[]> {
  const left: string[] = [];
  for (const { operationId, method, path } of contract) {
    if (driven.has(operationId) || Object.values(otherNames).includes(operationId)) continue;
    const answer = await zendesk.call(method, path.replaceAll(/\{[^}]+\}/g, "999"), undefined);
    if (answer.status !== 501) left.push(operationId);
  }
  return left;
}
