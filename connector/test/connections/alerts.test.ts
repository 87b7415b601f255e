// Incidents and who is told, over a real database, a real SMTP server and a real HTTP receiver.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { sql } from "kysely";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAlertChannels } from "../../src/boot/alert-channels.ts";
import { destinationBinding } from "../../src/boot/overseer.ts";
import { Secret } from "../../src/boot/secret.ts";
import { createSeal } from "../../src/connections/credentials/index.ts";
import { type ConnectionId, parseSubdomain } from "../../src/domain/index.ts";
import { type AlertStore, type Channels, type Destination, sendDue } from "../../src/oversight/alerts/index.ts";
import { type IncidentStore, watch } from "../../src/oversight/incidents/index.ts";
import { createAlertStore } from "../../src/store/alert-store.ts";
import { createIncidentStore } from "../../src/store/incident-store.ts";
import { createWatchStore } from "../../src/store/watch-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

interface Mail {
  to: string[];
  raw: string;
}
interface Posted {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const seal = createSeal({ current: "one", keys: new Map([["one", new Uint8Array(32).fill(1)]]) });
const secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
let test: TestDatabase;
let incidents: IncidentStore;
let alerts: AlertStore;
let connectionId: ConnectionId;
let mails: Mail[];
let posts: Posted[];
/** What the receiver answers next; 200 when there is nothing. */
let answers: number[];
let refuseMail: boolean;
let smtp: SMTPServer;
let http: Server;
let channels: Channels & { close(): Promise<void> };

beforeAll(async () => {
  test = await testDatabase();
  incidents = createIncidentStore(test.database);
  alerts = createAlertStore(test.database);
  ({ connectionId } = await makeConnection(test.database, { subdomain: parseSubdomain("acme"), epoch: 1 }));
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      let raw = "";
      stream.setEncoding("utf8").on("data", (part: string) => {
        raw += part;
      });
      stream.on("end", () => {
        if (refuseMail) return done(new Error("mailbox is full"));
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw });
        return done();
      });
    },
  });
  await new Promise<void>((listening) => {
    smtp.listen(0, "127.0.0.1", listening);
  });
  http = createServer((request, reply) => {
    void text(request).then((body) => {
      posts.push({ path: request.url ?? "", headers: request.headers, body });
      reply.writeHead(answers.shift() ?? 200, { location: "http://127.0.0.1:1/elsewhere" }).end();
    });
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const port = (smtp.server.address() as AddressInfo).port; // it listens on TCP
  channels = createAlertChannels({
    mail: { url: new Secret(`smtp://127.0.0.1:${port}`), from: "ml-connector <sync@example.com>" },
    privateTargets: true,
  });
});
afterAll(async () => {
  await channels.close();
  await new Promise<void>((closed) => {
    smtp.close(closed);
  });
  http.close();
  await test.close();
});
beforeEach(async () => {
  for (const table of ["alert", "alert_target", "incident", "parked_sample", "metered_reads", "credential"] as const)
    await test.database.deleteFrom(table).execute();
  await test.database.updateTable("connection").set({ state: "active", paused_by: null }).execute();
  mails = [];
  posts = [];
  answers = [];
  refuseMail = false;
});

const receiver = (path: string) => `http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`; // it listens on TCP

function target(destination: Destination, least: "notice" | "degraded" | "stopped" = "degraded"): Promise<number> {
  const name = destination.kind === "email" ? destination.address : new URL(destination.url).host;
  return alerts.addTarget({ kind: destination.kind, name, least }, (id) =>
    seal.seal(JSON.stringify(destination), destinationBinding(id)),
  );
}

function send(of: { channels?: Channels; store?: AlertStore } = {}): Promise<number> {
  return sendDue({
    store: of.store ?? alerts,
    channels: of.channels ?? channels,
    destinationOf: async ({ id, sealed }) => JSON.parse(await seal.open(sealed, destinationBinding(id))) as Destination,
    reconnectUrl: () => Promise.resolve("https://sync.example.com/oauth/reconnect?ticket=t"),
    publicUrl: "https://sync.example.com",
    now: () => new Date(),
  });
}

const refusedGrant = {
  cause: "quickbooks:grant-refused",
  says: "QuickBooks (934) no longer accepts our grant: connect the company again.",
} as const;
const dueNow = () =>
  test.database
    .updateTable("alert")
    .set({ due_at: new Date(0) })
    .execute();
const rows = () => test.database.selectFrom("alert").selectAll().orderBy("created_at").execute();

