import type { Author } from "../records/author.ts";
import { createRecord, deleteRecord, recordByExternalId, updateRecord } from "../records/custom-records.ts";
import { type JsonObject, textOf } from "../records/input.ts";
import { createMembership, deleteMembership } from "../records/memberships.ts";
import { createOrganization, deleteOrganization, updateOrganization } from "../records/organizations.ts";
import { problemText, Refusal, recordNotFound } from "../records/refusals.ts";
import { createUser, deleteUser, findUserToUpdate, updateUser } from "../records/users.ts";
import type { Account } from "../world/account.ts";
import { externalKey } from "../world/account.ts";
import type { ObjectRecord, Organization, User } from "../world/entities.ts";
import type { Job, JobContext, JobKind } from "./job.ts";

interface ItemKind {
  action: "create" | "update" | "delete";
  status: "Created" | "Updated" | "Deleted";
  /** `error` of a failed item; TicketCreateFailed is the recorded model (cloudbees-oss/zendesk-java-client issue 98). */
  failure: string;
  run: (
    account: Account,
    item: JsonObject,
    author: Author,
    context: JobContext,
  ) => { id: number | string; action?: ItemKind["action"]; status?: ItemKind["status"] };
}

const kinds: Record<JobKind, ItemKind> = {
  "organizations.create": {
    action: "create",
    status: "Created",
    failure: "OrganizationCreateFailed",
    run: (account, item, author) => createOrganization(account, item, author),
  },
  "organizations.update": {
    action: "update",
    status: "Updated",
    failure: "OrganizationUpdateFailed",
    run: (account, item, author) => {
      const { id: _id, ...sent } = item;
      return updateOrganization(account, organizationOf(account, item), sent, author);
    },
  },
  "organizations.delete": {
    action: "delete",
    status: "Deleted",
    failure: "OrganizationDeleteFailed",
    run: (account, item, author) => {
      const organization = organizationOf(account, item);
      deleteOrganization(account, organization, author);
      return organization;
    },
  },
  "organization_memberships.create": {
    action: "create",
    status: "Created",
    failure: "OrganizationMembershipCreateFailed",
    run: (account, item, author) => createMembership(account, item, author),
  },
  "organization_memberships.delete": {
    action: "delete",
    status: "Deleted",
    failure: "OrganizationMembershipDeleteFailed",
    run: (account, item, author) => {
      const membership = account.memberships.get(Number(item.id));
      if (!membership) throw recordNotFound();
      deleteMembership(account, membership, author);
      return membership;
    },
  },
  "users.create": {
    action: "create",
    status: "Created",
    failure: "UserCreateFailed",
    run: (account, item, author) => createUser(account, item, author),
  },
  "users.create_or_update": {
    action: "create",
    status: "Created",
    failure: "UserUpdateFailed",
    run: (account, item, author) => {
      const known = findUserToUpdate(account, item);
      if (!known) return createUser(account, item, author);
      return { id: updateUser(account, known, item, author).id, action: "update", status: "Updated" };
    },
  },
  "users.update": {
    action: "update",
    status: "Updated",
    failure: "UserUpdateFailed",
    run: (account, item, author) => {
      const { id: _id, ...sent } = item;
      return updateUser(account, userOf(account, item), sent, author);
    },
  },
  "users.delete": {
    action: "delete",
    status: "Deleted",
    failure: "UserDeleteFailed",
    run: (account, item, author) => deleteUser(account, userOf(account, item), author),
  },
  "custom_object_records.create": {
    action: "create",
    status: "Created",
    failure: "CustomObjectRecordCreateFailed",
    run: (account, item, author, context) => ({
      id: createRecord(account, context.objectKey, item, { ...author, userId: context.userId }).ulid,
    }),
  },
  "custom_object_records.update": {
    action: "update",
    status: "Updated",
    failure: "CustomObjectRecordUpdateFailed",
    run: (account, item, author, context) => {
      const { id: _id, ...sent } = item;
      const writer = { ...author, userId: context.userId };
      return { id: updateRecord(account, context.objectKey, recordOf(account, item, context), sent, writer).ulid };
    },
  },
  "custom_object_records.create_or_update": {
    action: "create",
    status: "Created",
    failure: "CustomObjectRecordUpdateFailed",
    run: (account, item, author, context) => {
      const writer = { ...author, userId: context.userId };
      const known = recordByExternalId(account, context.objectKey, textOf(item.external_id));
      if (!known) return { id: createRecord(account, context.objectKey, item, writer).ulid };
      const { ulid } = updateRecord(account, context.objectKey, known, item, writer);
      return { id: ulid, action: "update", status: "Updated" };
    },
  },
  "custom_object_records.delete": {
    action: "delete",
    status: "Deleted",
    failure: "CustomObjectRecordDeleteFailed",
    run: (account, item, _author, context) => {
      const record = recordOf(account, item, context);
      deleteRecord(account, context.objectKey, record);
      return { id: record.ulid };
    },
  },
};

const noContext: JobContext = { objectKey: "", userId: "" };

/** Takes one item; what the vendor refuses becomes a failed entry of a job that goes on. */
export function runItem(account: Account, job: Job, position: number, at: number): JsonObject {
  const kind = kinds[job.kind];
  const item = job.items[position] ?? {};
  try {
    const done = kind.run(account, item, { at, by: "api" }, job.context ?? noContext);
    const action = done.action ?? kind.action;
    const status = done.status ?? kind.status;
    if (action !== "create") return { action, id: done.id, status, success: true };
    if (job.kind === "organization_memberships.create") return { action, id: done.id, status, success: true };
    // Recorded creates have neither index nor action; the documentation shows {id, index}.
    return job.resultForm === "recorded" ? { status, id: done.id } : { id: done.id, index: position };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reason = error.status === 404 ? "Record not found" : problemText(error);
    if (job.failureForm === "specified") {
      return {
        id: job.context ? textOf(item.id) : Number(item.id ?? 0),
        action: kind.action,
        success: false,
        error: kind.failure,
        details: reason,
      };
    }
    const id = item.id === undefined ? {} : { id: item.id };
    return { index: position, ...id, error: kind.failure, details: reason };
  }
}

/** Batches name their records by id; by external_id only where a switch (or the query form of the call) allows it. */
function organizationOf(account: Account, item: JsonObject): Organization {
  const byId = item.id === undefined ? undefined : account.organizations.get(Number(item.id));
  const external =
    item.id === undefined && account.switches.updateManyByExternalId
      ? externalKey(textOf(item.external_id))
      : undefined;
  const found = byId ?? (external ? account.organizations.first("external", external) : undefined);
  if (!found) throw recordNotFound();
  return found;
}

/** By its own id, or by external_id where the action says so. */
function recordOf(account: Account, item: JsonObject, { objectKey }: JobContext): ObjectRecord {
  const table = account.objectRecords.get(objectKey);
  const found =
    item.id === undefined
      ? recordByExternalId(account, objectKey, textOf(item.external_id))
      : table?.first("ulid", textOf(item.id));
  if (!found) throw recordNotFound();
  return found;
}

function userOf(account: Account, item: JsonObject): User {
  const user = account.users.get(Number(item.id));
  if (!user?.active) throw recordNotFound();
  return user;
}
