// The account file as the Zendesk simulator loads it: entities as the list calls return them. Only what the sample writes.

export interface SampleOrganization {
  id: number;
  name: string;
  external_id: string | null;
  domain_names: string[];
  details: string | null;
  notes: string | null;
  tags: string[];
  organization_fields: Record<string, string | number | boolean | null>;
  created_at: string;
  updated_at: string;
}

export interface SampleUser {
  id: number;
  name: string;
  email: string;
  role: "end-user" | "agent" | "admin";
  organization_id: number | null;
  verified: boolean;
  created_at: string;
  updated_at: string;
}

export interface SampleMembership {
  id: number;
  user_id: number;
  organization_id: number;
  default: boolean;
}

export interface SampleField {
  id: number;
  key: string;
  type: string;
  title: string;
  active: boolean;
  position?: number;
  custom_field_options?: { id: number; name: string; value: string }[];
}

export interface SampleTicket {
  id: number;
  subject: string;
  description: string;
  status: "new" | "open" | "pending" | "solved";
  requester_id: number;
  organization_id: number | null;
  created_at: string;
}

export interface AccountFile {
  organization_fields: SampleField[];
  organizations: SampleOrganization[];
  users: SampleUser[];
  organization_memberships: SampleMembership[];
  tickets: SampleTicket[];
}
