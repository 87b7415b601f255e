import { type FieldKey, fieldOptions, fieldTypes } from "./card-fields.ts";
import { company, fields, foreign, organizations, realm, today } from "./hand-worked.ts";

type Loose = Record<string, unknown>;

const organization = (id: number, name: string, more: Loose = {}): Loose => ({
  id,
  name,
  external_id: null,
  details: null,
  notes: null,
  group_id: null,
  domain_names: [],
  tags: [],
  organization_fields: {},
  ...more,
});

function before(): Loose[] {
  return [
    organization(organizations.acme, "ACME TOOLS", {
      external_id: "CRM-1",
      notes: "Call first.",
      tags: ["newsletter"],
    }),
    organization(organizations.bolt, "Bolt worldwide", {
      organization_fields: { region: "region_west" },
      tags: ["region_west"],
      domain_names: ["bolt.example"],
    }),
    organization(organizations.supply, "Supply"),
    organization(foreign.untouched, "Somebody Else", { details: "Never bought." }),
    organization(foreign.first, "Desk one"),
    organization(foreign.second, "Desk two"),
    organization(foreign.claimed, "CLAIM"),
    organization(foreign.house, "Our own house"),
  ];
}

const user = (id: number, email: string, organizationId: number | null, role = "end-user"): Loose => ({
  id,
  name: `User ${id}`,
  email,
  role,
  active: true,
  organization_id: organizationId,
});

function users(loose: number | null): Loose[] {
  return [
    user(900, "billing@acme.example", loose),
    user(901, "stranger@visitor.example", null),
    user(902, "a@desks.example", foreign.first),
    user(903, "b@desks.example", foreign.second),
    user(904, "agent@house.example", foreign.house, "agent"),
    user(905, "clerk@acme.example", organizations.acme),
  ];
}

const membership = (userId: number, organizationId: number) => ({
  id: userId,
  user_id: userId,
  organization_id: organizationId,
});
const definition = ([key, type]: [string, string]) => ({
  key,
  type,
  title: `QuickBooks ${key}`,
  active: true,
  custom_field_options: (fieldOptions[key as FieldKey] ?? []).map((value) => ({ name: value, value })),
});

/** Option values double as tags of the organization. */
function withFields(record: Loose, card: keyof typeof fields): Loose {
  const values = fields[card];
  const tags = new Set<unknown>(Object.values(fieldOptions).flat());
  const mirrored = Object.values(values).filter((value) => tags.has(value));
  return {
    ...record,
    organization_fields: { ...(record["organization_fields"] as Loose), ...values },
    tags: [...(record["tags"] as string[]), ...mirrored],
  };
}

export interface Situation {
  company: Record<string, Loose[]>;
  account: { organizations: Loose[]; users: Loose[]; organization_memberships: Loose[]; organization_fields: Loose[] };
  accountBefore: { organizations: Loose[]; users: Loose[]; organization_memberships: Loose[] };
  connector: Loose & { parties: Loose[] };
}

const made = (card: keyof typeof fields, name: string, party: string) =>
  withFields(organization(organizations[card], name, { external_id: `qbo:${realm}:${party}` }), card);
const linked = (key: string, card: keyof typeof organizations, origin: string) => ({
  key,
  disposition: "linked",
  organizationId: organizations[card],
  origin,
});
const parked = (id: number, reason: string, candidates: number[]) => ({
  key: `customer:${id}`,
  disposition: "parked",
  reason,
  candidates,
});

/** The whole of it: company, account before and now, and what the connector says. Everything is right. */
export function situation(): Situation {
  const memberships = [membership(902, foreign.first), membership(903, foreign.second), membership(904, foreign.house)];
  const adopted = (["acme", "bolt", "supply"] as const).map((card) =>
    withFields(before().find((one) => one["id"] === organizations[card]) ?? {}, card),
  );
  return {
    company: company(),
    accountBefore: {
      organizations: before(),
      users: users(null),
      organization_memberships: [...memberships, membership(905, organizations.acme)],
    },
    account: {
      organizations: [
        ...adopted,
        ...before().slice(3),
        made("edge", "Edge Works", "customer:8"),
        made("twin", "Twin Co", "customer:9"),
        made("twinSuffixed", "TWIN CO (customer)", "customer:10"),
        made("lone", "Lone Vendor", "vendor:2"),
      ],
      users: users(organizations.acme),
      organization_memberships: [
        ...memberships,
        membership(905, organizations.acme),
        membership(900, organizations.acme),
      ],
      organization_fields: Object.entries(fieldTypes).map(definition),
    },
    connector: {
      realm,
      today,
      appUrl: "https://qbo.intuit.com",
      zone: "America/Los_Angeles",
      settings: { scope: "default", families: "roll-up", tolerance: "1.00", graceDays: 0, members: true },
      answers: [{ party: "customer:14", kind: "ignore" }],
      parties: [
        linked("customer:1", "acme", "adopted"),
        { key: "customer:2", disposition: "rolled-up", into: "customer:1" },
        { key: "customer:3", disposition: "rolled-up", into: "customer:1" },
        linked("customer:4", "bolt", "adopted"),
        linked("customer:5", "bolt", "adopted"),
        linked("customer:6", "supply", "adopted"),
        linked("vendor:1", "supply", "adopted"),
        { key: "customer:7", disposition: "out-of-scope" },
        linked("customer:8", "edge", "created"),
        linked("customer:9", "twin", "created"),
        linked("customer:10", "twinSuffixed", "created"),
        linked("vendor:2", "lone", "created"),
        parked(11, "several-organizations", [foreign.first, foreign.second]),
        parked(12, "several-parties", [foreign.claimed]),
        parked(13, "several-parties", [foreign.claimed]),
        { key: "customer:14", disposition: "ignored" },
      ],
    },
  };
}
