import { confirmZone, createConnection } from "../connections/index.ts";
import { OperatorError } from "../domain/index.ts";
import type { Connecting } from "../http/operator/index.ts";
import type { Running } from "./program.ts";

/** Steps of connecting, one by one, for programs that have a way of their own to ask people for their consent. */
export function createConnecting({ engine, access, ensureConfigured, ensureKeys }: Running): Connecting {
  const { stores } = engine;
  return {
    async consentAddresses(connectionId) {
      const connection = await stores.connections.read(connectionId);
      if (!connection) throw new OperatorError(`There is no connection ${connectionId}.`);
      await ensureConfigured(connection);
      await ensureKeys();
      const configured = await engine.useConfiguredZendesk(connection);
      return {
        quickbooksUrl: await engine.beginAuthorization({ system: "quickbooks", connectionId }),
        zendeskUrl: configured ? undefined : await engine.beginAuthorization({ system: "zendesk", connectionId }),
      };
    },

    async confirmZone(connectionId, zone) {
      const connection = await stores.connections.read(connectionId);
      if (connection?.realm === undefined)
        throw new OperatorError("No company is connected yet: consent in QuickBooks first.");
      const company = await confirmZone(connection.realm, zone, engine.life);
      return company.zone.name ?? zone;
    },

    async provision(asked) {
      const known = await access.provisioned.find(asked.map(({ reference }) => reference));
      const made = [];
      for (const { reference, subdomain, settings } of asked) {
        const before = known.get(reference);
        if (before) {
          const same = before.subdomain === subdomain;
          made.push({
            reference,
            outcome: same ? ("known" as const) : ("other-account" as const),
            connectionId: same ? before.connectionId : null,
          });
          continue;
        }
        const connectionId = await createConnection({ subdomain, settings }, engine.life);
        const kept = await access.provisioned.keep(reference, connectionId);
        const found = kept ? { connectionId, subdomain } : (await access.provisioned.find([reference])).get(reference);
        known.set(reference, found ?? { connectionId, subdomain });
        made.push({
          reference,
          outcome: kept ? ("made" as const) : ("known" as const),
          connectionId: found?.connectionId ?? null,
        });
      }
      return made;
    },
  };
}
