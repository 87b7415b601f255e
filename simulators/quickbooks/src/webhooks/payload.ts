import type { ChangeEvent } from "../company/index.ts";
import type { WebhookSettings } from "./settings.ts";

/** An event with the id that every retry repeats. */
export interface QueuedEvent {
  readonly id: string;
  readonly realm: string;
  readonly change: ChangeEvent;
}

export interface PayloadForm extends Pick<WebhookSettings, "data" | "timeDigits" | "eventId" | "format"> {
  readonly voidSpelling: "void" | "voided";
}

export function payloadOf(events: readonly QueuedEvent[], form: PayloadForm): string {
  return JSON.stringify(
    form.format === "legacy" ? legacyNotifications(events) : events.map((one) => cloudEvent(one, form)),
  );
}

/** Docs/develop/webhooks/data-objects (examples of 2025-12 to 2026-03); always in an array. */
function cloudEvent({ id, realm, change }: QueuedEvent, form: PayloadForm) {
  const operation = change.operation === "void" ? form.voidSpelling : change.operation;
  const hasData = form.data === "present" || change.deletedId !== undefined;
  return {
    specversion: "1.0",
    id: form.eventId === "uuid" ? id : `${id}-${change.entity}-${change.id}`,
    source: "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
    type: `qbo.${change.entity.toLowerCase()}.${operation}.v1`,
    ...(hasData ? { datacontenttype: "application/json" } : {}),
    time: timeOf(change.atMs, form.timeDigits),
    intuitentityid: change.id,
    intuitaccountid: realm,
    ...(hasData ? { data: change.deletedId === undefined ? {} : { deletedid: change.deletedId } } : {}),
  };
}

function timeOf(ms: number, digits: 0 | 2 | 3 | 9): string {
  const whole = new Date(ms).toISOString().slice(0, 19);
  if (digits === 0) return `${whole}Z`;
  const thousandths = String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, "0");
  return `${whole}.${thousandths.padEnd(9, "0").slice(0, digits)}Z`;
}

const legacyOperations = {
  created: "Create",
  updated: "Update",
  deleted: "Delete",
  merged: "Merge",
  void: "Void",
  emailed: "Emailed",
} as const;

/** The form before the CloudEvents migration; events have no id in it. */
function legacyNotifications(events: readonly QueuedEvent[]) {
  const byRealm = Map.groupBy(events, (event) => event.realm);
  const eventNotifications = [...byRealm].map(([realmId, list]) => {
    const entities = list.map(({ change }) => {
      const told = {
        name: change.entity,
        id: change.id,
        operation: legacyOperations[change.operation],
        lastUpdated: new Date(change.atMs).toISOString(),
      };
      return change.deletedId === undefined ? told : Object.assign(told, { deletedId: change.deletedId });
    });
    return { realmId, dataChangeEvent: { entities } };
  });
  return { eventNotifications };
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
