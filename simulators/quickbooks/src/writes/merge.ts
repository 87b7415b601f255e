import { type EntityName, entityOf } from "../company/index.ts";
import { faults } from "../faults.ts";
import { copyOf, type JsonRecord, recordAt, textAt } from "../json.ts";
import { amountAt, amountJson, ancestorsOf, type ChangeSet } from "../ledger/index.ts";
import { childrenOf, nameOf, renameDescendants, repointDocuments, repointLines } from "./references.ts";
import { addAbove } from "./write-list.ts";

/**
 * Merges one list record into another, as the UI does when a record is renamed to an existing name. The survivor keeps its
 * id and takes over transactions, sub-customers and balance; the loser is announced only as `deletedid` of the survivor's
 * event (docs/develop/webhooks/data-objects). Whether the documents' times move is a switch.
 */
export function mergeRecords(changes: ChangeSet, entity: EntityName, loserId: string, survivorId: string): void {
  if (entityOf(entity).kind === "document" || entityOf(entity).kind === "single" || entity === "Term") {
    throw faults.unsupportedOperation("merge");
  }
  const loser = changes.look(entity, loserId);
  const survivor = changes.edit(entity, survivorId, "content");
  if (loser === undefined || survivor === undefined || loserId === survivorId) throw faults.objectNotFound();
  refuseUnlike(changes, entity, loser, survivor);
  const to = { id: survivorId, name: nameOf(entity, survivor) };
  const touch = changes.rules.mergeTouchesDocuments ? "content" : "silent";
  if (entityOf(entity).kind === "party") repointDocuments(changes, { entity, id: loserId }, to, touch);
  else repointLines(changes, entity === "Item" ? "ItemRef" : "AccountRef", loserId, to);
  takeBalances(changes, entity, copyOf(loser), survivor);
  for (const child of childrenOf(changes, entity, loserId)) {
    const record = changes.edit(entity, child, "content");
    if (record !== undefined) record["ParentRef"] = { ...recordAt(record, "ParentRef"), value: survivorId };
  }
  dismiss(changes, entity, loserId);
  renameAdopted(changes, entity, loserId, survivorId);
  changes.announce({ entity, id: survivorId, operation: "merged", deletedId: loserId });
}

/** What is left of the loser is not documented: gone with a tombstone, gone without, or an inactive record. */
function dismiss(changes: ChangeSet, entity: EntityName, loserId: string): void {
  const { mergeLoser } = changes.rules;
  if (mergeLoser !== "inactive") {
    changes.remove(entity, loserId, mergeLoser === "absent" ? "traceless" : "tombstone");
    return;
  }
  const loser = changes.edit(entity, loserId, "content");
  if (loser === undefined) return;
  loser["Active"] = false;
  for (const field of [entityOf(entity).nameField ?? "Name", "FullyQualifiedName"]) {
    const name = textAt(loser, field);
    if (name !== undefined) loser[field] = `${name} (deleted)`;
  }
  for (const field of ["Balance", "BalanceWithJobs"]) if (loser[field] !== undefined) loser[field] = 0;
}

function refuseUnlike(changes: ChangeSet, entity: EntityName, loser: JsonRecord, survivor: JsonRecord): void {
  const currencies = [loser, survivor].map((record) => textAt(recordAt(record, "CurrencyRef") ?? {}, "value"));
  if (currencies[0] !== currencies[1]) throw faults.business("Records of different currencies cannot be merged.");
  if (ancestorsOf(changes, survivor, entity).includes(textAt(loser, "Id") ?? "")) {
    throw faults.business("A record cannot be merged into one of those below it, such as its own sub-customers.");
  }
}

function takeBalances(changes: ChangeSet, entity: EntityName, loser: JsonRecord, survivor: JsonRecord): void {
  if (entity === "Customer") {
    const family = amountAt(loser, "BalanceWithJobs");
    addAbove(changes, loser, family.negated());
    addAbove(changes, survivor, family);
    add(survivor, "BalanceWithJobs", loser);
  }
  if (entity === "Customer" || entity === "Vendor") add(survivor, "Balance", loser);
  if (entity === "Account") add(survivor, "CurrentBalance", loser);
}

function add(survivor: JsonRecord, field: string, loser: JsonRecord): void {
  survivor[field] = amountJson(amountAt(survivor, field).plus(amountAt(loser, field)));
}

/** Children found by the stored rows still name the loser; their working copies name the survivor. */
function renameAdopted(changes: ChangeSet, entity: EntityName, loserId: string, survivorId: string): void {
  const survivor = changes.look(entity, survivorId);
  if (survivor === undefined) return;
  for (const child of childrenOf(changes, entity, loserId)) {
    const record = changes.edit(entity, child, "content");
    if (record === undefined) continue;
    record["FullyQualifiedName"] = `${textAt(survivor, "FullyQualifiedName") ?? ""}:${nameOf(entity, record)}`;
    if (entity !== "Account") record["Level"] = Number(survivor["Level"] ?? 0) + 1;
    renameDescendants(changes, entity, child);
  }
}
