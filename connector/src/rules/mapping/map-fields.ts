import {
  type AgeBucket,
  type FieldValues,
  organizationKey,
  type Party,
  type Profile,
  type Realm,
} from "../../domain/index.ts";
import { joinWhole, plainLine } from "../plain-text.ts";
import { compareByRank } from "../rank.ts";
import { canonical, textLength } from "./canonical.ts";
import { type DefaultKey, defaultFields } from "./default-fields.ts";

const ageOptions: Record<AgeBucket, string> = {
  current: "qbo_age_current",
  "1-30": "qbo_age_1_30",
  "31-60": "qbo_age_31_60",
  "61-90": "qbo_age_61_90",
  "91+": "qbo_age_91_plus",
};

export interface CardToMap {
  /** The linked parties of the card, at least one, in any order. */
  card: { parties: readonly Party[] };
  profile: Profile;
  /** `appUrl`: where people open QuickBooks, `https://qbo.intuit.com` in production. */
  company: { realm: Realm; appUrl: string };
}

/**
 * Every default field of a card, in canonical form. A side without parties is empty; a side with parties but without documents
 * has counts and amounts of 0.
 */
export function mapFields({ card, profile, company }: CardToMap): FieldValues {
  const parties = [...card.parties].sort(compareByRank);
  const [first] = parties;
  if (!first) throw new Error("a card has at least one linked party");
  const { customer, vendor, contact } = profile;
  const values: Record<DefaultKey, unknown> = {
    qbo_status: customer && `qbo_status_${customer.status}`,
    qbo_open_count: customer?.openCount,
    qbo_overdue_count: customer?.overdueCount,
    qbo_open_amount: customer?.open,
    qbo_overdue_amount: customer?.overdue,
    qbo_balance: customer?.balance,
    qbo_currency: profile.currency,
    qbo_overdue_since: customer?.overdueSince,
    qbo_age_bucket: profile.ageBucket && ageOptions[profile.ageBucket],
    qbo_contact: contact.name,
    qbo_email: joinWhole(contact.addresses.map(plainLine), ", ", textLength),
    qbo_phone: contact.phone,
    qbo_address: contact.billingAddress,
    qbo_terms: profile.terms,
    qbo_last_payment_on: customer && profile.lastPayment?.date,
    qbo_last_payment_amount: customer && profile.lastPayment?.amount,
    qbo_relation: relation(parties),
    qbo_vendor_status: vendor && `qbo_vendor_${vendor.status}`,
    qbo_vendor_owed: vendor?.balance,
    qbo_active: profile.active,
    qbo_link: `${company.appUrl.replace(/\/+$/, "")}/app/${first.kind}detail?nameId=${first.id}`,
    qbo_key: joinWhole(
      parties.map((party) => organizationKey(company.realm, party)),
      " ",
      textLength,
    ),
    qbo_changed_on: profile.changedOn,
  };
  // The definitions carry exactly the keys of `values`; their type is widened to plain text for everyone else.
  return Object.fromEntries(defaultFields.map(({ key, type }) => [key, canonical(type, values[key as DefaultKey])]));
}

function relation(parties: readonly Party[]): string {
  const kinds = new Set(parties.map(({ kind }) => kind));
  if (kinds.size > 1) return "qbo_relation_both";
  return kinds.has("vendor") ? "qbo_relation_vendor" : "qbo_relation_customer";
}
