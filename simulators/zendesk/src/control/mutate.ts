import type { Author } from "../records/author.ts";
import {
  createField,
  deleteField,
  type FieldOwner,
  fieldsOf,
  presentField,
  updateField,
} from "../records/custom-fields.ts";
import { createObject, deleteObject, presentObject, updateObject } from "../records/custom-objects.ts";
import { createRecord, deleteRecord, presentRecord, updateRecord } from "../records/custom-records.ts";
import { createIdentity, deleteIdentity, presentIdentity, updateIdentity } from "../records/identities.ts";
import { isJsonObject, type JsonObject, textOf } from "../records/input.ts";
import { createMembership, deleteMembership, makeDefault, presentMembership } from "../records/memberships.ts";
import { settleMerges, startMerge } from "../records/merges.ts";
import {
  createObjectField,
  deleteObjectField,
  presentObjectField,
  updateObjectField,
} from "../records/object-fields.ts";
import {
  createOrganization,
  deleteOrganization,
  presentOrganization,
  updateOrganization,
} from "../records/organizations.ts";
import { Refusal } from "../records/refusals.ts";
import {
  createTicketField,
  deleteTicketField,
  presentTicketField,
  updateTicketField,
} from "../records/ticket-fields.ts";
import { createTicket, deleteTicket, presentTicket, updateTicket } from "../records/tickets.ts";
import { mergeUsers } from "../records/user-merges.ts";
import { createUser, deleteUser, presentUser, updateUser } from "../records/users.ts";
import type { Simulator } from "../server/simulator.ts";
import type { Tenant } from "../server/tenant.ts";
import type { Account } from "../world/account.ts";
import type { ObjectRecord } from "../world/entities.ts";
import type { Table } from "../world/table.ts";
import { ControlProblem } from "./problem.ts";

interface Kind<T extends { id: number }> {
  table: (account: Account) => Table<T>;
  create: (account: Account, record: JsonObject, author: Author) => T;
  update: (account: Account, before: T, record: JsonObject, author: Author) => T;
  delete: (account: Account, record: T, author: Author) => void;
  merge?: (account: Account, loser: T, winnerId: number, author: Author) => T | undefined;
  present: (account: Account, record: T, root: string) => unknown;
}

/** One mutation by entity and operation, whatever the record's type. */
type Mutator = (account: Account, mutation: JsonObject, author: Author, root: string) => unknown;

function mutator<T extends { id: number }>(name: string, kind: Kind<T>): Mutator {
  return (account, mutation, author, root) => {
    const record = isJsonObject(mutation.record) ? mutation.record : {};
    if (mutation.operation === "create") return kind.present(account, kind.create(account, record, author), root);
    const before = kind.table(account).get(Number(mutation.id));
    if (!before) throw new ControlProblem(`mutate.id: there is no ${name} ${String(mutation.id)}`, 404);
    if (mutation.operation === "update")
      return kind.present(account, kind.update(account, before, record, author), root);
    if (mutation.operation === "delete") {
      kind.delete(account, before, author);
      return kind.present(account, before, root);
    }
    if (mutation.operation === "merge" && kind.merge) {
      const winner = kind.merge(account, before, Number(mutation.into), author);
      return winner && kind.present(account, winner, root);
    }
    throw new ControlProblem(
      `mutate.operation: ${String(mutation.operation)} is not create, update, delete (or merge of organizations and users) of ${name}`,
    );
  };
}

const fieldMutator = (owner: FieldOwner): Mutator =>
  mutator(`${owner}_field`, {
    table: (account) => fieldsOf(account, owner),
    create: (account, record, author) => createField(account, owner, record, author),
    update: (account, before, record, author) => updateField(account, owner, before, record, author),
    delete: (account, field, author) => deleteField(account, owner, field, author),
    present: (_account, field, root) => presentField(owner, field, root),
  });

/** Records of custom objects are known by a text, and by the object whose they are. */
const mutateRecord: Mutator = (account, mutation, author, root) => {
  const record = isJsonObject(mutation.record) ? mutation.record : {};
  const objectKey = textOf(mutation.object ?? record.custom_object_key);
  if (!account.customObjects.first("key", objectKey))
    throw new ControlProblem(`mutate.object: there is no custom object ${objectKey}`, 404);
  const writer = { ...author, userId: String(account.users.all().find(({ role }) => role === "admin")?.id ?? 0) };
  const shown = (one: ObjectRecord): unknown => presentRecord(account, objectKey, one, root);
  if (mutation.operation === "create") return shown(createRecord(account, objectKey, record, writer));
  const before = account.objectRecords.get(objectKey)?.first("ulid", String(mutation.id));
  if (!before) throw new ControlProblem(`mutate.id: there is no record ${String(mutation.id)}`, 404);
  if (mutation.operation === "update") return shown(updateRecord(account, objectKey, before, record, writer));
  if (mutation.operation !== "delete")
    throw new ControlProblem("mutate.operation: create, update or delete of custom_object_record");
  deleteRecord(account, objectKey, before);
  return shown(before);
};

