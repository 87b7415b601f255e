import type { Decimal } from "decimal.js";
import { type EntityName, entityOf, nextId } from "../company/index.ts";
import { faults } from "../faults.ts";
import { copyOf, type JsonRecord, refAt, textAt } from "../json.ts";
import { amountAt, amountJson, ancestorsOf, type ChangeSet } from "../ledger/index.ts";
import { listFields } from "./list-fields.ts";
import { nameOf, renameDescendants, repointDocuments } from "./references.ts";
import { createDocument } from "./write-document.ts";

export function createListRecord(changes: ChangeSet, entity: EntityName, given: JsonRecord, person: boolean): string {
  const fields = listFields(changes.company, {
    entity,
    id: undefined,
    before: undefined,
    given,
    sparse: false,
    person,
  });
  const id = nextId(changes.company, entity);
  changes.create(entity, id, fields);
  changes.announce({ entity, id, operation: "created" });
  return id;
}

export function updateListRecord(
  changes: ChangeSet,
  entity: EntityName,
  id: string,
  write: { given: JsonRecord; sparse: boolean; person: boolean },
): void {
  const found = changes.look(entity, id);
  if (found === undefined) throw faults.objectNotFound();
  const before = copyOf(found);
  if (before["Active"] !== false && write.given["Active"] === false) {
    refuseOpenBalance(entity, before);
    inactivate(changes, entity, id);
    return;
  }
  const wakes = before["Active"] === false && write.given["Active"] === true;
  const given = wakes ? { ...write.given, ...awakeName(entity, before, write.given) } : write.given;
  const after = listFields(changes.company, { entity, id, before, ...write, given });
  changes.replace(entity, id, after);
  if (entity === "Customer") moveFamilyBalance(changes, before, after);
  if (before["FullyQualifiedName"] !== after["FullyQualifiedName"]) renameDescendants(changes, entity, id);
  followName(changes, entity, id, before, after);
  changes.announce({ entity, id, operation: "updated" });
}

/** References show the present name of a party without their documents having changed. */
function followName(changes: ChangeSet, entity: EntityName, id: string, before: JsonRecord, after: JsonRecord): void {
  const name = nameOf(entity, after);
  if (entityOf(entity).kind !== "party" || name === nameOf(entity, before)) return;
  repointDocuments(changes, { entity, id }, { id, name }, "silent");
}

// quickbooks-ruby spec/fixtures/deleted_customer.xml.
const suffix = " (deleted)";

/** Name lists are never deleted: the record becomes inactive and its name gets " (deleted)". */
function inactivate(changes: ChangeSet, entity: EntityName, id: string): void {
  const record = changes.edit(entity, id, "content");
  if (record === undefined) throw faults.objectNotFound();
  if (record["Active"] === false) return;
  const before = copyOf(record);
  record["Active"] = false;
  const field = entityOf(entity).nameField ?? "Name";
  record[field] = `${nameOf(entity, record)}${suffix}`;
  if (record["FullyQualifiedName"] !== undefined) {
    record["FullyQualifiedName"] = `${textAt(record, "FullyQualifiedName") ?? ""}${suffix}`;
  }
  // An inactive account reports no balance (SPIKE, see README).
  if (entity === "Account") record["CurrentBalance"] = 0;
  followName(changes, entity, id, before, record);
  const { inactivateEvent } = changes.rules;
  if (inactivateEvent !== "deleted") changes.announce({ entity, id, operation: "updated" });
  if (inactivateEvent !== "updated") changes.announce({ entity, id, operation: "deleted" });
}

/** A person who makes a party with a balance inactive lets QuickBooks write a balancing form (all-entities/customer). */
export function inactivateByPerson(changes: ChangeSet, entity: EntityName, id: string): void {
  const record = changes.look(entity, id);
  if (record === undefined) throw faults.objectNotFound();
  const balance = amountAt(record, "Balance");
  if ((entity === "Customer" || entity === "Vendor") && record["Active"] !== false && !balance.isZero()) {
    const given: JsonRecord = {
      TotalAmt: amountJson(balance.abs()),
      PrivateNote: "Created by QuickBooks Online to adjust balance for deletion",
    };
    if (entity === "Customer") given["CustomerRef"] = { value: id };
    else given["VendorRef"] = { value: id };
    const credits = entity === "Customer" ? "CreditMemo" : "VendorCredit";
    const debits = entity === "Customer" ? "Invoice" : "Bill";
    createDocument(changes, balance.isPositive() ? credits : debits, given, "person");
  }
  inactivate(changes, entity, id);
}

export function activate(changes: ChangeSet, entity: EntityName, id: string): void {
  updateListRecord(changes, entity, id, { given: { Active: true }, sparse: true, person: true });
}

function awakeName(entity: EntityName, before: JsonRecord, given: JsonRecord): JsonRecord {
  const field = entityOf(entity).nameField ?? "Name";
  const name = textAt(given, field) ?? nameOf(entity, before);
  return { [field]: name.endsWith(suffix) ? name.slice(0, -suffix.length) : name };
}

function refuseOpenBalance(entity: EntityName, record: JsonRecord): void {
  if (entity !== "Customer" && entity !== "Vendor") return;
  if (!amountAt(record, "Balance").isZero()) throw faults.openBalance(entity.toLowerCase());
}

/** Under another parent, what the family owes moves with it. */
function moveFamilyBalance(changes: ChangeSet, before: JsonRecord, after: JsonRecord): void {
  if (refAt(before, "ParentRef") === refAt(after, "ParentRef")) return;
  const amount = amountAt(before, "BalanceWithJobs");
  addAbove(changes, before, amount.negated());
  addAbove(changes, after, amount);
}

export function addAbove(changes: ChangeSet, record: JsonRecord, amount: Decimal): void {
  if (amount.isZero()) return;
  for (const above of ancestorsOf(changes, record)) {
    const parent = changes.edit("Customer", above, changes.rules.familyTimeMoves ? "time" : "silent");
    if (parent !== undefined) {
      parent["BalanceWithJobs"] = amountJson(amountAt(parent, "BalanceWithJobs").plus(amount));
    }
  }
}
