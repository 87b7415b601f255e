import type { WriteRules } from "../behaviour/index.ts";
import { type ChangeEvent, type Company, type EntityName, entityOf, recordIn } from "../company/index.ts";
import { faults } from "../faults.ts";
import type { JsonRecord } from "../json.ts";
import { type ChangeSet, changeCompany } from "../ledger/index.ts";
import { mergeRecords } from "./merge.ts";
import { createDocument, deleteDocument, updateDocument, voidDocument } from "./write-document.ts";
import { activate, createListRecord, inactivateByPerson, updateListRecord } from "./write-list.ts";

/** What a person does in the vendor's web interface. */
export type Mutation = { readonly entity: EntityName } & (
  | { readonly operation: "create"; readonly record: JsonRecord }
  | { readonly operation: "update" | "rename"; readonly id: string; readonly record: JsonRecord }
  | { readonly operation: "void" | "delete" | "inactivate" | "activate"; readonly id: string }
  | { readonly operation: "merge"; readonly id: string; readonly into: string }
);

export interface Mutated {
  readonly record: JsonRecord;
  readonly events: readonly ChangeEvent[];
}

/** Applies one mutation as a whole; throws the vendor's fault and changes nothing when it is refused. */
export function mutateCompany(company: Company, nowMs: number, rules: WriteRules, mutation: Mutation): Mutated {
  const changes = changeCompany(company, nowMs, rules);
  const { entity } = mutation;
  const before = "id" in mutation ? recordIn(company, entity, mutation.id) : undefined;
  const id = applyMutation(changes, mutation);
  const events = changes.commit();
  return { record: recordIn(company, entity, id) ?? { ...before, status: "Deleted" }, events };
}

/** Answers the id under which the record now stands. */
function applyMutation(changes: ChangeSet, mutation: Mutation): string {
  const { entity } = mutation;
  const isDocument = entityOf(entity).kind === "document";
  switch (mutation.operation) {
    case "create":
      if (entityOf(entity).kind === "single") throw faults.unsupportedOperation("create");
      return isDocument
        ? createDocument(changes, entity, mutation.record, "person")
        : createListRecord(changes, entity, mutation.record, true);
    case "update":
    case "rename":
      update(changes, entity, mutation.id, mutation.record);
      return mutation.id;
    case "void":
      if (!isDocument) throw faults.unsupportedOperation("void");
      voidDocument(changes, entity, mutation.id);
      return mutation.id;
    case "delete":
      if (!isDocument) throw faults.unsupportedOperation("delete");
      deleteDocument(changes, entity, mutation.id);
      return mutation.id;
    case "inactivate":
      if (isDocument) throw faults.unsupportedOperation("inactivate");
      inactivateByPerson(changes, entity, mutation.id);
      return mutation.id;
    case "activate":
      if (isDocument) throw faults.unsupportedOperation("activate");
      activate(changes, entity, mutation.id);
      return mutation.id;
    case "merge":
      mergeRecords(changes, entity, mutation.id, mutation.into);
      return mutation.into;
  }
}

function update(changes: ChangeSet, entity: EntityName, id: string, given: JsonRecord): void {
  const { kind } = entityOf(entity);
  if (kind === "single") updateSingle(changes, entity, id, given);
  else if (kind === "document") updateDocument(changes, entity, id, { given, sparse: true, by: "person" });
  else updateListRecord(changes, entity, id, { given, sparse: true, person: true });
}

/** CompanyInfo and Preferences: fields are merged one level deep. CompanyInfo has no webhook event. */
export function updateSingle(changes: ChangeSet, entity: EntityName, id: string, given: JsonRecord): void {
  const record = changes.edit(entity, id, "content");
  if (record === undefined) throw faults.objectNotFound();
  for (const [key, value] of Object.entries(given)) {
    if (key === "Id" || key === "SyncToken" || key === "MetaData") continue;
    const old = record[key];
    const merges = typeof old === "object" && typeof value === "object" && !Array.isArray(old) && !Array.isArray(value);
    record[key] = merges && old !== null && value !== null ? { ...old, ...value } : value;
  }
  if (entity === "Preferences") changes.announce({ entity, id, operation: "updated" });
}
