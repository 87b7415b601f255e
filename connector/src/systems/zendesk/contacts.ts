// Billing contacts as end users: made one by one, never changed.
import { RemoteFailure } from "../../domain/index.ts";
import type { ContactWriter } from "../../sync/reconcile/contacts/ports.ts";
import type { AccountCalls } from "./calls.ts";
import { malformedAnswer } from "./failures.ts";
import { usersIn } from "./users.ts";

export function createContactWriter(calls: AccountCalls): ContactWriter {
  return {
    async createContact(subdomain, { address, name, organizationId }, deadline) {
      const operation = "CreateUser";
      try {
        const { body, requestId } = await calls.ask(subdomain, {
          operation,
          method: "POST",
          path: "users",
          body: {
            // Without skip_verify_email Zendesk writes to the contact (users reference).
            user: { name, email: address, role: "end-user", organization_id: organizationId, skip_verify_email: true },
          },
          deadline,
        });
        const made = usersIn({ users: [body["user"] ?? null] })?.users[0];
        if (made === undefined) throw malformedAnswer({ operation, write: true }, requestId);
        return made;
      } catch (failure) {
        if (failure instanceof RemoteFailure && failure.status === 422 && failure.code === "DuplicateValue.email")
          return undefined;
        throw failure;
      }
    },

    async findUsersByAddress(subdomain, address) {
      const operation = "SearchUsers";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: "users/search",
        query: { query: `email:"${address.replaceAll('"', "")}"` },
      });
      const found = usersIn(body);
      if (found === undefined) throw malformedAnswer({ operation, write: false }, requestId);
      return found.users.filter(({ addresses }) => addresses.includes(address));
    },
  };
}
