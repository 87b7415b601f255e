// Lines to a database and to a system on which every message counts: at the n-th one the world stops, and it never arrives.
import { once } from "node:events";
import { createConnection, createServer, type NetConnectOpts, type Server, type Socket } from "node:net";

export interface CountedLines {
  /** Opens a line; the port where it starts. */
  to(target: NetConnectOpts): Promise<number>;
  /** From now on the n-th message is swallowed. Resolves when that has happened. */
  stopAt(nth: number): Promise<string>;
  counted(): number;
  /** What was open breaks, as when a process dies. */
  cut(): void;
  close(): Promise<void>;
}

export function createCountedLines(): CountedLines {
  const servers: Server[] = [];
  const open = new Set<Socket>();
  let count = 0;
  let stop = Number.POSITIVE_INFINITY;
  let stopped: (where: string) => void = () => undefined;

  function carry(from: Socket, to: Socket, where: string): void {
    from.on("data", (bytes) => {
      count += 1;
      if (count === stop) stopped(where);
      // After the stop nothing passes any more, in either direction.
      if (count < stop && !to.destroyed) to.write(bytes);
    });
    from.on("close", () => to.destroy());
    from.on("error", () => undefined);
  }

  return {
    async to(target) {
      const server = createServer((near) => {
        const far = createConnection(target);
        for (const socket of [near, far]) {
          open.add(socket);
          socket.setNoDelay(true).on("close", () => open.delete(socket));
        }
        const name = "path" in target ? "database" : "system";
        carry(near, far, `to the ${name}`);
        carry(far, near, `from the ${name}`);
      });
      servers.push(server);
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      if (typeof address !== "object" || address === null) throw new Error("no port");
      return address.port;
    },
    stopAt(nth) {
      count = 0;
      stop = nth;
      return new Promise((resolve) => {
        stopped = resolve;
      });
    },
    counted: () => count,
    cut() {
      for (const socket of open) socket.destroy();
    },
    async close() {
      this.cut();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