describe("an incident", () => {
  it("reaches everybody who is to hear of it: by e-mail, Slack and signed webhook", async () => {
    await target({ kind: "email", address: "ops@example.com" });
    await target({ kind: "slack", url: receiver("/slack") });
    await target({ kind: "webhook", url: receiver("/hook"), secret });
    await incidents.note({ ...refusedGrant, connectionId });
    expect(await send()).toBe(3);
    const [mail] = mails;
    expect(mail?.to).toEqual(["ops@example.com"]);
    expect(mail?.raw).toMatch(/^Subject: ml-connector: .*acme: QuickBooks \(934\) no longer/m);
    expect(mail?.raw.replaceAll("=\r\n", "")).toContain("oauth/reconnect?ticket");
    const slack = posts.find(({ path }) => path === "/slack");
    expect(JSON.parse(slack?.body ?? "")).toMatchObject({
      text: expect.stringContaining("no longer accepts") as string,
    });
    const hook = posts.find(({ path }) => path === "/hook");
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = hook?.headers ?? {};
    const expected = createHmac("sha256", Buffer.alloc(32, 9)).update(
      `${String(id)}.${String(at)}.${hook?.body ?? ""}`,
    );
    expect(signature).toBe(`v1,${expected.digest("base64")}`);
    expect((await rows()).map(({ state }) => state)).toEqual(["sent", "sent", "sent"]);
  });

  it("that is noted again and again is told once, and its end once", async () => {
    await target({ kind: "webhook", url: receiver("/hook"), secret });
    for (let nth = 0; nth < 5; nth += 1) await incidents.note({ ...refusedGrant, connectionId });
    await send();
    await send();
    expect(await incidents.open()).toMatchObject([{ affected: 5, severity: "stopped" }]);
    await incidents.resolve(refusedGrant.cause, { connectionId });
    await send();
    expect(posts).toHaveLength(1);
    await test.database
      .updateTable("incident")
      .set({ resolved_at: new Date(Date.now() - 130_000) })
      .execute();
    await send();
    await send();
    expect(posts.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      "ml-connector.incident.opened",
      "ml-connector.incident.resolved",
    ]);
  });

  it("that comes back within two minutes goes on: nobody is told twice", async () => {
    await target({ kind: "webhook", url: receiver("/hook"), secret });
    for (let nth = 0; nth < 3; nth += 1) {
      await incidents.note({ ...refusedGrant, connectionId });
      await send();
      await incidents.resolve(refusedGrant.cause, { connectionId });
    }
    expect(posts).toHaveLength(1);
    expect(await test.database.selectFrom("incident").selectAll().execute()).toHaveLength(1);
  });

  it("is not told to those who want to hear of worse only", async () => {
    await target({ kind: "webhook", url: receiver("/stopped"), secret }, "stopped");
    await target({ kind: "webhook", url: receiver("/all"), secret }, "notice");
    await incidents.note({ cause: "webhook-unknown-event", says: "Unknown." });
    await incidents.note({ cause: "freshness", says: "Slow.", connectionId });
    await incidents.note({ ...refusedGrant, connectionId });
    await send();
    expect(posts.filter(({ path }) => path === "/stopped")).toHaveLength(1);
    expect(posts.filter(({ path }) => path === "/all")).toHaveLength(3);
  });

  it("and its alerts become true together", async () => {
    await target({ kind: "email", address: "ops@example.com" });
    await sql`alter table alert add constraint refused check (event <> 'opened')`.execute(test.database);
    try {
      await expect(incidents.note({ ...refusedGrant, connectionId })).rejects.toThrow("refused");
      expect(await incidents.open()).toEqual([]);
    } finally {
      await sql`alter table alert drop constraint refused`.execute(test.database);
    }
    await incidents.note({ ...refusedGrant, connectionId });
    expect(await rows()).toHaveLength(1);
  });
});

