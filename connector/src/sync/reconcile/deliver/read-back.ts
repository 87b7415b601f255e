import type { FieldValues, OrganizationId, Subdomain } from "../../../domain/index.ts";
import type { IncidentStore } from "../../../oversight/incidents/index.ts";
import { changedFields, type OwnedField } from "../../../rules/mapping/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { OrganizationWrite, OrganizationWriter } from "../ports.ts";
import type { Pending } from "../settle/pending.ts";

/** After the first job, one in this many is read back: job results carry no values, and Zendesk drops what it does not know in silence. */
const oneJobIn = 20;

/** The keys among those sent that Zendesk stored as something else. */
export function storedOtherwise(owned: readonly OwnedField[], sent: FieldValues, found: FieldValues): string[] {
  return changedFields(
    owned.filter(({ key }) => Object.hasOwn(sent, key)),
    sent,
    found,
  );
}

export interface ReadBackPorts {
  writers: Record<"live" | "bulk", Pick<OrganizationWriter, "showByIds">>;
  incidents: Pick<IncidentStore, "note">;
}

/** Looks whether Zendesk stored what we sent. A difference is an incident, never a reason to write again by itself. */
export class ReadBack {
  readonly #ports: ReadBackPorts;
  readonly #subdomain: Subdomain;
  #jobs = 0;

  constructor(ports: ReadBackPorts, subdomain: Subdomain) {
    this.#ports = ports;
    this.#subdomain = subdomain;
  }

  async afterJob(
    written: readonly { pending: Pending; item: OrganizationWrite & { id: OrganizationId } }[],
  ): Promise<void> {
    if (written.length === 0 || this.#jobs++ % oneJobIn !== 0) return;
    const organizations = await this.#ports.writers.bulk.showByIds(
      this.#subdomain,
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
    const dropped = new Set(
      written.flatMap(({ pending, item, found }) =>
        storedOtherwise(pending.connection.mapping.owned, item.fields, found.fields),
      ),
    );
    for (const key of dropped)
      await this.#ports.incidents.note({
        cause: `dropped-field:${key}`,
        says: `Zendesk did not store the value of organization field ${key} as it was sent. Was the field changed or deleted in Zendesk?`,
        subdomain: this.#subdomain,
      });
  }
}
