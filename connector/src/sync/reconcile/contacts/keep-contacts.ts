import { RemoteFailure } from "../../../domain/index.ts";
import { deadlineMs } from "../deliver/deliver.ts";
import { OwnerStops } from "../deliver/job-poller.ts";
import type { Owner } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import type { NewContact } from "./ports.ts";

/**
 * Makes users of billing contacts whom nobody in Zendesk is, one by one: Zendesk allows bulk imports of users to few accounts.
 *
 *   wanted --> intended --201--> made
 *                  |-----422 taken--> exists: whoever has the address is looked up, and stays as he is
 *                  '-----no answer--> intended: asked again; an address is unique, so that nothing is made twice
 *
 * Throws the RemoteFailure that stops it: whoever called asks for the same parties again.
 */
export async function keepContacts(
  owner: Owner,
  connection: OwnedConnection,
  parties: readonly string[],
): Promise<void> {
  if (!connection.settings.contacts) return;
  const { contacts } = owner.ports;
  for (const contact of await contacts.newContacts(connection.id, owner.subdomain, parties)) {
    if (owner.signal.aborted) throw new OwnerStops("the owner stops; a successor goes on with the contacts");
    await contacts.intend(owner.fence, connection.id, contact);
    await keepOne(owner, connection, contact);
  }
}

async function keepOne(owner: Owner, connection: OwnedConnection, contact: NewContact): Promise<void> {
  const { contacts, contactWriter, directory } = owner.ports;
  const { fence, subdomain } = owner;
  const of = { connectionId: connection.id, contact };
  const readAt = await directory.now();
  try {
    const made = await contactWriter.createContact(subdomain, contact, performance.now() + deadlineMs);
    if (made) {
      await contacts.settle(fence, { ...of, state: "made", userId: made.id });
      await directory.keepUsers(subdomain, [made], readAt);
      return;
    }
    const found = await contactWriter.findUsersByAddress(subdomain, contact.address);
    await contacts.settle(fence, { ...of, state: "exists", userId: found[0]?.id });
    await directory.keepUsers(subdomain, found, readAt);
  } catch (fault) {
    if (!(fault instanceof RemoteFailure) || fault.action !== "park") throw fault;
    await contacts.settle(fence, { ...of, state: "refused", userId: undefined });
    await owner.ports.incidents.note({
      cause: "contact-refused",
      says: `Zendesk did not make a user of a billing contact (${fault.code}).`,
      connectionId: connection.id,
    });
  }
}
