import type { Client } from "./account-clients.ts";
import type { AccountFile, SampleField, SampleOrganization, SampleUser } from "./account-file.ts";
import { personOf, slug } from "./company-words.ts";
import type { Random } from "./random.ts";

// Zendesk's ids have 14 digits and share one sequence (recordings of a live account of 2023-10).
const firstId = 19_856_122_000_000;
const createdAt = "2024-03-04T16:20:00Z";

/** The organization fields that the account's own people made long ago, and the one that binds an adopted organization to us. */
const accountFields: readonly Omit<SampleField, "id">[] = [
  { key: "account_owner", type: "text", title: "Account owner", active: true },
  {
    key: "region",
    type: "dropdown",
    title: "Region",
    active: true,
    custom_field_options: ["North", "South", "West"].map((name, index) => ({
      id: firstId + 9e5 + index,
      name,
      value: `region_${name.toLowerCase()}`,
    })),
  },
  { key: "contract_until", type: "date", title: "Contract until", active: true },
  { key: "health_score", type: "integer", title: "Health score", active: true },
  // Behind the fields that come beside it: new ones get 9999 from Zendesk.
  { key: "qbo_key", type: "text", title: "QuickBooks key", active: true, position: 10_000 },
];

export interface AccountDraft {
  file: AccountFile;
  addOrganization(organization: Partial<SampleOrganization> & { name: string }): SampleOrganization;
  addUser(user: {
    email: string;
    name?: string;
    organization?: SampleOrganization | undefined;
    role?: SampleUser["role"];
  }): SampleUser;
  /** People of a client who are not its billing desk: their addresses stand nowhere in QuickBooks. */
  addColleagues(client: Client, organization: SampleOrganization, count: number): void;
}

export function draftAccount(random: Random): AccountDraft {
  let lastId = firstId;
  const nextId = () => (lastId += random.between(1, 9) * 128);
  const file: AccountFile = {
    organization_fields: [],
    organizations: [],
    users: [],
    organization_memberships: [],
    tickets: [],
  };
  for (const field of accountFields) file.organization_fields.push({ id: nextId(), ...field });
  const addressesTaken = new Set<string>();
  const stamps = { created_at: createdAt, updated_at: createdAt };

  const addUser: AccountDraft["addUser"] = ({ email, name, organization, role = "end-user" }) => {
    addressesTaken.add(email);
    const { given, family } = personOf(random);
    const user: SampleUser = {
      id: nextId(),
      name: name ?? `${given} ${family}`,
      email,
      role,
      verified: true,
      ...stamps,
      organization_id: organization?.id ?? null,
    };
    file.users.push(user);
    if (organization) {
      const membership = { id: nextId(), user_id: user.id, organization_id: organization.id, default: true };
      file.organization_memberships.push(membership);
    }
    return user;
  };
  return {
    file,
    addUser,
    addOrganization(given) {
      const human = humanData(random, file.organizations.length);
      const organization: SampleOrganization = { id: nextId(), ...human, ...stamps, ...given };
      file.organizations.push(organization);
      return organization;
    },
    addColleagues(client, organization, count) {
      for (let added = 0; added < count; added += 1) {
        const { given, family } = personOf(random);
        const domain = client.domain ?? `${slug(client.name)}.example`;
        const email = `${slug(given)}.${slug(family)}@${domain}`;
        if (!addressesTaken.has(email)) addUser({ email, name: `${given} ${family}`, organization });
      }
    },
  };
}

const noteTexts = [
  "Prefers a call before noon. Ask for the workshop, not the shop.",
  "Renewal talks in March.\nDo not offer the spring discount again.",
  "Escalate to the account owner at once.",
  "Old contract (paper). Scans are in the shared drive.",
] as const;
const detailTexts = ["Two branches, one shared inbox.", "Closed on Mondays.", "Speaks Danish and English."] as const;

/** What people wrote into their organizations over the years; never ours to touch. */
function humanData(
  random: Random,
  position: number,
): Omit<SampleOrganization, "id" | "name" | "created_at" | "updated_at"> {
  const fields: SampleOrganization["organization_fields"] = {};
  if (random.chance(0.4)) fields["account_owner"] = `${personOf(random).given} (sales)`;
  const region = random.chance(0.35) ? random.pick(["region_north", "region_south", "region_west"]) : undefined;
  if (region !== undefined) fields["region"] = region;
  if (random.chance(0.2)) fields["contract_until"] = `2027-0${random.between(1, 9)}-15`;
  if (random.chance(0.2)) fields["health_score"] = random.between(1, 100);
  const tags = [...(random.chance(0.3) ? ["newsletter"] : []), ...(random.chance(0.15) ? ["priority_client"] : [])];
  return {
    external_id: random.chance(0.35) ? `CRM-${10_400 + position}` : null,
    domain_names: [],
    details: random.chance(0.25) ? random.pick(detailTexts) : null,
    notes: random.chance(0.4) ? random.pick(noteTexts) : null,
    tags: region === undefined ? tags : [...tags, region],
    organization_fields: fields,
  };
}
