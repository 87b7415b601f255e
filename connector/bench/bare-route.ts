// The least that a durable webhook receiver can be: Fastify, one insert per delivery, answered when it is committed. What ours is measured by.
import fastify from "fastify";
import pg from "pg";

/** As many as the service's own pool has. */
const poolSize = 16;

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: poolSize });
await pool.query(
  "create table if not exists bare_delivery (id bigint generated always as identity primary key, body text not null)",
);
const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, parsed) => parsed(null, body));
app.post("/webhooks/quickbooks", async (request, reply) => {
  await pool.query("insert into bare_delivery (body) values ($1)", [request.body]);
  return reply.code(200).send({});
});
const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ url })}\n`);
process.once("SIGTERM", () => void app.close().then(() => pool.end()));
