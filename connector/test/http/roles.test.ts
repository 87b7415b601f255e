// Every call of the contract, as everybody: nobody, each role on the connection, on another one, and on all. Made from the contract, so that a
// new call is tried by being there.
import { type Operation, type OperationId, operations, type Role, roles } from "@ml-connector/contract";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { type Api, addressOf, createApi, keyIn } from "./api.ts";

const ids = Object.keys(operations) as OperationId[];
const own = 1;
const nowhere = 4_711;
/** Of nothing that exists, so that being let through does no harm. */
const harmless = {
  party: "customer:999999",
  planId: 999_999,
  taskId: "00000000-0000-4000-8000-000000000000",
  operatorId: 999_999,
  apiKeyId: 999_999,
  version: 999_999,
  batchId: 999_999,
  ruleId: 999_999,
  organizationId: 999_999,
  targetId: 999_999,
  kid: "none",
  system: "zendesk",
};

interface Persona {
  name: string;
  role: Role;
  /** Null: every connection. */
  connections: number[] | null;
}

const personas: Persona[] = roles.flatMap((role) => [
  { name: `${role} of the connection`, role, connections: [own] },
  { name: `${role} of every connection`, role, connections: null },
]);

describe("who may call what", () => {
  let product: Product;
  let admin: Api;
  let other: number;
  const apis = new Map<string, Api>();
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    expect((await product.connect("--yes", "--json")).code).toBe(0);
    other = await product.withDatabase(async (database) => {
      await sql`insert into account (subdomain) values ('other')`.execute(database);
      const { rows } = await sql<{ id: number }>`
        insert into connection (subdomain, state) values ('other', 'connecting') returning id`.execute(database);
      return rows[0]?.id ?? 0;
    });
    await product.start();
    admin = createApi(product.url, { authorization: `Bearer ${keyIn(product.folder)}` });
    const all = [...personas, { name: "admin of another connection", role: "admin" as const, connections: [other] }];
    for (const { name, role, connections } of all) {
      const { key } = await admin.call("createApiKey", { body: { name, role, connections, expiresAt: null } });
      apis.set(name, createApi(product.url, { authorization: `Bearer ${key}` }));
    }
  });
  afterAll(() => product?.close());

  /** The status alone: a stream that was let through never ends by itself. */
  async function statusOf(api: Api | undefined, id: OperationId, connectionId: number | string): Promise<number> {
    const operation: Operation = operations[id];
    const body = operation.body === undefined ? {} : { body: {} };
    const asked = { params: { ...harmless, connectionId }, ...body };
    if (operation.answer.kind === "stream" && operation.answer.type === "text/event-stream")
      return api?.head(addressOf(operation, asked)) ?? 0;
    return (await api?.send(id, asked))?.status ?? 0;
  }

  function expected({ needs }: Operation, { role, connections }: Persona): "let through" | 403 {
    if (needs === "nobody") return "let through";
    const holds = roles.indexOf(role) >= roles.indexOf(needs.role);
    return holds && (needs.on !== "deployment" || connections === null) ? "let through" : 403;
  }

  it.each(ids)("%s asks nobody in who is not known", async (id) => {
    const { needs }: Operation = operations[id];
    const anonymous = createApi(product.url, {});
    const status = await statusOf(anonymous, id, own);
    expect(status).toBe(needs === "nobody" ? 400 : 401);
  });

  it.each(ids)("%s is open to exactly the roles that the contract names", async (id) => {
    for (const persona of personas) {
      const status = await statusOf(apis.get(persona.name), id, own);
      const wanted = expected(operations[id], persona);
      if (wanted === 403) expect(`${persona.name}: ${status}`).toBe(`${persona.name}: 403`);
      else expect([401, 403, 500], persona.name).not.toContain(status);
    }
  });

  it.each(ids.filter((id) => operations[id].path.includes(":connectionId")))(
    "%s answers 404 for a connection of somebody else, exactly as for one that does not exist",
    async (id) => {
      const stranger = apis.get("admin of another connection");
      expect(await statusOf(stranger, id, own)).toBe(404);
      const [theirs, none] = await Promise.all(
        [own, nowhere].map(async (connectionId) =>
          stranger?.send(id, { params: { ...harmless, connectionId }, body: operations[id].body ? {} : undefined }),
        ),
      );
      const said = (body: unknown) => ({ ...(body as { error: object }).error, requestId: "" });
      expect(said(theirs?.body)).toEqual(said(none?.body));
    },
  );

  it("shows nobody more than their own connections", async () => {
    const stranger = apis.get("admin of another connection");
    const status = await stranger?.call("readStatus");
    expect(status?.connections.map(({ connectionId }) => connectionId)).toEqual([other]);
    expect((await stranger?.call("listConnections"))?.connections).toHaveLength(1);
    expect((await admin.call("listConnections")).connections).toHaveLength(2);
  });

  it("tells of what belongs to no connection only those who see all of them", async () => {
    await product.withDatabase((database) =>
      sql`insert into incident (cause, says) values ('webhook-unknown-company:999', 'Company 999 is not connected here.')`.execute(
        database,
      ),
    );
    const causes = async (api: Api | undefined) =>
      (await api?.call("listIncidents", { params: { connectionId: own } }))?.incidents.map(({ cause }) => cause) ?? [];
    expect(await causes(admin)).toContain("webhook-unknown-company:999");
    const limited = apis.get("viewer of the connection");
    expect(await causes(limited)).toEqual([]);
    expect((await limited?.call("readStatus"))?.incidents).toEqual([]);
  });

  it("does not let plans and tasks be reached through another connection", async () => {
    const [plan] = (await admin.call("listPlans", { params: { connectionId: own } })).plans;
    const task = await admin.call("startReplay", { params: { connectionId: own }, body: { what: "parked" } });
    await admin.ended(task);
    const through = { params: { connectionId: other, planId: plan?.id ?? 0, taskId: task.id } };
    expect(await admin.refusal("readTask", through)).toMatchObject({ status: 404 });
    for (const id of [
      "readPlan",
      "listPlanEffects",
      "approvePlan",
      "stopPlan",
      "discardPlan",
      "proposeRestore",
    ] as const)
      expect(await admin.refusal(id, through), id).toMatchObject({ status: 404 });
  });

  it("never answers anything but 404 to a connection that is none", async () => {
    const paths = ids.filter((id) => operations[id].path.includes(":connectionId"));
    const odd = fc.oneof(
      fc.string({ minLength: 1, maxLength: 30 }),
      fc.bigInt({ min: 2n ** 31n, max: 2n ** 70n }).map(String),
      fc.constantFrom(
        "0",
        "-1",
        "01",
        "1.0",
        "1e0",
        "0x1",
        " 1",
        "1 ",
        "%31",
        "1;2",
        "１",
        "1/../2",
        "null",
        "NaN",
        "..",
        ".",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), odd, async (id, connectionId) => {
        const status = await statusOf(apis.get("admin of the connection"), id, connectionId);
        // An address that names no call at all is 404 too; 400 is the framework's for one that is not well formed.
        expect([400, 404]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });

  it("tells how the company fits the account", async () => {
    const fit = await admin.ended(await admin.call("startFit", { params: { connectionId: own } }));
    expect(fit).toMatchObject({ kind: "fit", state: "done", result: { connectionId: own, gaps: expect.any(Array) } });
  });

  it("describes itself as OpenAPI 3.1, every call of the contract in it", async () => {
    const { body } = await admin.raw("GET", "/api/openapi.json");
    expect(body).toMatchObject({
      openapi: "3.1.0",
      paths: { "/api/v1/connections/{connectionId}/sync": { post: { operationId: "startSync" } } },
    });
    expect((await admin.raw("GET", "/api/docs/")).text).toContain("swagger");
  });

  it("ends with the key: revoked, expired and made up are one", async () => {
    const made = await admin.call("createApiKey", {
      body: { name: "short", role: "viewer", connections: null, expiresAt: null },
    });
    const api = createApi(product.url, { authorization: `Bearer ${made.key}` });
    expect(await api.call("readSession")).toEqual({
      kind: "api-key",
      name: "key short",
      grants: [{ role: "viewer", connectionId: null }],
      csrfToken: null,
    });
    await admin.call("revokeApiKey", { params: { apiKeyId: made.apiKey.id } });
    expect(await api.refusal("readSession")).toMatchObject({ status: 401 });
    const soon = new Date(Date.now() + 1_500).toISOString();
    const expiring = await admin.call("createApiKey", {
      body: { name: "soon over", role: "viewer", connections: null, expiresAt: soon },
    });
    await product.withDatabase((database) =>
      sql`update api_key set expires_at = now() where id = ${expiring.apiKey.id}`.execute(database),
    );
    const expired = createApi(product.url, { authorization: `Bearer ${expiring.key}` });
    expect(await expired.refusal("readSession")).toMatchObject({ status: 401 });
    const { apiKeys } = await admin.call("listApiKeys");
    expect(apiKeys.filter(({ id }) => [made.apiKey.id, expiring.apiKey.id].includes(id))).toMatchObject([
      { state: "revoked", madeBy: "local operator" },
      { state: "expired" },
    ]);
    const stored = await product.withDatabase((database) => database.selectFrom("api_key").selectAll().execute());
    expect(JSON.stringify(stored)).not.toContain(made.key.slice(4));
  });
});
