import type { ConnectionId, OrganizationId, PartyKey, Subdomain, UserId } from "../../../domain/index.ts";
import type { ListedUser } from "../../directory/index.ts";
import type { Fence } from "../../marks/index.ts";
import type { Grouping } from "../../replica/index.ts";

/** Somebody who gets our bills, of a linked card, by an address that no user of the account has. */
export interface NewContact {
  address: string;
  name: string;
  /** The top of the family, in text form. */
  party: string;
  organizationId: OrganizationId;
}

export interface ContactWriter {
  /** An end user, without a mail of Zendesk to him. Undefined: somebody has this address already. */
  createContact(
    subdomain: Subdomain,
    contact: Pick<NewContact, "address" | "name" | "organizationId">,
    deadline: number,
  ): Promise<ListedUser | undefined>;
  findUsersByAddress(subdomain: Subdomain, address: string): Promise<ListedUser[]>;
}

export interface ContactStore {
  /**
   * Of these families, by the text form of their tops, as far as they are linked. Not yet asked for, or asked for without an answer. An
   * address that cards of several organizations share is nobody's evidence.
   */
  newContacts(connectionId: ConnectionId, subdomain: Subdomain, parties: readonly string[]): Promise<NewContact[]>;
  /** How many addresses of these families nobody in the account has, linked or not. */
  countNew(of: Grouping, subdomain: Subdomain, parties: readonly PartyKey[]): Promise<number>;
  /** Before the call leaves. */
  intend(fence: Fence, connectionId: ConnectionId, contact: NewContact): Promise<void>;
  /** After it, with the journal's row where a user was made. */
  settle(
    fence: Fence,
    of: {
      connectionId: ConnectionId;
      contact: NewContact;
      state: "made" | "exists" | "refused";
      userId: UserId | undefined;
    },
  ): Promise<void>;
}
