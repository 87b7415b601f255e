import { onTestFinished } from "vitest";
import { type QuickbooksSimulatorOptions, startQuickbooksSimulator } from "../src/index.ts";
import { isRecord, type JsonRecord, textAt } from "../src/json.ts";

export const redirectUri = "http://127.0.0.1:9/callback";
const clientAuthorization = `Basic ${Buffer.from("simulator-client:simulator-secret").toString("base64")}`;
const accounting = "com.intuit.quickbooks.accounting";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: JsonRecord;
}

export interface Connected {
  readonly url: string;
  readonly realm: string;
  /** A call of the Accounting API with this company's access token. */
  api(path: string, init?: RequestInit): Promise<Answered>;
  query(text: string): Promise<Answered>;
  /** The rows of a query, by entity. */
  rows(entity: string, text: string): Promise<JsonRecord[]>;
  one(entity: string, id: string): Promise<JsonRecord>;
  post(entity: string, record: JsonRecord, parameters?: string): Promise<Answered>;
  control(path: string, body?: unknown): Promise<Answered>;
  mutate(mutation: JsonRecord): Promise<JsonRecord>;
  token(form: Record<string, string>, headers?: Record<string, string>): Promise<Answered>;
}

export async function answered(response: Response): Promise<Answered> {
  const content = await response.text();
  const { status, headers } = response;
  let json: JsonRecord = {};
  try {
    const value: unknown = JSON.parse(content);
    if (isRecord(value)) json = value;
  } catch {
    // Pages and empty answers have no JSON; tests that expect some will say so.
  }
  return { status, headers, text: content, json };
}

export function text(record: JsonRecord, key: string): string {
  const value = textAt(record, key);
  if (value === undefined) throw new Error(`no ${key} in ${JSON.stringify(record)}`);
  return value;
}

export function idOf(record: JsonRecord): string {
  return text(record, "Id");
}

/** The callback that a person's consent leads to. */
export async function consent(url: string, scope = accounting, extra = ""): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    client_id: "simulator-client",
    response_type: "code",
    scope,
    state: "state-1",
    redirect_uri: redirectUri,
  });
  const answer = await fetch(`${url}/connect/oauth2?${query.toString()}&simulator_consent=allow${extra}`, {
    redirect: "manual",
  });
  return new URL(answer.headers.get("location") ?? "http://no-redirect/").searchParams;
}

export async function requestToken(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const body = new URLSearchParams(form);
  return answered(
    await fetch(`${url}/oauth2/v1/tokens/bearer`, {
      method: "POST",
      body,
      headers: { authorization: clientAuthorization, ...headers },
    }),
  );
}

/** A running simulator and a connected app, gone at the end of the test. */
export async function connected(options: QuickbooksSimulatorOptions = {}): Promise<Connected> {
  // Limits are tested where they are the matter; elsewhere ten calls a second would only slow tests down.
  const simulator = await startQuickbooksSimulator({ limits: "unlimited", ...options });
  onTestFinished(() => simulator.close());
  const { url, realm } = simulator;
  const code = (await consent(url)).get("code") ?? "";
  const tokens = await requestToken(url, { grant_type: "authorization_code", code, redirect_uri: redirectUri });
  const authorization = `Bearer ${text(tokens.json, "access_token")}`;
  const api = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization, accept: "application/json", ...Object.fromEntries(new Headers(init.headers)) };
    return answered(await fetch(`${url}/v3/company/${realm}/${path}`, { ...init, headers }));
  };
  const post = (entity: string, record: JsonRecord, parameters = "") =>
    api(`${entity.toLowerCase()}${parameters}`, {
      method: "POST",
      body: JSON.stringify(record),
      headers: { "content-type": "application/json" },
    });
  const control = async (path: string, body?: unknown) =>
    answered(
      await fetch(`${url}/_control/${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    );
  const query = (statement: string) => api(`query?query=${encodeURIComponent(statement)}`);
  return {
    url,
    realm,
    api,
    query,
    post,
    control,
    async rows(entity, statement) {
      const { json } = await query(statement);
      const list = isRecord(json["QueryResponse"]) ? json["QueryResponse"][entity] : undefined;
      return Array.isArray(list) ? list.filter(isRecord) : [];
    },
    async one(entity, id) {
      const { json } = await api(`${entity.toLowerCase()}/${id}`);
      const record = json[entity];
      if (!isRecord(record)) throw new Error(`no ${entity} ${id}: ${JSON.stringify(json)}`);
      return record;
    },
    async mutate(mutation) {
      const { status, json } = await control("mutate", mutation);
      if (status !== 200 || !isRecord(json["entity"])) throw new Error(JSON.stringify(json));
      return json["entity"];
    },
    token: (form, headers) => requestToken(url, form, headers),
  };
}

/** The first error of a fault, in whichever spelling it came. */
export function faultOf(answer: Answered): { status: number; code: unknown; detail: unknown; type: unknown } {
  const fault = answer.json["Fault"] ?? answer.json["fault"];
  const list = isRecord(fault) ? (fault["Error"] ?? fault["error"]) : undefined;
  const first = Array.isArray(list) && isRecord(list[0]) ? list[0] : {};
  return {
    status: answer.status,
    code: first["code"],
    detail: first["Detail"] ?? first["detail"],
    type: isRecord(fault) ? fault["type"] : undefined,
  };
}
