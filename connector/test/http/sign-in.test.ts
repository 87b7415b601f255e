// People: the first one by the setup link, others by invitation, in and out, and everybody who tries without being one.
import { rm } from "node:fs/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "../harness/product.ts";
import type { Program } from "../harness/program.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { createApi, keyIn } from "./api.ts";

const password = "four words are enough";
const ada = { email: "ada@example.com", password };

describe("signing in", () => {
  let product: Product;
  let service: Program;
  let setup: string;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    service = await product.start();
    setup = (JSON.parse(service.out()) as { setup: string }).setup;
  });
  afterAll(() => product?.close());

  const local = () => createApi(product.url, { authorization: `Bearer ${keyIn(product.folder)}` });
  /** The link names the host by which browsers reach us. */
  const here = (link: string) => link.replace(/^http:\/\/localhost:\d+/, product.url);
  const send = (link: string, form: Record<string, string>) =>
    fetch(here(link), { method: "POST", redirect: "manual", body: new URLSearchParams(form) });

  async function signedIn(who = ada) {
    const reply = await createApi(product.url, {}).send("signIn", { body: who });
    expect(reply.status).toBe(200);
    const cookie = reply.headers.get("set-cookie") ?? "";
    const { csrfToken } = reply.body as { csrfToken: string };
    const [pair = ""] = cookie.split(";");
    return { cookie, pair, api: createApi(product.url, { cookie: pair, "x-csrf-token": csrfToken }) };
  }

  it("begins with a link that only standard output shows, that opens without scripts and says what is wrong", async () => {
    expect(service.err()).not.toContain(setup.split("/").at(-1));
    const page = await fetch(here(setup));
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(await page.text()).not.toContain("<script");
    const form = { email: ada.email, name: "Ada <b>", password, again: password };
    for (const [wrong, says] of [
      [{ ...form, again: "other" }, "differ"],
      [{ ...form, email: "ada" }, "e-mail"],
      [{ ...form, password: "short", again: "short" }, "12 characters"],
    ] as const) {
      const refused = await send(setup, wrong);
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(says)]);
    }
    expect((await send(setup, form)).status).toBe(200);
  });

  it("lets the link be used once, by one of many who try at once", async () => {
    expect((await fetch(here(setup))).status).toBe(404);
    const form = { email: "eve@example.com", name: "Eve", password, again: password };
    const tries = await Promise.all(Array.from({ length: 5 }, () => send(setup, form)));
    expect(tries.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    const { operators } = await local().call("listOperators");
    expect(operators).toMatchObject([
      { email: ada.email, name: "Ada <b>", state: "active", grants: [{ role: "admin", connectionId: null }] },
    ]);
  });

  it("sets a cookie that scripts and other sites do not get, and knows its bearer by it", async () => {
    const { cookie, api } = await signedIn();
    expect(cookie).toMatch(/^ml_connector=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await api.call("readSession")).toMatchObject({
      kind: "operator",
      name: "Ada <b>",
      csrfToken: expect.any(String),
    });
    const stored = await product.withDatabase((database) => database.selectFrom("session").selectAll().execute());
    expect(JSON.stringify(stored)).not.toContain(cookie.slice(13, 40));
  });

  it("refuses a change that does not carry the token, or comes from another site", async () => {
    const { pair, api } = await signedIn();
    const body = { name: "forged", role: "admin", connections: null, expiresAt: null };
    for (const headers of [{}, { "x-csrf-token": "x" }, { "x-csrf-token": "x".repeat(43) }])
      expect(await createApi(product.url, { cookie: pair }).refusal("createApiKey", { body, headers })).toMatchObject({
        status: 403,
        code: "csrf",
      });
    for (const site of ["cross-site", "same-site"])
      expect(await api.refusal("createApiKey", { body, headers: { "sec-fetch-site": site } })).toMatchObject({
        status: 403,
      });
    expect(
      await createApi(product.url, { "sec-fetch-site": "cross-site" }).refusal("signIn", { body: ada }),
    ).toMatchObject({ status: 403 });
    expect((await api.call("listApiKeys")).apiKeys.map(({ name }) => name)).not.toContain("forged");
    await api.call("createApiKey", { body: { ...body, name: "meant" }, headers: { "sec-fetch-site": "same-origin" } });
  });

  it("ends with signing out, with a changed password, and after lying idle", async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    expect((await one.api.send("signOut")).status).toBe(204);
    expect(await one.api.refusal("readSession")).toMatchObject({ status: 401 });
    const third = await signedIn();
    const chosen = "another four words";
    expect(await third.api.refusal("changePassword", { body: { current: "wrong", chosen } })).toMatchObject({
      status: 409,
    });
    expect((await third.api.send("changePassword", { body: { current: password, chosen } })).status).toBe(204);
    expect(await two.api.refusal("readSession")).toMatchObject({ status: 401 });
    await third.api.call("readSession");
    expect((await third.api.send("changePassword", { body: { current: chosen, chosen: password } })).status).toBe(204);
    await product.withDatabase((database) =>
      sql`update session set seen_at = now() - interval '13 hours'`.execute(database),
    );
    expect(await third.api.refusal("readSession")).toMatchObject({ status: 401 });
  });

  it("invites others, who choose their own password and may do what they were given", async () => {
    const { invitation, operator } = await local().call("inviteOperator", {
      body: { email: "bo@example.com", name: "Bo", grants: [{ role: "viewer", connectionId: null }] },
    });
    expect(operator).toMatchObject({ state: "invited" });
    const again = (await local().call("inviteAgain", { params: { operatorId: operator.id } })).invitation;
    expect((await fetch(here(invitation))).status).toBe(404);
    expect((await send(again, { password: "bo has a long one", again: "bo has a long one" })).status).toBe(200);
    const bo = await signedIn({ email: " BO@example.com", password: "bo has a long one" });
    await bo.api.call("readStatus");
    expect(await bo.api.refusal("listOperators")).toMatchObject({ status: 403 });
    await local().call("changeOperator", { params: { operatorId: operator.id }, body: { disabled: true } });
    expect(await bo.api.refusal("readStatus")).toMatchObject({ status: 401 });
    expect(
      await createApi(product.url, {}).refusal("signIn", {
        body: { email: "bo@example.com", password: "bo has a long one" },
      }),
    ).toMatchObject({ status: 401 });
  });

  it("never leaves the deployment without an admin", async () => {
    const [first] = (await local().call("listOperators")).operators;
    const params = { operatorId: first?.id ?? 0 };
    for (const body of [{ disabled: true }, { grants: [] }, { grants: [{ role: "operator", connectionId: null }] }])
      expect(await local().refusal("changeOperator", { params, body })).toMatchObject({ status: 409, code: "refused" });
    expect((await local().call("listOperators")).operators[0]).toMatchObject({
      state: "active",
      grants: [{ role: "admin" }],
    });
  });

  it("tells wrong passwords and unknown people apart by nothing, and makes guessers wait, in every process", async () => {
    const guess = (email: string) =>
      createApi(product.url, {}).refusal("signIn", { body: { email, password: "wrong password here" } });
    const { requestId: _, ...known } = await guess(ada.email);
    const { requestId: __, ...unknown } = await guess("nobody@example.com");
    expect(known).toEqual(unknown);
    expect(known).toMatchObject({ status: 401 });
    for (let times = 0; times < 4; times += 1) await guess(ada.email);
    const waits = await createApi(product.url, {}).send("signIn", { body: ada });
    expect([waits.status, Number(waits.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    const keys = await product.withDatabase((database) =>
      database.selectFrom("sign_in_failure").select("key").execute(),
    );
    expect(JSON.stringify(keys)).not.toContain("example.com");
    await product.withDatabase((database) =>
      sql`update sign_in_failure set last_at = now() - interval '1 hour'`.execute(database),
    );
    await signedIn();
    expect(
      await product.withDatabase((database) =>
        sql`select 1 from sign_in_failure where key like 'account:%' and failures > 1`
          .execute(database)
          .then(({ rows }) => rows),
      ),
    ).toEqual([]);
  });

  it("replaces the local operator's key where its file is gone, and the one before is void", async () => {
    const before = local();
    await rm(`${product.folder}/operator-key`);
    await service.kill("SIGTERM");
    service = await product.start();
    expect(await before.refusal("readStatus")).toMatchObject({ status: 401 });
    await local().call("readStatus");
    expect((JSON.parse(service.out()) as { setup: null }).setup).toBeNull();
  });

  it("leaves a journal of who was given or taken which right by whom, for admins of the deployment alone", async () => {
    const api = local();
    const { operator } = await api.call("inviteOperator", {
      body: { email: "noah@example.com", name: "Noah", grants: [{ role: "viewer", connectionId: null }] },
    });
    const params = { operatorId: operator.id };
    await api.call("changeOperator", { params, body: { grants: [{ role: "operator", connectionId: null }] } });
    await api.call("changeOperator", { params, body: { disabled: true } });
    const { apiKey } = await api.call("createApiKey", {
      body: { name: "nightly", role: "viewer", connections: null, expiresAt: null },
    });
    await api.call("revokeApiKey", { params: { apiKeyId: apiKey.id } });
    const { rows, next } = await api.call("searchAccess", { query: { limit: 6 } });
    const [of, key] = [`operator ${operator.id}`, `API key ${apiKey.id}`];
    const may = (role: string) => ({ may: `${role} on every connection` });
    const who = "local operator";
    expect(rows).toMatchObject([
      { action: "api-key-revoked", of: key, who, before: { name: "nightly" }, after: {} },
      { action: "api-key-made", of: key, who, before: {}, after: { name: "nightly", ...may("viewer") } },
      { action: "operator-disabled", of, who, before: {}, after: {} },
      { action: "roles-changed", of, who, before: may("viewer"), after: may("operator") },
      { action: "operator-invited", of, who, before: {}, after: {} },
      { action: "operator-added", of, who, before: {}, after: { name: "Noah", ...may("viewer") } },
    ]);
    // From the very first: the local key, and the first operator by the setup link.
    const older = await api.call("searchAccess", { query: { limit: 1_000, after: next ?? "" } });
    expect(older.rows.slice(-2).map(({ action, who: by }) => [action, by])).toEqual([
      ["operator-added", "the setup link"],
      ["api-key-made", "the service"],
    ]);
    expect(JSON.stringify([rows, older.rows])).not.toContain("@example.com");
  });
});