describe("an alert", () => {
  it("is sent again with the same id when the process died before it could note that it was sent", async () => {
    await target({ kind: "email", address: "ops@example.com" });
    await target({ kind: "webhook", url: receiver("/hook"), secret });
    await incidents.note({ ...refusedGrant, connectionId });
    const dead: AlertStore = { ...alerts, sent: () => Promise.reject(new Error("the process died")) };
    await expect(send({ store: dead })).rejects.toThrow();
    // The lease holds others off, until it is over.
    expect(await send()).toBe(0);
    await dueNow();
    expect(await send()).toBe(2);
    const ids = posts.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    const messageIds = mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]);
    expect(messageIds).toHaveLength(2);
    expect(new Set(messageIds).size).toBe(1);
  });

  it("is tried again until it is taken, follows no redirect, and does not hold the others up", async () => {
    await target({ kind: "webhook", url: receiver("/hook"), secret });
    await target({ kind: "email", address: "ops@example.com" });
    answers = [500, 302];
    refuseMail = true;
    await incidents.note({ ...refusedGrant, connectionId });
    expect(await send()).toBe(0);
    expect(
      (await rows()).map(({ last_fault }) => String(last_fault)).toSorted((one, other) => one.localeCompare(other)),
    ).toEqual(["it answered 500", expect.stringContaining("the mail server did not take it") as string]);
    refuseMail = false;
    await dueNow();
    expect(await send()).toBe(1);
    await dueNow();
    expect(await send()).toBe(1);
    expect(posts.map(({ path }) => path)).toEqual(["/hook", "/hook", "/hook"]);
    expect(mails).toHaveLength(1);
  });

  it("leaves for public addresses only, unless the configuration allows others", async () => {
    const strict = createAlertChannels({ mail: undefined, privateTargets: false });
    const message = { id: "x", event: "test" as const, at: new Date(), title: "t", text: ["t"], incident: undefined };
    const port = (http.address() as AddressInfo).port; // it listens on TCP
    for (const host of ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "2130706433"])
      await expect(
        strict.webhook({ kind: "webhook", url: `http://${host}:${port}/`, secret }, message),
      ).rejects.toThrow("not of the public internet");
    expect(posts).toEqual([]);
    await strict.close();
  });
});

describe("the watch", () => {
  const look = () => watch({ watch: createWatchStore(test.database), incidents }, { monthlyReads: 100 });
  const open = async () => (await incidents.open()).map(({ cause }) => cause).sort();

  it("opens what a dead process left unsaid, and resolves what is over", async () => {
    await test.database.updateTable("connection").set({ state: "paused", paused_by: "zendesk:403" }).execute();
    await look();
    await look();
    expect(await open()).toEqual(["zendesk:403"]);
    await test.database.updateTable("connection").set({ state: "active", paused_by: null }).execute();
    await look();
    expect(await open()).toEqual([]);
  });

  it("keeps the words in which a failure was told", async () => {
    await test.database.updateTable("connection").set({ state: "paused", paused_by: "zendesk:403" }).execute();
    await incidents.note({ cause: "zendesk:403", says: "An admin role is missing.", connectionId });
    await look();
    expect(await incidents.open()).toMatchObject([{ says: "An admin role is missing.", affected: 1 }]);
  });

  it("forecasts the month from what was counted", async () => {
    const store = createWatchStore(test.database);
    await store.addReads("app", new Map([["934", 60]]));
    await store.addReads(
      "app",
      new Map([
        ["934", 50],
        ["935", 1],
      ]),
    );
    expect(await store.readsThisMonth("app")).toEqual(
      new Map([
        ["934", 110],
        ["935", 1],
      ]),
    );
    await look();
    expect(await open()).toEqual(["quota-forecast:app"]);
    await test.database.deleteFrom("metered_reads").execute();
    await look();
    expect(await open()).toEqual([]);
  });

  it("resolves by itself what nobody has noted for its time", async () => {
    await incidents.note({ cause: "dropped-field:qbo_status", says: "Not stored." });
    await incidents.fade([{ kind: "dropped-field", afterMinutes: 60 }]);
    expect(await open()).toEqual(["dropped-field:qbo_status"]);
    await test.database
      .updateTable("incident")
      .set({ last_seen_at: new Date(Date.now() - 61 * 60_000) })
      .execute();
    await incidents.fade([{ kind: "dropped-field", afterMinutes: 60 }]);
    expect(await open()).toEqual([]);
  });

  it("sees parked parties grow, a day after the first load at the earliest", async () => {
    await test.database
      .insertInto("parked_sample")
      .values([
        { connection_id: connectionId, at: new Date(Date.now() - 5 * 3_600_000), parked: 3, parties: 200 },
        { connection_id: connectionId, at: new Date(Date.now() - 60_000), parked: 40, parties: 200 },
      ])
      .execute();
    await look();
    expect(await open()).toEqual([]);
    await test.database
      .insertInto("plan")
      .values({
        connection_id: connectionId,
        kind: "first-load",
        state: "approved",
        counts: "{}",
        approved_at: new Date(Date.now() - 2 * 86_400_000),
      })
      .execute();
    await look();
    expect(await incidents.open()).toMatchObject([{ cause: "parked-growth", affected: 37, connectionId }]);
  });

  it("is one look at a time across processes", async () => {
    await Promise.all(Array.from({ length: 6 }, look));
    expect(await open()).toEqual([]);
  });
});
