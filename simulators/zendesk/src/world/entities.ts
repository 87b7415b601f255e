// Records as the simulator holds them: the vendor's own keys without `url`, which depends on the host that was asked.
export type FieldValue = string | number | boolean | string[] | null;
export type Role = "end-user" | "agent" | "admin";

export interface Organization {
  id: number;
  name: string;
  shared_tickets: boolean;
  shared_comments: boolean;
  external_id: string | null;
  created_at: string;
  updated_at: string;
  domain_names: string[];
  details: string | null;
  notes: string | null;
  group_id: number | null;
  /** As a person set them; tags of drop-downs and checkboxes are mirrored into the same list. */
  tags: string[];
  /** Only values that are set; unset active fields read as null. */
  organization_fields: Record<string, FieldValue>;
}

export const fieldTypes = [
  "text",
  "textarea",
  "checkbox",
  "date",
  "integer",
  "decimal",
  "regexp",
  "dropdown",
  "lookup",
  "multiselect",
] as const;
export type FieldType = (typeof fieldTypes)[number];

export interface FieldOption {
  id: number;
  name: string;
  raw_name: string;
  value: string;
}

/** A custom field of organizations or of users: both have the same form. */
export interface CustomField {
  id: number;
  type: FieldType;
  key: string;
  title: string;
  description: string;
  raw_title: string;
  raw_description: string;
  position: number;
  active: boolean;
  system: boolean;
  regexp_for_validation: string | null;
  tag: string | null;
  custom_field_options: FieldOption[];
  relationship_target_type: string | null;
  relationship_filter: Record<string, unknown> | null;
  created_at: string;
  updated_at: string;
}

/** A kind of record that an admin made up. */
export interface CustomObject {
  id: number;
  key: string;
  title: string;
  title_pluralized: string;
  description: string;
  created_by_user_id: string;
  updated_by_user_id: string;
  created_at: string;
  updated_at: string;
}

/** A field of one custom object; its key is unique there only. */
export interface ObjectField extends CustomField {
  object_key: string;
}

export interface ObjectRecord {
  /** The place in the order of creation; over the wire a record is known by its ULID. */
  id: number;
  ulid: string;
  name: string;
  external_id: string | null;
  values: Record<string, FieldValue>;
  created_by_user_id: string;
  updated_by_user_id: string;
  created_at: string;
  updated_at: string;
}

export interface User {
  id: number;
  name: string;
  email: string | null;
  created_at: string;
  updated_at: string;
  time_zone: string;
  iana_time_zone: string;
  phone: string | null;
  shared_phone_number: boolean | null;
  photo: Record<string, unknown> | null;
  locale_id: number;
  locale: string;
  organization_id: number | null;
  role: Role;
  verified: boolean;
  external_id: string | null;
  tags: string[];
  alias: string | null;
  active: boolean;
  shared: boolean;
  shared_agent: boolean;
  last_login_at: string | null;
  two_factor_auth_enabled: boolean | null;
  signature: string | null;
  details: string | null;
  notes: string | null;
  role_type: number | null;
  custom_role_id: number | null;
  moderator: boolean;
  ticket_restriction: string | null;
  only_private_comments: boolean;
  restricted_agent: boolean;
  suspended: boolean;
  chat_only: boolean;
  default_group_id: number | null;
  report_csv: boolean;
  user_fields: Record<string, FieldValue>;
}

export interface Identity {
  id: number;
  user_id: number;
  type: string;
  value: string;
  verified: boolean;
  primary: boolean;
  created_at: string;
  updated_at: string;
}

export interface Membership {
  id: number;
  user_id: number;
  organization_id: number;
  default: boolean;
  created_at: string;
  updated_at: string;
}

export interface TicketComment {
  id: number;
  author_id: number;
  body: string;
  public: boolean;
  created_at: string;
}

export interface Ticket {
  id: number;
  external_id: string | null;
  created_at: string;
  updated_at: string;
  type: string | null;
  subject: string | null;
  description: string;
  priority: string | null;
  status: string;
  requester_id: number;
  submitter_id: number;
  assignee_id: number | null;
  organization_id: number | null;
  group_id: number | null;
  tags: string[];
  custom_fields: Record<string, FieldValue>;
  comments: TicketComment[];
}
