// What people do in Zendesk meanwhile, and the account as they alone would have left it.
import type { Random } from "../../src/cli/demo/random.ts";
import type { Happening } from "./script.ts";

type Loose = Record<string, unknown>;
type Edit = Extract<Happening, { do: "edit" }>["what"];

interface Organization extends Loose {
  id: number;
  name: string;
  external_id: string | null;
  tags: string[];
  organization_fields: Loose;
}
interface Account extends Loose {
  organizations: Organization[];
  users: { id: number; organization_id: number | null }[];
}

export interface People {
  /** Returns what was done, or undefined where nothing suits. */
  act(what: Edit): Promise<object | undefined>;
  /** The account before the connector came, with what people did since. */
  accountBefore(): unknown;
  /** Cards on which people changed what is ours, or which they deleted: a repair has to see to them. */
  meddledWith(): ReadonlySet<number>;
  /** Of organizations that the connector made: what people wrote there and is not there any more. */
  lostWords(now: unknown): string[];
}

const isOurs = (organization: Organization) => (organization.external_id ?? "").startsWith("qbo:");
const hasCard = (organization: Organization) => typeof organization.organization_fields["qbo_key"] === "string";

export function peopleAtWork(
  random: Random,
  before: unknown,
  control: (method: string, call: string, body?: object) => Promise<never>,
): People {
  const expected = structuredClone(before) as Account; // the simulator's own form
  const meddled = new Set<number>();
  const written = new Map<number, Loose>();

  const update = (id: number, record: Loose) =>
    control("POST", "mutate", { entity: "organization", operation: "update", id, record });

  const acts: Record<Edit, (account: Account) => Promise<object | undefined>> = {
    async "own-text"({ organizations }) {
      const target = random.pick(organizations);
      const mark = `${target.id}-${random.between(1, 1_000_000)}`;
      const record = random.pick([
        { notes: `Noted ${mark}` },
        { details: `Detailed ${mark}` },
        { tags: [...target.tags, `tag-${mark}`] },
      ]) as Loose;
      await update(target.id, record);
      const known = expected.organizations.find(({ id }) => id === target.id);
      if (known) Object.assign(known, record);
      else written.set(target.id, { ...written.get(target.id), ...record });
      return { id: target.id, record };
    },
    async "our-field"({ organizations }) {
      const cards = organizations.filter(hasCard);
      if (cards.length === 0) return undefined;
      const { id } = random.pick(cards);
      const organization_fields = random.pick([
        { qbo_balance: random.between(1, 99_999) },
        { qbo_contact: "Somebody Else" },
        { qbo_status: "qbo_status_paid" },
        { qbo_open_count: null },
      ]);
      meddled.add(id);
      await update(id, { organization_fields });
      return { id, organization_fields };
    },
    async "our-name"({ organizations }) {
      const cards = organizations.filter((one) => hasCard(one) && isOurs(one));
      if (cards.length === 0) return undefined;
      const { id } = random.pick(cards);
      const name = `Renamed by somebody ${id}`;
      meddled.add(id);
      await update(id, { name });
      return { id, name };
    },
    async delete({ organizations, users }) {
      const empty = organizations.filter(
        (one) => hasCard(one) && isOurs(one) && !users.some(({ organization_id: home }) => home === one.id),
      );
      if (empty.length === 0) return undefined;
      const { id } = random.pick(empty);
      meddled.add(id);
      written.delete(id);
      await control("POST", "mutate", { entity: "organization", operation: "delete", id });
      // One that was there before and bore our key already.
      expected.organizations = expected.organizations.filter((one) => one.id !== id);
      return { id };
    },
  };

  return {
    act: async (what) => acts[what](await control("GET", "state")),
    accountBefore: () => expected,
    meddledWith: () => meddled,
    lostWords(now) {
      const { organizations } = now as Account;
      return [...written].flatMap(([id, words]) => {
        const organization = organizations.find((one) => one.id === id);
        if (!organization) return [];
        return Object.entries(words)
          .filter(([key, value]) => !isThere(organization[key], value))
          .map(([key]) => `${key} of ${id}`);
      });
    },
  };
}

/** Of tags those that people set are there, beside those of our drop-downs. */
function isThere(found: unknown, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return found === wanted;
  return (
    Array.isArray(found) && wanted.filter((tag) => !String(tag).startsWith("qbo_")).every((tag) => found.includes(tag))
  );
}
