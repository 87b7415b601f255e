import type {
  Candidate,
  Disposition,
  FieldValues,
  LocalDate,
  MappingFault,
  Organization,
  OrganizationId,
  PartyKey,
  UserId,
} from "../../../domain/index.ts";
import type { Link } from "../../links/ports.ts";

/** What every decision says of the parties it speaks for: their state at rest, once it is carried out. */
export interface Standing {
  party: PartyKey;
  disposition: Disposition;
}

/** A party with those that roll up into it. */
export interface FamilyKeys {
  top: PartyKey;
  others: PartyKey[];
}

/** Facts about a card that are stored with it when its decision is carried out. */
export interface CardFacts {
  nextFlipOn: LocalDate | undefined;
  /** Its parties trade in several currencies. */
  mixedCurrency: boolean;
  /** Rows of the mapping that gave no value for this card. */
  faults: MappingFault[];
  /** Users without an organization who become members. */
  members: UserId[];
}

/** What one pass concludes. Every kind names all parties it settles, the rolled-up ones included. */
export type Decision =
  | {
      kind: "create";
      first: PartyKey;
      name: string;
      nameKey: string;
      externalId: string;
      fields: FieldValues;
      links: Omit<Link, "organizationId">[];
      families: FamilyKeys[];
      facts: CardFacts;
    }
  | {
      kind: "update";
      organization: Organization;
      /** Present when the name that we own has to change. */
      name: { value: string; key: string } | undefined;
      changed: FieldValues;
      before: FieldValues;
      links: Link[];
      families: FamilyKeys[];
      facts: CardFacts;
      /** Parties that leave this card with the same write. */
      unlinked: PartyKey[];
    }
  | {
      kind: "unchanged";
      organizationId: OrganizationId;
      links: Link[];
      families: FamilyKeys[];
      facts: CardFacts;
      unlinked: PartyKey[];
    }
  /** Zendesk has the organization no more: its parties wait for a person. */
  | {
      kind: "gone";
      organizationId: OrganizationId;
      families: FamilyKeys[];
      unlinked: PartyKey[];
      /** The organization that it was merged into, where another card has that one. */
      candidates: Candidate[];
    }
  /** The card lost its last party: our fields are cleared and the links end. */
  | {
      kind: "clear";
      organization: Organization;
      changed: FieldValues;
      before: FieldValues;
      unlinked: PartyKey[];
      /** Those of them that QuickBooks has merged into others. */
      merged: { party: PartyKey; into: PartyKey | undefined }[];
    }
  /** Nothing is written: the parties wait, are ignored, rolled up, or out of scope. */
  | { kind: "rest"; standings: Standing[] };