/** The id that people have for an object is its key. */
const mutateObject: Mutator = (account, mutation, author, root) => {
  const record = isJsonObject(mutation.record) ? mutation.record : {};
  const by = String(account.users.all().find(({ role }) => role === "admin")?.id ?? 0);
  if (mutation.operation === "create") return presentObject(createObject(account, record, author, by), root);
  const before = account.customObjects.first("key", String(mutation.id));
  if (!before) throw new ControlProblem(`mutate.id: there is no custom object ${String(mutation.id)}`, 404);
  if (mutation.operation === "update") return presentObject(updateObject(account, before, record, author, by), root);
  if (mutation.operation !== "delete")
    throw new ControlProblem("mutate.operation: create, update or delete of custom_object");
  deleteObject(account, before);
  return presentObject(before, root);
};

const mutators: Record<string, Mutator> = {
  organization: mutator("organization", {
    table: (account) => account.organizations,
    create: createOrganization,
    update: updateOrganization,
    delete: deleteOrganization,
    merge: (account, loser, winnerId, author) => {
      startMerge(account, loser, winnerId, author).completesAt = author.at;
      settleMerges(account);
      return account.organizations.get(winnerId);
    },
    present: presentOrganization,
  }),
  user: mutator("user", {
    table: (account) => account.users,
    create: createUser,
    update: updateUser,
    delete: deleteUser,
    merge: mergeUsers,
    present: presentUser,
  }),
  organization_membership: mutator("organization_membership", {
    table: (account) => account.memberships,
    create: createMembership,
    update: (account, before, _record, author) => makeDefault(account, before, author),
    delete: deleteMembership,
    present: presentMembership,
  }),
  user_identity: mutator("user_identity", {
    table: (account) => account.identities,
    create: (account, record, author) => {
      const user = account.users.get(Number(record.user_id));
      if (!user) throw new ControlProblem("mutate.record.user_id: there is no such user", 404);
      return createIdentity(account, user, record, author);
    },
    update: updateIdentity,
    delete: deleteIdentity,
    present: (_account, identity, root) => presentIdentity(identity, root),
  }),
  organization_field: fieldMutator("organization"),
  user_field: fieldMutator("user"),
  ticket_field: mutator("ticket_field", {
    table: (account) => account.ticketFields,
    create: createTicketField,
    update: updateTicketField,
    delete: deleteTicketField,
    present: (_account, field, root) => presentTicketField(field, root),
  }),
  custom_object: mutateObject,
  custom_object_field: mutator("custom_object_field", {
    table: (account) => account.objectFields,
    create: (account, record, author) => {
      const objectKey = String(record.object_key);
      if (!account.customObjects.first("key", objectKey))
        throw new ControlProblem(`mutate.record.object_key: there is no custom object ${objectKey}`, 404);
      return createObjectField(account, objectKey, record, author);
    },
    update: updateObjectField,
    delete: deleteObjectField,
    present: (_account, field, root) => presentObjectField(field, root),
  }),
  custom_object_record: mutateRecord,
  ticket: mutator("ticket", {
    table: (account) => account.tickets,
    create: createTicket,
    update: updateTicket,
    delete: deleteTicket,
    present: presentTicket,
  }),
};

/** A person in the vendor's interface: same rules and ripples as the API, no limits, no entry in the request log. */
export function applyMutation(simulator: Simulator, tenant: Tenant, mutation: JsonObject): unknown {
  const mutate =
    typeof mutation.entity === "string" && Object.hasOwn(mutators, mutation.entity)
      ? mutators[mutation.entity]
      : undefined;
  if (!mutate)
    throw new ControlProblem(
      `mutate.entity: ${String(mutation.entity)} is not one of ${Object.keys(mutators).join(", ")}`,
    );
  const author: Author = { at: simulator.clock.now(), by: "person" };
  try {
    return mutate(tenant.account, mutation, author, `http://${tenant.account.subdomain}.zendesk.example/api/v2`);
  } catch (error) {
    if (error instanceof Refusal) throw new ControlProblem(`the vendor refuses this: ${error.message}`, 422);
    throw error;
  }
}
