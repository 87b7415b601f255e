import { type FieldDefinition, type FieldValues, type OrganizationId } from "../../domain/index.ts";
import { changedFields } from "../../rules/mapping/index.ts";
import type { ListedOrganization } from "../directory/index.ts";
import type { Owner } from "./owner.ts";
import type { OrganizationWrite } from "./ports.ts";
import type { Pending } from "./settlement.ts";

/** After the first job, one in this many is read back: job results carry no values, and Zendesk drops what it does not know in silence. */
const oneJobIn = 20;

/** The keys among those sent that Zendesk stored as something else. */
export function storedOtherwise(
  definitions: readonly FieldDefinition[],
  sent: FieldValues,
  found: FieldValues,
): string[] {
  return changedFields(
    definitions.filter(({ key }) => Object.hasOwn(sent, key)),
    sent,
    found,
  );
}

/** Looks whether Zendesk stored what we sent. A difference is an incident, never a reason to write again by itself. */
export class ReadBack {
  readonly #owner: Owner;
  #jobs = 0;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  async afterJob(
    written: readonly { pending: Pending; item: OrganizationWrite & { id: OrganizationId } }[],
  ): Promise<void> {
    if (written.length === 0 || this.#jobs++ % oneJobIn !== 0) return;
    const { ports, subdomain } = this.#owner;
    const organizations = await ports.writers.bulk.showByIds(
      subdomain,
      written.map(({ item }) => item.id),
    );
    const byId = new Map(organizations.map((organization) => [organization.id, organization]));
    await this.compare(
      written.flatMap(({ pending, item }) => {
        const found = byId.get(item.id);
        return found ? [{ pending, item, found }] : [];
      }),
    );
  }

  async compare(
    written: readonly { pending: Pending; item: OrganizationWrite; found: ListedOrganization }[],
  ): Promise<void> {
    const { ports, subdomain } = this.#owner;
    const dropped = new Set(
      written.flatMap(({ item, found }) => storedOtherwise(ports.definitions, item.fields, found.fields)),
    );
    for (const key of dropped)
      await ports.incidents.note({
        cause: `dropped-field:${key}`,
        says: `Zendesk did not store the value of organization field ${key} as it was sent. Was the field changed or deleted in Zendesk?`,
        subdomain,
      });
  }
}
