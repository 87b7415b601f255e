import { RemoteFailure } from "../../../domain/index.ts";
import { deadlineMs } from "../deliver/deliver.ts";
import type { Owner } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import type { NewContact } from "./ports.ts";

/** Single calls, since Zendesk allows bulk imports of users to few accounts (403 otherwise): a few at a time, then others have their turn. */
const atOnce = 20;

/**
 * Makes users of billing contacts whom nobody in Zendesk is.
 *
 *   wanted --> intended --201--> made
 *                  |-----422 taken--> exists: whoever has the address is looked up, and stays as he is
 *                  '-----no answer--> intended: asked again; an address is unique, so that nothing is made twice
 *
 * True while there is more to do.
 */
export async function keepContacts(owner: Owner, connection: OwnedConnection): Promise<boolean> {
  if (!connection.settings.contacts) return false;
  const { contacts } = owner.ports;
  const wanted = await contacts.newContacts(connection.id, owner.subdomain, atOnce);
  for (const contact of wanted) {
    if (owner.signal.aborted) return false;
    await contacts.intend(owner.fence, connection.id, contact);
    await keepOne(owner, connection, contact);
  }
  return wanted.length > 0;
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
