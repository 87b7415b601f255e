import type { DisconnectResult } from "@ml-connector/contract";
import { parseSubdomain } from "../../../domain/index.ts";
import type { Calls } from "../call.ts";
import type { OperatorApplication } from "../ports.ts";
import type { Tasks } from "../tasks.ts";
import { begin } from "./task-calls.ts";

export type LifeCalls = Calls<
  | "beginConsent"
  | "confirmZone"
  | "pauseConnection"
  | "resumeConnection"
  | "previewDisconnect"
  | "disconnect"
  | "pingConnection"
  | "readClients"
  | "bringClient"
  | "removeClient"
  | "provision"
>;

/** `note`: one line in the log for each change. */
export function lifeCalls(
  application: OperatorApplication,
  tasks: Tasks,
  note: (who: string, what: string) => void,
): LifeCalls {
  const { life, connecting, clients } = application;

  return {
    pingConnection: ({ connection: { id } }) => application.ping(id),

    readClients: ({ connection: { id } }) => clients.show(id),

    async bringClient({ connection: { id }, params: { system }, body, caller }) {
      const view = await clients.bring(id, system, body);
      note(caller.name, `brought a ${system} client to connection ${id}`);
      return view;
    },

    async removeClient({ connection: { id }, params: { system }, caller }) {
      const view = await clients.remove(id, system);
      note(caller.name, `removed the ${system} client of connection ${id}`);
      return view;
    },

    async beginConsent({ connection: { id } }) {
      const { quickbooksUrl, zendeskUrl } = await connecting.consentAddresses(id);
      return { connectionId: id, quickbooksUrl, zendeskUrl: zendeskUrl ?? null };
    },

    async confirmZone({ connection: { id }, body }) {
      return { connectionId: id, zone: await connecting.confirmZone(id, body.zone.trim()) };
    },

    async pauseConnection({ connection: { id }, caller }) {
      await life.pause(id, caller.name);
      return { connectionId: id, state: (await application.connections.get(id))?.state ?? "paused" };
    },

    async resumeConnection({ connection: { id } }) {
      return { connectionId: id, state: await life.resume(id) };
    },

    async previewDisconnect({ connection: { id } }) {
      return { connectionId: id, ...(await life.previewDisconnect(id)) };
    },

    async disconnect({ connection: { id }, body: { mode }, caller, requestKey }) {
      const { revokes: _, ...concerns } = await life.previewDisconnect(id);
      const asked = { id, kind: "disconnect" as const, caller, body: { mode }, requestKey };
      return begin(tasks, asked, async ({ report, signal }): Promise<DisconnectResult> => {
        let ended: { revoked: string[]; notRevoked: string[] } = { revoked: [], notRevoked: [] };
        let total = 0;
        for await (const step of life.disconnect(id, { mode, who: caller.name })) {
          signal.throwIfAborted();
          if ("ended" in step) ended = step.ended;
          else {
            total = Math.max(total, step.left);
            report({ stage: "clearing", done: total - step.left, total, says: "organizations" });
          }
        }
        return { connectionId: id, mode, ...concerns, done: true, ...ended };
      });
    },

    async provision({ body }) {
      const asked = body.connections.map(({ reference, subdomain, settings }) => ({
        reference,
        subdomain: parseSubdomain(subdomain),
        settings: settings?.scope ? { scope: settings.scope } : {},
      }));
      return { connections: await connecting.provision(asked) };
    },
  };
}
