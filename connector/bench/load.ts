// A load of HTTP requests over plain sockets: what it costs must not show in the figures of the server that shares the machine.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Load {
  url: string;
  connections: number;
  /** The n-th request, whole: head and body. */
  request(place: number): Buffer;
  /** How many in all; undefined: until `stop` or the time is over. */
  requests?: number;
  forMs?: number;
  /** Sent at this pace whether answers come or not, and measured from when each was due; undefined: as fast as answers come. */
  perSecond?: number;
  /** Ends the load; what was not answered by then stays unanswered. */
  stop?: AbortSignal;
}

export interface LoadResult {
  /** Places of the requests that were answered with each status. */
  answered: Map<number, number[]>;
  /** In the order of the answers. */
  latenciesMs: number[];
  seconds: number;
}

/** Sends the load and waits for its answers. A connection that breaks takes its request with it and sends no more. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const { hostname, port } = new URL(load.url);
  const sockets = await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, "connect");
      return socket;
    }),
  );
  const run = new LoadRun(load);
  await Promise.all(sockets.map((socket) => run.work(socket)));
  return run.result();
}

class LoadRun {
  readonly #load: Load;
  readonly #startedAt = performance.now();
  readonly #answered = new Map<number, number[]>();
  readonly #latencies: number[] = [];
  #next = 0;
  #lastAt = this.#startedAt;

  constructor(load: Load) {
    this.#load = load;
  }

  async work(socket: Socket): Promise<void> {
    const broken = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    // "close" follows.
    socket.on("error", () => undefined);
    const stopped = () => socket.destroy();
    this.#load.stop?.addEventListener("abort", stopped, { once: true });
    const reader = new AnswerReader(socket);
    for (let turn = this.#take(); turn !== undefined; turn = this.#take()) {
      const { place, dueAt } = turn;
      const early = dueAt - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const sentAt = this.#load.perSecond === undefined ? performance.now() : dueAt;
      if (socket.destroyed) break;
      socket.write(this.#load.request(place));
      const status = await Promise.race([reader.next(), broken.then(() => undefined)]);
      if (status === undefined) break;
      this.#lastAt = performance.now();
      this.#latencies.push(this.#lastAt - sentAt);
      const places = this.#answered.get(status);
      if (places) places.push(place);
      else this.#answered.set(status, [place]);
    }
    this.#load.stop?.removeEventListener("abort", stopped);
    socket.destroy();
    await broken;
  }

  result(): LoadResult {
    return {
      answered: this.#answered,
      latenciesMs: this.#latencies,
      seconds: (this.#lastAt - this.#startedAt) / 1000,
    };
  }

  #take(): { place: number; dueAt: number } | undefined {
    const { requests, forMs, perSecond, stop } = this.#load;
    const place = this.#next;
    const dueAt = perSecond === undefined ? performance.now() : this.#startedAt + (place * 1000) / perSecond;
    if (stop?.aborted || (requests !== undefined && place >= requests)) return undefined;
    if (forMs !== undefined && dueAt > this.#startedAt + forMs) return undefined;
    this.#next += 1;
    return { place, dueAt };
  }
}

const endOfHead = Buffer.from("\r\n\r\n");

/** Answers of one connection, one at a time. Both simulators and our server give each a length. */
class AnswerReader {
  readonly #socket: Socket;
  #resolve: ((status: number) => void) | undefined;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #needed: number | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  #read(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#needed === undefined) {
      this.#waiting.push(chunk);
      const all = this.#waiting.length === 1 ? chunk : Buffer.concat(this.#waiting);
      this.#waiting = [all];
      const end = all.indexOf(endOfHead);
      if (end === -1) return;
      const head = all.toString("latin1", 0, end);
      this.#status = Number(head.slice(9, 12));
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
      if (length === undefined) {
        this.#socket.destroy(new Error("an answer without a length"));
        return;
      }
      this.#needed = end + endOfHead.length + Number(length);
      this.#waiting = [];
    }
    if (this.#bytes < this.#needed) return;
    const resolve = this.#resolve;
    this.#bytes = 0;
    this.#needed = undefined;
    this.#resolve = undefined;
    resolve?.(this.#status);
  }
}

/** A whole HTTP/1.1 request. */
export function httpRequest(of: {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: Buffer;
}): Buffer {
  const headers = {
    host: "127.0.0.1",
    ...of.headers,
    ...(of.body ? { "content-length": String(of.body.length) } : {}),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`${of.method} ${of.path} HTTP/1.1\r\n${head.join("")}\r\n`),
    of.body ?? Buffer.alloc(0),
  ]);
}
