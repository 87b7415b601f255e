import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A webhook endpoint under test control: what it got, and what it answers next. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Status of the answers from now on; `undefined` never answers. */
  answerWith(status: number | undefined): void;
  /** Resolves once so many deliveries have arrived; rejects after five seconds. */
  arrived(count: number): Promise<readonly Received[]>;
}

export async function receiver(): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  let status: number | undefined = 200;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      received.push({ body: Buffer.concat(parts).toString("utf8"), headers });
      if (status !== undefined) response.writeHead(status).end();
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    answerWith(next) {
      status = next;
    },
    arrived(count) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${received.length} of ${count} deliveries arrived`));
        }, 5000);
        const look = () => {
          if (received.length < count) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(received);
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** Asks again until it is so; the deadline is generous because two cores are shared. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error("it did not become so within 5 s");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
