import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Upkeep } from "../cli/upkeep.ts";
import { disconnect, letGo, pauseByPerson, previewDisconnect, resumeByPerson } from "../connections/index.ts";
import { OperatorError } from "../domain/index.ts";
import { parseDestination } from "../oversight/alerts/index.ts";
import { createClientDesk } from "./client-desk.ts";
import { destinationBinding } from "./overseer.ts";
import { pingConnection } from "./ping.ts";
import type { Running } from "./program.ts";

/** Longer than a target takes to refuse. */
const testTakesMs = 45_000;
const askAgainMs = 250;

/** What keeps the service going, for the command line and the operator API. */
export function createUpkeep(running: Running): Upkeep {
  const { engine, overseer, privateAlertTargets, isServed, work, wake } = running;
  const { alerts } = engine.stores;
  const targets = async () => ({
    targets: (await alerts.targets()).map(({ id, kind, name, least }) => ({ id, kind, name, least })),
  });
  return {
    life: {
      pause: (id, who) => pauseByPerson(id, who, engine.life),
      async resume(id) {
        const state = await resumeByPerson(id, engine.life);
        const connection = await engine.stores.connections.read(id);
        if (connection) await wake(connection.subdomain);
        return state;
      },
      previewDisconnect: (id) => previewDisconnect(id, engine.ending),
      async *disconnect(id, { mode, who }) {
        const connection = await engine.stores.connections.read(id);
        if (mode !== "leave" && connection) {
          await work();
          for (;;) {
            const left = await letGo(id, who, engine.ending);
            yield { left };
            if (left === 0) break;
            await wake(connection.subdomain);
            await wait(askAgainMs);
          }
        }
        yield { ended: await disconnect(id, mode, engine.ending) };
      },
    },
    ping: (id) => pingConnection(id, { ...running.pingOptions, engine }),
    clients: createClientDesk(engine),
    keys: engine.keys,
    alerts: {
      targets,
      async add({ kind, to, least }) {
        const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
        const { destination, name } = parseDestination(kind, to, { newSecret, privateTargets: privateAlertTargets });
        const id = await alerts.addTarget({ kind, name, least }, (row) =>
          engine.seal.seal(JSON.stringify(destination), destinationBinding(row)),
        );
        return { id, kind, name, least, secret: destination.kind === "webhook" ? destination.secret : null };
      },
      async remove(id) {
        if (!(await alerts.removeTarget(id)))
          throw new OperatorError(`There is no alert target ${id}. To see them: ml-connector alerts list`);
        return targets();
      },
      async test() {
        const known = await alerts.targets();
        if (known.length === 0)
          throw new OperatorError("There is no alert target yet: ml-connector alerts add email ops@example.com");
        const ids = await alerts.addTests(known.map(({ id }) => id));
        // The service sends, where one runs: it is its mail settings that are to be tested.
        const served = await isServed();
        const until = performance.now() + testTakesMs;
        for (;;) {
          if (!served) await overseer.send();
          const outcomes = await alerts.outcomes(ids);
          if (outcomes.every(({ state }) => state !== "waiting") || performance.now() > until)
            return {
              results: outcomes.map(({ target, kind, state, attempts, because }) => ({
                target,
                kind,
                delivered: state === "sent",
                attempts,
                because: state === "sent" ? null : (because ?? "it has not answered yet"),
              })),
            };
          await wait(askAgainMs);
        }
      },
    },
  };
}
