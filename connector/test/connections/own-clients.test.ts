// Connections that bring an Intuit app and a Zendesk client of their own, over both simulators and a real database.
import { createHmac } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startQuickbooksSimulator } from "../../../simulators/quickbooks/src/index.ts";
import { startZendeskSimulator } from "../../../simulators/zendesk/src/index.ts";
import { createClientDesk } from "../../src/boot/client-desk.ts";
import { bringClient, createFindSigner, disconnect } from "../../src/connections/index.ts";
import { parseRealm } from "../../src/domain/index.ts";
import { Receipts } from "../../src/sync/intake/index.ts";
import { parseNotification, verifyIntuitSignature } from "../../src/systems/quickbooks/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";

const secondRealm = parseRealm("9341453000000002");
const theirs = { clientId: "their-app", clientSecret: "their-secret", verifiers: ["their-verifier"] };
const third = { clientId: "third-app", clientSecret: "third-secret" };
const theirClient = { clientId: "their-client", clientSecret: "their-client-secret" };

const marketplace = { name: "Billing for agents", organizationId: "4711", appId: "815" };

describe("a client of a connection's own", () => {
  let flow: Flow;
  let desk: ReturnType<typeof createClientDesk>;
  beforeAll(async () => {
    const quickbooks = await startQuickbooksSimulator({
      company: smallCompany(),
      companies: { [secondRealm]: smallCompany() },
      otherApps: [theirs, third],
    });
    const zendesk = await startZendeskSimulator({ account: smallAccount(), otherClients: [theirClient] });
    flow = await startFlow({ company: {}, account: {}, today, marketplace, beside: { quickbooks, zendesk } });
    desk = createClientDesk(flow.engine);
  });
  afterAll(async () => {
    await flow.close();
    await flow.quickbooks.close();
    await flow.zendesk.close();
  });

  const realm = async () => (await flow.connection()).realm ?? parseRealm("1");
  const grants = async () =>
    (
      (await flow.quickbooksControl("GET", "state")) as {
        tokens: { grants: { clientId: string; realm: string; revoked: boolean }[] };
      }
    ).tokens.grants
      .filter(({ revoked }) => !revoked)
      .map((grant) => `${grant.clientId} ${grant.realm}`)
      .sort();

  async function consent(connectionId: typeof flow.connectionId, at?: string) {
    const url = await flow.engine.beginAuthorization({ system: "quickbooks", connectionId });
    const asked = `${url}&simulator_consent=allow${at === undefined ? "" : `&simulator_realm=${at}`}`;
    const answer = await fetch(asked, { redirect: "manual" });
    const query = Object.fromEntries(new URL(answer.headers.get("location") ?? "http://none").searchParams);
    return flow.engine.completeAuthorization("quickbooks", query, undefined);
  }

  it("takes over with the next consent, not before it, and ends what the former one was granted", async () => {
    const { engine, connectionId } = flow;
    const company = await realm();
    expect(await grants()).toEqual([`simulator-client ${company}`]);
    const [before] = (await desk.bring(connectionId, "quickbooks", { ...theirs, monthlyReads: 600_000 })).clients;
    expect(before).toEqual({
      system: "quickbooks",
      clientId: "their-app",
      from: "connection",
      environment: "production",
      hasVerifiers: true,
      monthlyReads: 600_000,
      waitsForConsent: true,
    });
    await engine.clients.quickbooks.live.readCompany(company);
    expect(await consent(connectionId)).toMatchObject({ kind: "connected" });
    expect(await grants()).toEqual([`their-app ${company}`]);
    expect((await engine.stores.credentials.all()).map(({ clientId, system }) => `${system} ${clientId}`)).toEqual([
      "zendesk simulator-client",
      "quickbooks their-app",
    ]);
    await engine.clients.quickbooks.live.readCompany(company);
    expect((await desk.show(connectionId)).clients[0]).toMatchObject({ clientId: "their-app", waitsForConsent: false });
  });

  it("gets its new tokens by its own secret, also when that was replaced meanwhile", async () => {
    const { engine, connectionId, store } = flow;
    const company = await realm();
    const due = () =>
      sql`update credential set access_expires_at = now(), put_off = null where system = 'quickbooks'`.execute(
        store.database,
      );
    const endsLater = async () =>
      (await engine.stores.credentials.ofSubject("quickbooks", company))[0]?.accessExpiresAt ?? new Date(0);
    await due();
    await engine.refreshDue();
    expect((await endsLater()).getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    await desk.bring(connectionId, "quickbooks", { ...theirs, clientSecret: "wrong" });
    await due();
    await engine.refreshDue();
    // Our own mistake: the connection is stopped with its name, and the grant is kept.
    expect((await engine.stores.incidents.open(connectionId)).map(({ cause }) => cause)).toEqual([
      "quickbooks:client-refused",
    ]);
    await desk.bring(connectionId, "quickbooks", theirs);
    await due();
    await engine.refreshDue();
    expect((await endsLater()).getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await engine.stores.incidents.open(connectionId)).toEqual([]);
    const past = (of: object) => engine.stores.incidents.history({ connectionId, limit: 10, ...of });
    expect(await past({ cause: "quickbooks", since: new Date(Date.now() - 3_600_000) })).toEqual({
      incidents: [
        expect.objectContaining({ cause: "quickbooks:client-refused", resolvedAt: expect.any(Date) as Date }) as object,
      ],
      causes: [{ cause: "quickbooks", times: 1, open: 0, affected: 1 }],
    });
    const nothing = { incidents: [], causes: [] };
    expect(await past({ cause: "quickbooks:429" })).toEqual(nothing);
    expect(await past({ openOnly: true })).toEqual(nothing);
    expect(await past({ since: new Date(Date.now() + 60_000) })).toEqual(nothing);
    // Intuit tells the end after five years where the request asks for it, and that of disuse in any case.
    const [intuit] = await engine.stores.credentials.ofSubject("quickbooks", company);
    const daysTo = (end: Date | undefined) => Math.round(((end?.getTime() ?? 0) - Date.now()) / 86_400_000);
    expect([daysTo(intuit?.hardExpiresAt), daysTo(intuit?.refreshExpiresAt)]).toEqual([1_826, 101]);
    expect(await grants()).toEqual([`their-app ${company}`]);
  });

  it("speaks by webhook for the companies of its connection alone", async () => {
    const { engine } = flow;
    const company = await realm();
    const find = createFindSigner({
      deployment: { clientId: "simulator-client", verifiers: ["ours"] },
      store: engine.stores.ownClients,
      seal: engine.seal,
      monotonicMs: () => performance.now(),
    });
    const receipts = new Receipts({
      store: engine.stores.receipts,
      incidents: engine.stores.incidents,
      wake: () => Promise.resolve(),
      monotonicMs: () => performance.now(),
    });
    const deliver = async (verifier: string, ...realms: string[]) => {
      const body = Buffer.from(
        JSON.stringify(
          realms.map((intuitaccountid, nth) => ({
            specversion: "1.0",
            id: `e-${nth}`,
            source: "intuit.test",
            type: "qbo.customer.updated.v1",
            datacontenttype: "application/json",
            time: "2026-11-20T18:00:00Z",
            intuitentityid: "1",
            intuitaccountid,
          })),
        ),
      );
      const signature = createHmac("sha256", verifier).update(body).digest("base64");
      const signer = await find((verifiers) => verifyIntuitSignature(body, signature, verifiers) !== undefined);
      return signer && receipts.receive({ ...signer, notification: parseNotification(body) });
    };
    expect(await deliver("a stranger's", company)).toBeUndefined();
    expect(await deliver("their-verifier", company, secondRealm)).toEqual({ companies: [secondRealm], events: 0 });
    // The deployment's app is not connected to it any more.
    expect(await deliver("ours", company)).toEqual({ companies: [company], events: 0 });
    await receipts.close();
  });

  it("is one for a company: another connection with another app is refused, and nothing is stored", async () => {
    const { engine } = flow;
    const other = await engine.stores.connections.create(flow.subdomain, {});
    await bringClient({ connectionId: other, system: "quickbooks" }, third, engine.clientDesk);
    const refused = await consent(other, await realm());
    expect(refused).toMatchObject({ kind: "refused" });
    expect(refused.kind === "refused" && refused.says).toContain("another QuickBooks app");
    expect(await consent(other, secondRealm)).toMatchObject({ kind: "connected" });
    expect((await engine.stores.credentials.all()).map(({ clientId }) => clientId).sort()).toEqual([
      "simulator-client",
      "their-app",
      "third-app",
    ]);
    await expect(
      bringClient(
        { connectionId: other, system: "quickbooks" },
        { ...third, clientId: "simulator-client" },
        engine.clientDesk,
      ),
    ).rejects.toThrow("client of the deployment");
    await engine.stores.watch.addReads("third-app", new Map([[secondRealm, 450_000]]));
    expect((await engine.stores.watch.facts()).reads).toEqual([
      { clientId: "third-app", reads: 450_000, connections: 1, own: { monthlyReads: undefined, sandbox: false } },
    ]);
    expect(await disconnect(other, "purge", engine.ending)).toMatchObject({ revoked: ["quickbooks"] });
    expect(await grants()).not.toContain(`third-app ${secondRealm}`);
    expect(await engine.stores.ownClients.read(other, "quickbooks")).toBeUndefined();
  });

  it("signs in at Zendesk for itself, in place of the deployment's", async () => {
    const { engine, connectionId } = flow;
    await desk.bring(connectionId, "zendesk", theirClient);
    const stored = await engine.stores.connections.read(connectionId);
    expect(stored && (await engine.useConfiguredZendesk(stored))).toBe(true);
    expect(
      (await engine.stores.credentials.ofSubject("zendesk", flow.subdomain)).map(({ clientId }) => clientId),
    ).toEqual(["their-client"]);
    await engine.clients.zendesk.live.checkToken(flow.subdomain);
    const ownClients = await sql<{ row: string }>`select to_jsonb(o)::text as row from own_client o`.execute(
      flow.store.database,
    );
    for (const secret of [theirs.clientSecret, "their-verifier", theirClient.clientSecret])
      expect(ownClients.rows.map(({ row }) => row).join()).not.toContain(secret);
  });

  it("is told apart as an app of the Marketplace by three headers, in every request to Zendesk and in no other", async () => {
    const { requests } = (await flow.zendeskControl("GET", "log?since=0")) as {
      requests: { operation: string; marketplace?: Record<string, string> }[];
    };
    expect(new Set(requests.map(({ operation }) => operation)).size).toBeGreaterThan(2);
    for (const { operation, marketplace: said } of requests)
      expect(said, operation).toEqual({
        "x-zendesk-marketplace-name": "Billing for agents",
        "x-zendesk-marketplace-organization-id": "4711",
        "x-zendesk-marketplace-app-id": "815",
      });
  });
});
