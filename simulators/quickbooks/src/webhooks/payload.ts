import type { ChangeEvent } from "../company/index.ts";

/** An event with the id that every retry repeats. */
export interface QueuedEvent {
  readonly id: string;
  readonly realm: string;
  readonly change: ChangeEvent;
}

/** Docs/develop/webhooks/data-objects (examples of 2025-12 to 2026-03); always an array. */
export function cloudEvents(events: readonly QueuedEvent[]): string {
  return JSON.stringify(
    events.map(({ id, realm, change }) => ({
      specversion: "1.0",
      id: `${id}-${change.entity}-${change.id}`,
      source: "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
      type: `qbo.${change.entity.toLowerCase()}.${change.operation}.v1`,
      datacontenttype: "application/json",
      time: new Date(change.atMs).toISOString().replace(/\.\d+Z$/, "Z"),
      intuitentityid: change.id,
      intuitaccountid: realm,
      data: change.deletedId === undefined ? {} : { deletedid: change.deletedId },
    })),
  );
}

const legacyOperations = {
  created: "Create",
  updated: "Update",
  deleted: "Delete",
  merged: "Merge",
  void: "Void",
  emailed: "Emailed",
} as const;

/** The form before the CloudEvents migration; ids of events do not exist in it. */
export function legacyNotifications(events: readonly QueuedEvent[]): string {
  const byRealm = Map.groupBy(events, (event) => event.realm);
  return JSON.stringify({
    eventNotifications: [...byRealm].map(([realmId, list]) => ({
      realmId,
      dataChangeEvent: {
        entities: list.map(({ change }) => ({
          name: change.entity,
          id: change.id,
          operation: legacyOperations[change.operation],
          lastUpdated: new Date(change.atMs).toISOString(),
          ...(change.deletedId === undefined ? {} : { deletedId: change.deletedId }),
        })),
      },
    })),
  });
}

/** Which entities tell of which operation (ballerina-platform/asyncapi-triggers PR 193; configure-webhooks page). */
export function isAnnounced({ entity, operation }: ChangeEvent): boolean {
  return announced.get(entity)?.includes(operation) ?? false;
}

const list = ["created", "updated", "deleted", "merged"];
const form = ["created", "updated", "deleted", "void", "emailed"];
const announced = new Map<string, readonly string[]>([
  ["Customer", list],
  ["Vendor", list],
  ["Item", list],
  ["Account", list],
  ["Employee", list],
  ["Invoice", form],
  ["Payment", form],
  ["CreditMemo", form],
  ["SalesReceipt", form],
  ["RefundReceipt", form],
  ["Bill", ["created", "updated", "deleted"]],
  ["VendorCredit", ["created", "updated", "deleted"]],
  ["BillPayment", ["created", "updated", "deleted", "void"]],
  ["Purchase", ["created", "updated", "deleted", "void"]],
  ["Term", ["created", "updated"]],
  ["Preferences", ["updated"]],
]);
