import { type FieldValues, type OrganizationId, RemoteFailure, type Subdomain } from "../../../domain/index.ts";
import type { IncidentStore } from "../../../oversight/incidents/index.ts";
import { changedFields, type OwnedField } from "../../../rules/mapping/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { FormOfValue, OrganizationWrite, OrganizationWriter, WrittenValues } from "../ports.ts";
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

/** How often a job is read back: the first of a connection under this mapping, and one in twenty after it. Restores always are. */
function isReadBack(jobsBefore: number): boolean {
  return jobsBefore % oneJobIn === 0;
}

export interface WrittenItem {
  pending: Pending;
  item: OrganizationWrite;
}

export interface ReadBackPorts {
  writers: Record<"live" | "bulk", Pick<OrganizationWriter, "showByIds">>;
  values: Pick<WrittenValues, "formsToBeKnown" | "noteForms">;
  incidents: Pick<IncidentStore, "note">;
  /** Something was dropped: the fields are looked at again. */
  recheckFields(): Promise<void>;
}

/** Looks whether Zendesk stored what we sent. A difference is an incident, never a reason to write again by itself. */
export class ReadBack {
  readonly #ports: ReadBackPorts;
  readonly #subdomain: Subdomain;
  /** Jobs of each connection under its mapping version. */
  readonly #jobs = new Map<string, number>();

  constructor(ports: ReadBackPorts, subdomain: Subdomain) {
    this.#ports = ports;
    this.#subdomain = subdomain;
  }

  async afterJob(written: readonly (WrittenItem & { item: { id: OrganizationId } })[]): Promise<void> {
    const [first] = written;
    if (!first) return;
    const { connection } = first.pending;
    const mapping = `${connection.id} ${connection.mappingVersion}`;
    const jobs = this.#jobs.get(mapping) ?? 0;
    this.#jobs.set(mapping, jobs + 1);
    const looked = isReadBack(jobs)
      ? written
      : written.filter(({ pending }) => (pending.upkeep?.restored.length ?? 0) > 0);
    if (looked.length === 0) return;
    const organizations = await this.#read(looked.map(({ item }) => item.id));
    // The next job is looked at in its place: what this one did is known, and waits for nothing.
    if (!organizations) {
      this.#jobs.set(mapping, jobs);
      return;
    }
    const byId = new Map(organizations.map((organization) => [organization.id, organization]));
    await this.compare(
      looked.flatMap(({ pending, item }) => {
        const found = byId.get(item.id);
        return found ? [{ pending, item, found }] : [];
      }),
    );
  }

  async #read(ids: readonly OrganizationId[]): Promise<ListedOrganization[] | undefined> {
    try {
      return await this.#ports.writers.bulk.showByIds(this.#subdomain, ids);
    } catch (fault) {
      if (fault instanceof RemoteFailure) return undefined;
      throw fault;
    }
  }

  /** What Zendesk kept as it was before is dropped; what it stored in another form, twice the same way, counts as that value from then on. */
  async compare(written: readonly (WrittenItem & { found: ListedOrganization })[]): Promise<void> {
    const dropped = new Set<string>();
    const altered: FormOfValue[] = [];
    for (const { pending, item, found } of written) {
      const before = pending.decision.kind === "update" ? pending.decision.before : {};
      for (const key of storedOtherwise(pending.connection.mapping.owned, item.fields, found.fields)) {
        const stored = found.fields[key] ?? null;
        // What we write once more comes back as it did the first time.
        const isAgain = pending.upkeep?.restored.includes(key) ?? false;
        if (!isAgain && (stored === null || stored === (before[key] ?? null))) dropped.add(key);
        else altered.push({ field: key, sent: item.fields[key] ?? null, stored });
      }
    }
    for (const key of dropped)
      await this.#ports.incidents.note({
        cause: `dropped-field:${key}`,
        says: `Zendesk did not store the value of organization field ${key} as it was sent. Was the field changed or deleted in Zendesk?`,
        subdomain: this.#subdomain,
      });
    if (dropped.size > 0) await this.#ports.recheckFields();
    // Told first, remembered then: whoever dies in between tells once more. Two lanes that see a form for the first time side by side
    // make it known together, so what is known only now is told as well.
    const told = await this.#ports.values.formsToBeKnown(this.#subdomain, altered);
    await this.#tellOfForms(told);
    const known = await this.#ports.values.noteForms(this.#subdomain, altered);
    await this.#tellOfForms(known.filter((field) => !told.includes(field)));
  }

  async #tellOfForms(fields: readonly string[]): Promise<void> {
    for (const key of fields)
      await this.#ports.incidents.note({
        cause: `altered-field:${key}`,
        says: `Zendesk stores a value of organization field ${key} in a form of its own, twice the same way. That form counts as the value from now on: it is not written again.`,
        subdomain: this.#subdomain,
      });
  }
}
