// Stands between the program and a simulator, and remembers every secret that passes: what no log may hold.

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Recorder {
  url: string;
  /** Tokens, codes and credentials, in both directions. */
  secrets(): string[];
  close(): Promise<void>;
}

const secretNames =
  /"(?:access_token|refresh_token|id_token|code|client_secret|secret|full_token)"\s*:\s*"([^"]{8,})"/g;

/** Passes everything on to `target` as it is. */
export async function startRecorder(target: string): Promise<Recorder> {
  const secrets = new Set<string>();
  const remember = (body: string, headers: IncomingHttpHeaders, path: string) => {
    for (const [, secret] of body.matchAll(secretNames)) secrets.add(secret ?? "");
    for (const form of [body, path.split("?")[1] ?? "", (headers.location ?? "").split("?")[1] ?? ""])
      for (const name of ["code", "refresh_token", "code_verifier", "state"]) {
        const value = new URLSearchParams(form).get(name);
        if (value !== null && value.length >= 8) secrets.add(value);
      }
    const authorization = /^(?:Bearer|Basic) (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (authorization !== undefined) secrets.add(authorization);
  };
  const { hostname, port } = new URL(target);
  const server = createServer((asked, reply) => {
    void (async () => {
      const body = await text(asked);
      remember(body, asked.headers, asked.url ?? "");
      const { method, url: path, headers } = asked;
      const passed = request({ hostname, port, method, path, headers: { ...headers, "accept-encoding": "identity" } });
      passed.on("error", () => reply.destroy());
      passed.end(body);
      const [answer] = (await once(passed, "response")) as [IncomingMessage];
      const answered = await text(answer);
      remember(answered, answer.headers, "");
      reply.writeHead(answer.statusCode ?? 502, answer.headers).end(answered);
    })().catch(() => reply.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${address.port}`,
    secrets: () => [...secrets],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
