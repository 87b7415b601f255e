import type { WriteRules } from "../behaviour/index.ts";
import { type ChangeEvent, type Company, type EntityName, entityOf, recordIn } from "../company/index.ts";
import { faults } from "../faults.ts";
import { isRecord, type JsonRecord, textAt } from "../json.ts";
import { changeCompany } from "../ledger/index.ts";
import { updateSingle } from "./mutate.ts";
import { createDocument, deleteDocument, updateDocument, voidDocument } from "./write-document.ts";
import { createListRecord, updateListRecord } from "./write-list.ts";

export type WriteOperation = "create" | "update" | "delete" | "void";

export interface Written {
  readonly record: JsonRecord;
  readonly events: readonly ChangeEvent[];
}

/** One write over the API: SyncToken checked, read-only fields ignored, `sparse` as sent. */
export function writeRecord(
  company: Company,
  nowMs: number,
  rules: WriteRules,
  write: {
    entity: EntityName;
    operation: WriteOperation;
    given: JsonRecord;
    /** `include=allowduplicatedocnum` (node-quickbooks allowDuplicateDocNum). */
    allowsDuplicateNumber?: boolean;
  },
): Written {
  const { entity, operation, given } = write;
  refuseBareReferences(given);
  const by = write.allowsDuplicateNumber === true ? "lenient-client" : "client";
  const { kind } = entityOf(entity);
  const changes = changeCompany(company, nowMs, rules);
  if (operation === "create") {
    if (kind === "single") throw faults.unsupportedOperation("create");
    const id =
      kind === "document"
        ? createDocument(changes, entity, given, by)
        : createListRecord(changes, entity, given, false);
    return finish(company, entity, id, changes.commit());
  }
  const id = textAt(given, "Id");
  if (id === undefined) throw faults.requiredParameter("Id");
  const current = recordIn(company, entity, id);
  if (current === undefined) throw faults.objectNotFound();
  const token = textAt(given, "SyncToken");
  if (token === undefined) throw faults.requiredParameter("SyncToken");
  if (token !== textAt(current, "SyncToken")) throw faults.staleObject();
  if (operation === "update") {
    const sparse = given["sparse"] === true || given["sparse"] === "true";
    if (kind === "single") updateSingle(changes, entity, id, given);
    else if (kind === "document") updateDocument(changes, entity, id, { given, sparse, by });
    else updateListRecord(changes, entity, id, { given, sparse, person: false });
    return finish(company, entity, id, changes.commit());
  }
  // Hard delete and void are for transactions only (python-quickbooks issue 294).
  if (kind !== "document") throw faults.unsupportedOperation(operation);
  if (operation === "void") {
    if (!entityOf(entity).canVoid) throw faults.cannotVoid();
    voidDocument(changes, entity, id);
    return finish(company, entity, id, changes.commit());
  }
  deleteDocument(changes, entity, id);
  // quickbooks-ruby spec/fixtures/invoice_delete_success_response.xml.
  return { record: { domain: "QBO", status: "Deleted", Id: id }, events: changes.commit() };
}

/** A reference is an object; a bare id is refused in these very words (python-quickbooks issue 24). */
function refuseBareReferences(given: JsonRecord): void {
  for (const [key, value] of Object.entries(given)) {
    if (key.endsWith("Ref") && value !== null && !isRecord(value)) throw faults.unsupportedProperty("Can not instanti");
  }
}

function finish(company: Company, entity: EntityName, id: string, events: ChangeEvent[]): Written {
  return { record: recordIn(company, entity, id) ?? {}, events };
}
