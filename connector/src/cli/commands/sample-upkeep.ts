// The upkeep of the small product in memory. Only tests import this.
import type { Upkeep } from "../upkeep.ts";

export function sampleUpkeep(): Upkeep {
  const view = { where: "ML_CONNECTOR_KEYS", ours: false, keys: [] };
  return {
    life: {
      pause: () => Promise.resolve(true),
      resume: () => Promise.resolve("active"),
      previewDisconnect: () =>
        Promise.resolve({
          created: 1,
          adopted: 2,
          revokes: ["quickbooks"],
          clears: { fields: [{ key: "qbo_status", organizations: 3 }], externalIds: 1, records: 4 },
          stays: { users: 0, members: 1, ticketFields: 0 },
        }),
      async *disconnect() {
        yield await Promise.resolve({ ended: { revoked: ["quickbooks"], notRevoked: [] } });
      },
    },
    ping: (connectionId) =>
      Promise.resolve({ connectionId, ok: true, checks: [], fit: null, noFitBecause: "It was not read yet." }),
    clients: {
      show: (connectionId) => Promise.resolve({ connectionId, clients: [] }),
      bring: (connectionId) => Promise.resolve({ connectionId, clients: [] }),
      remove: (connectionId) => Promise.resolve({ connectionId, clients: [] }),
    },
    keys: {
      status: () => Promise.resolve(view),
      rotate: () => Promise.resolve({ ...view, resealed: 0, busy: 0 }),
      remove: () => Promise.resolve(view),
    },
    alerts: {
      targets: () => Promise.resolve({ targets: [] }),
      add: ({ kind, to, least }) => Promise.resolve({ id: 1, kind, name: to, least, secret: null }),
      remove: () => Promise.resolve({ targets: [] }),
      test: () => Promise.resolve({ results: [] }),
    },
  };
}
