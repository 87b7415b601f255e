import { startZendeskSimulator, type ZendeskSimulatorOptions } from "../src/index.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // The tests read answers as their JSON stands; wrong assumptions show as failed expectations.
  body: ReturnType<typeof JSON.parse>;
}

export interface TestClient {
  url: string;
  token: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a simulator with a client that may read and write everything; jobs at once unless asked otherwise. */
export async function startWithClient(options: ZendeskSimulatorOptions = {}): Promise<TestClient> {
  const simulator = await startZendeskSimulator({ jobPace: 0, seed: 7, plan: "unlimited", ...options });
  const token = await fetchToken(simulator.url);
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    send(`${simulator.url}${path}`, method, body, { authorization: `Bearer ${token}`, ...headers });
  return {
    url: simulator.url,
    token,
    call,
    get: (path) => call("GET", path),
    control: (method, path, body) => send(`${simulator.url}/_control/${path}`, method, body, {}),
    close: simulator.close,
  };
}

export async function fetchToken(url: string, scope = "read write"): Promise<string> {
  const body = {
    grant_type: "client_credentials",
    client_id: "simulator-client",
    client_secret: "simulator-secret",
    scope,
    expires_in: 172_800,
  };
  const answer = await send(`${url}/oauth/tokens`, "POST", body, {});
  return answer.body.access_token as string;
}

export async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}
