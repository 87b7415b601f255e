import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { OperatorError } from "../domain/index.ts";
import { createMetrics } from "./metrics.ts";
import { createServer, listen, type ServerOptions } from "./server.ts";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

function server(options: Partial<ServerOptions> = {}) {
  const logged: Record<string, unknown>[] = [];
  const app = createServer({
    log: pino(
      { serializers: { err: (error: Error) => ({ only: error.message }) } },
      {
        write: (line: string) => void logged.push(JSON.parse(line)),
      },
    ),
    routes: [],
    readiness: [],
    readMetrics: () => Promise.resolve(""),
    ...options,
  });
  open.push(app);
  return { app, logged };
}

describe("the server", () => {
  it("is alive, and ready only while every named condition holds", async () => {
    let jobs = true;
    const { app } = server({
      readiness: [
        { name: "database", check: () => Promise.resolve() },
        { name: "jobs", check: () => (jobs ? Promise.resolve() : Promise.reject(new Error("password of the queue"))) },
      ],
    });
    expect((await app.inject("/livez")).json()).toEqual({ alive: true });
    expect((await app.inject("/readyz")).statusCode).toBe(200);
    jobs = false;
    const answer = await app.inject("/readyz");
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ ready: false, checks: { database: "ok", jobs: "failed" } });
  });

  it("does not wait for a condition that never answers", async () => {
    const { app } = server({ readiness: [{ name: "database", check: () => new Promise(() => undefined) }] });
    expect((await app.inject("/readyz")).json()).toEqual({ ready: false, checks: { database: "no answer" } });
  });

  it("tells nobody why a request failed, and the log everything but the query", async () => {
    const { app, logged } = server({
      routes: [
        (part) => {
          part.get("/broken/:id", () => Promise.reject(new Error("column secret_column does not exist")));
        },
      ],
    });
    const answer = await app.inject("/broken/1?code=oauth-code");
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("secret_column");
    expect(answer.json().requestId).toBe(answer.headers["x-request-id"]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ route: "/broken/:id", method: "GET", msg: "a request failed" });
    expect(JSON.stringify(logged)).not.toContain("oauth-code");
  });

  it("leaves it to our log what of a fault is written, also in a route's own lines", async () => {
    const { app, logged } = server({
      routes: [
        (part) => {
          part.get("/odd", (request) => {
            request.log.warn({ err: Object.assign(new Error("odd"), { detail: "Jane" }) }, "odd");
            return "";
          });
        },
      ],
    });
    await app.inject("/odd?code=oauth-code");
    expect(logged.map(({ err }) => err)).toEqual([{ only: "odd" }]);
    expect(JSON.stringify(logged)).not.toContain("oauth-code");
  });

  it("refuses bodies above the limit, and answers unknown paths alike", async () => {
    const { app } = server({
      bodyLimit: 10,
      routes: [
        (part) => {
          part.post("/in", () => "taken");
        },
      ],
    });
    expect((await app.inject({ method: "POST", url: "/in", payload: { text: "longer than ten" } })).statusCode).toBe(
      413,
    );
    const [one, other] = await Promise.all([app.inject("/webhooks/guess"), app.inject("/elsewhere")]);
    expect({ ...one.json(), requestId: "" }).toEqual({ ...other.json(), requestId: "" });
  });

  it("keeps a part's content parsers to that part", async () => {
    const { app } = server({
      routes: [
        (part) => {
          part.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
          part.post("/raw", (request) => ({ bytes: (request.body as Buffer).length }));
        },
        (part) => {
          part.post("/json", (request) => request.body);
        },
      ],
    });
    const headers = { "content-type": "application/cloudevents-batch+json" };
    expect((await app.inject({ method: "POST", url: "/raw", headers, payload: "12345" })).json()).toEqual({ bytes: 5 });
    expect((await app.inject({ method: "POST", url: "/json", headers, payload: "12345" })).statusCode).toBe(415);
  });

  it("sends headers that forbid framing, sniffing and caching, unless the route sets its own", async () => {
    const { app } = server({
      routes: [
        (part) => {
          part.get("/own", (_, reply) => reply.header("cache-control", "private, max-age=5").send("x"));
        },
      ],
    });
    const plain = (await app.inject("/livez")).headers;
    expect(plain).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    expect((await app.inject("/own")).headers["cache-control"]).toBe("private, max-age=5");
  });

  it("says in one sentence that its port is in use", async () => {
    const first = server().app;
    const port = await listen(first, { host: "127.0.0.1", port: 0 });
    expect(port).toBeGreaterThan(0);
    const second = listen(server().app, { host: "127.0.0.1", port });
    await expect(second).rejects.toBeInstanceOf(OperatorError);
    await expect(second).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
    await expect(listen(server().app, { host: "203.0.113.7", port: 0 })).rejects.toThrow(/no address of this machine/);
  });
});

describe("the metrics", () => {
  it("are for this machine, and for whoever else is let in, not for who comes through a proxy", async () => {
    const { app } = server({
      mayReadMetrics: ({ headers }) => Promise.resolve(headers.authorization === "Bearer good"),
    });
    const status = async (more: object) => (await app.inject({ url: "/metrics", ...more })).statusCode;
    expect(await status({})).toBe(200);
    for (const name of ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
      expect(await status({ headers: { [name]: "203.0.113.9" } })).toBe(401);
    expect(await status({ remoteAddress: "203.0.113.9" })).toBe(401);
    expect(await status({ remoteAddress: "203.0.113.9", headers: { authorization: "Bearer good" } })).toBe(200);
    expect(await status({ remoteAddress: "::ffff:127.0.0.1" })).toBe(200);
  });

  it("are what was counted and what the sources say, in Prometheus' format", async () => {
    const metrics = createMetrics({
      backlog: () => Promise.resolve([{ connection: 1, kind: "party", count: 7 }]),
      freshness: () => Promise.resolve([{ connection: 1, seconds: 42 }]),
    });
    metrics.countDelivery("quickbooks", "accepted");
    metrics.countDelivery("quickbooks", "accepted");
    metrics.countCall({ system: "zendesk", operation: "update_many", outcome: "ok", seconds: 0.3 });
    metrics.countWrites({ kind: "update", outcome: "done", count: 100 });
    const { app } = server({ readMetrics: metrics.read });
    const answer = await app.inject("/metrics");
    expect(answer.headers["content-type"]).toContain("text/plain");
    for (const line of [
      'ml_connector_deliveries_total{system="quickbooks",outcome="accepted"} 2',
      'ml_connector_call_seconds_bucket{system="zendesk",operation="update_many",outcome="ok",le="0.5"} 1',
      'ml_connector_writes_total{kind="update",outcome="done"} 100',
      'ml_connector_marks{connection="1",kind="party"} 7',
      'ml_connector_freshness_seconds{connection="1"} 42',
    ]) {
      expect(answer.body).toContain(line);
    }
    await metrics.close();
  });

  it("leave out what cannot be asked now, and keep the rest", async () => {
    const metrics = createMetrics({
      backlog: () => Promise.reject(new Error("the database is away")),
      freshness: () => Promise.resolve([]),
    });
    metrics.countDelivery("zendesk", "refused");
    const text = await metrics.read();
    expect(text).toContain("ml_connector_deliveries_total");
    expect(text).not.toContain("ml_connector_marks{");
    await metrics.close();
  });
});
