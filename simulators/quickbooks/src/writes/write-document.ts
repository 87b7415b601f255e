import { columnIndex, type EntityName, entityOf, nextId, pacificTime, tableOf } from "../company/index.ts";
import { faults } from "../faults.ts";
import { copyOf, type JsonRecord, recordAt, recordsAt, textAt } from "../json.ts";
import { type ChangeSet, postDocument } from "../ledger/index.ts";
import { checkLengths } from "./check.ts";
import { documentFields } from "./document-fields.ts";
import type { DocumentWrite } from "./document-write.ts";

/** Who writes: an API client (strict), one that allows duplicate numbers, or a person in the web interface. */
export type Writer = "client" | "lenient-client" | "person";

export function createDocument(changes: ChangeSet, entity: EntityName, given: JsonRecord, by: Writer): string {
  checkLengths(entity, given);
  const fields = documentFields(changes, { entity, before: undefined, given, sparse: false, person: by === "person" });
  if (by === "client") checkDocNumber(changes, entity, fields, undefined);
  if (by !== "person") checkBooks(changes, fields, undefined);
  const id = nextId(changes.company, entity);
  const record = changes.create(entity, id, fields);
  postDocument(changes, { entity, id, before: undefined, after: record });
  changes.announce({ entity, id, operation: "created" });
  announceEmail(changes, entity, id, undefined, record);
  return id;
}

export function updateDocument(
  changes: ChangeSet,
  entity: EntityName,
  id: string,
  write: Pick<DocumentWrite, "given" | "sparse"> & { by: Writer },
): void {
  const found = changes.look(entity, id);
  if (found === undefined) throw faults.objectNotFound();
  const { given, sparse, by } = write;
  checkLengths(entity, given);
  const before = copyOf(found);
  const after = documentFields(changes, { entity, before, given, sparse, person: by === "person" });
  if (by === "client") checkDocNumber(changes, entity, after, id);
  if (by !== "person") checkBooks(changes, after, before);
  postDocument(changes, { entity, id, before, after });
  changes.replace(entity, id, after);
  changes.announce({ entity, id, operation: "updated" });
  announceEmail(changes, entity, id, before, after);
}

/** Void keeps the document and its number, at zero; its note says "Voided" (all-entities/invoice, void sample). */
export function voidDocument(changes: ChangeSet, entity: EntityName, id: string): void {
  if (!entityOf(entity).canVoid) throw faults.unsupportedOperation("void");
  const found = changes.look(entity, id);
  if (found === undefined) throw faults.objectNotFound();
  const before = copyOf(found);
  const note = textAt(before, "PrivateNote");
  const after: JsonRecord = {
    ...copyOf(before),
    TotalAmt: 0,
    PrivateNote: note === undefined || note.startsWith("Voided") ? (note ?? "Voided") : `Voided - ${note}`,
    Line: entity === "Payment" || entity === "BillPayment" ? [] : recordsAt(before, "Line").map(voidLine),
  };
  if (recordAt(after, "TxnTaxDetail") !== undefined) after["TxnTaxDetail"] = { TotalTax: 0 };
  if (after["Deposit"] !== undefined) after["Deposit"] = 0;
  postDocument(changes, { entity, id, before, after });
  changes.replace(entity, id, after);
  changes.announce({ entity, id, operation: "void" });
}

function voidLine(line: JsonRecord): JsonRecord {
  const detail = recordAt(line, "SalesItemLineDetail");
  if (detail === undefined) return { ...line, Amount: 0 };
  return { ...line, Amount: 0, SalesItemLineDetail: { ...detail, UnitPrice: 0, Qty: 0 } };
}

export function deleteDocument(changes: ChangeSet, entity: EntityName, id: string): void {
  const found = changes.look(entity, id);
  if (found === undefined) throw faults.objectNotFound();
  postDocument(changes, { entity, id, before: copyOf(found), after: undefined });
  changes.remove(entity, id);
  changes.announce({ entity, id, operation: "deleted" });
}

/** A form becomes "sent" by its EmailStatus; the vendor tells this as an event of its own. */
function announceEmail(
  changes: ChangeSet,
  entity: EntityName,
  id: string,
  before: JsonRecord | undefined,
  after: JsonRecord,
): void {
  if (after["EmailStatus"] !== "EmailSent" || before?.["EmailStatus"] === "EmailSent") return;
  after["DeliveryInfo"] ??= { DeliveryType: "Email", DeliveryTime: pacificTime(changes.nowMs) };
  changes.announce({ entity, id, operation: "emailed" });
}

/** The API writes nothing into closed books (6210); a person is asked for a password. */
function checkBooks(changes: ChangeSet, after: JsonRecord, before: JsonRecord | undefined): void {
  const prefs = recordAt(changes.look("Preferences", "1") ?? {}, "AccountingInfoPrefs") ?? {};
  const closed = textAt(prefs, "BookCloseDate");
  if (closed === undefined) return;
  const dates = [after, before ?? {}].map((record) => textAt(record, "TxnDate") ?? "9999-12-31");
  if (dates.some((date) => date <= closed)) throw faults.booksClosed();
}

/** With automatic numbers, the API refuses one that is in use (6140; SPIKE); a person is only warned. */
function checkDocNumber(changes: ChangeSet, entity: EntityName, record: JsonRecord, own: string | undefined): void {
  const number = textAt(record, "DocNumber")?.toLowerCase();
  const column = columnIndex(entityOf(entity), "DocNumber");
  if (number === undefined || column === -1 || entity === "Bill" || entity === "Purchase") return;
  const order = tableOf(changes.company, entity).orderedBy(column);
  const taken = order.rows[order.firstAt(number, false)];
  if (taken !== undefined && taken.cells[column] === number && taken.id !== own) {
    throw faults.duplicateDocNumber(number, entity, taken.id);
  }
}
