import type { Client, ClientList } from "./account-clients.ts";
import type { AccountDraft } from "./account-draft.ts";
import type { Random } from "./random.ts";

/** Takes clients off the plain list, each once. */
export interface ClientStack {
  take(test: (client: Client) => boolean): Client;
}

export function stackOf(random: Random, clients: readonly Client[]): ClientStack {
  const left = random.shuffled(clients);
  return {
    take(test) {
      const index = left.findIndex(test);
      const [client] = index === -1 ? [] : left.splice(index, 1);
      if (client === undefined) throw new Error("the sample company has too few clients of this kind");
      return client;
    },
  };
}

export const hasDesk = (client: Client) => client.domain !== undefined && client.addresses.length === 1;
const hasNoAddress = (client: Client) => client.addresses.length === 0 && client.memberAddresses.length === 0;
const isVendor = (client: Client) => client.key.startsWith("vendor:");

/** Organizations whose users write from a client's billing address. */
export function addKnownByMail(draft: AccountDraft, random: Random, clients: ClientStack): void {
  for (let made = 0; made < 52; made += 1) {
    const byMember = made < 5;
    const bySecond = made >= 5 && made < 8;
    const client = clients.take((one) => {
      if (byMember) return hasDesk(one) && one.memberAddresses.length > 0;
      if (bySecond) return one.addresses.length === 2;
      return hasDesk(one) && isVendor(one) === made >= 44;
    });
    const email = byMember ? client.memberAddresses[0] : client.addresses.at(-1);
    if (email === undefined) continue;
    const organization = draft.addOrganization({
      name: mailName(random, client, made),
      domain_names: random.chance(0.4) && client.domain !== undefined ? [client.domain] : [],
    });
    draft.addUser({ email, organization });
    draft.addColleagues(client, organization, random.between(0, 2));
    // A colleague at another of the client's addresses who was never put into the organization.
    if (made >= 5 && made < 8) draft.addUser({ email: client.addresses[0] ?? email });
  }
}

/** Support calls a client by another name than the books do, as often as not. */
function mailName(random: Random, client: Client, position: number): string {
  if (position % 3 === 0) return `${client.name.split(" ")[0]} headquarters`;
  return random.chance(0.5) ? client.name : client.name.toUpperCase();
}

/** Organizations that only their name ties to a client: other case, accents, punctuation, the legal form left out. */
export function addKnownByName(draft: AccountDraft, random: Random, clients: ClientStack): void {
  for (let made = 0; made < 26; made += 1) {
    const accented = (one: Client) => /\p{M}/u.test(one.name.normalize("NFD")) && one.name.split(" ").length === 2;
    const client = clients.take((one) => {
      if (made < 2) return accented(one);
      return made < 14 ? hasNoAddress(one) && !isPerson(one) : hasDesk(one) && isVendor(one) === made > 22;
    });
    const organization = draft.addOrganization({ name: spelledDifferently(client.name, made) });
    if (client.domain !== undefined) draft.addColleagues(client, organization, random.between(0, 2));
  }
}

const isPerson = (client: Client) => client.company === undefined && !/\b(inc|llc|ltd|gmbh)\b/i.test(client.name);

function spelledDifferently(name: string, position: number): string {
  const withoutForm = name.replace(/ (Inc\.|LLC|Ltd|GmbH)$/, "");
  const spellings = [
    withoutForm.normalize("NFD").replaceAll(/\p{M}/gu, ""),
    withoutForm.toUpperCase(),
    withoutForm.replace(" ", ", "),
    name.toLowerCase().replaceAll(" ", "  "),
    withoutForm === name ? `${name}, LLC` : withoutForm,
  ];
  return spellings[position % spellings.length] ?? name;
}

/** Joined by hand before the connector came: the operator wrote our keys into the field that binds adopted organizations. */
export function addKeyed(draft: AccountDraft, realm: string, list: ClientList, clients: ClientStack): void {
  const keyed = (name: string, parties: Client[]) => {
    const qbo_key = parties.map((party) => `qbo:${realm}:${party.key}`).join(" ");
    const organization = draft.addOrganization({ name, organization_fields: { qbo_key } });
    for (const party of parties) draft.addColleagues(party, organization, 1);
  };
  for (const [one, other] of list.twins.slice(0, 3)) keyed(`${one.name} (all currencies)`, [one, other]);
  for (const [customer, vendor] of list.alsoVendor.slice(0, 3)) keyed(`${customer.company} Group`, [customer, vendor]);
  const single = clients.take((one) => hasDesk(one));
  keyed(`${single.name.split(" ")[0]} (key account)`, [single]);
}

/** What no rule may decide alone. Each of these parks its parties until a person answers. */
export function addDoubtful(draft: AccountDraft, list: ClientList, clients: ClientStack): void {
  // A container: many clients' people in one organization.
  const vip = draft.addOrganization({
    name: "VIP",
    notes: "Everyone who gets the fast lane.",
    external_id: "segment-vip",
  });
  for (let made = 0; made < 5; made += 1) {
    const client = clients.take(hasDesk);
    draft.addUser({ email: client.addresses[0] ?? "", organization: vip });
    draft.addColleagues(client, vip, 3);
  }
  // One client whose two desks sit in two organizations.
  const split = clients.take((one) => one.addresses.length === 2);
  for (const [index, email] of split.addresses.entries()) {
    draft.addUser({ email, organization: draft.addOrganization({ name: `${split.name} (team ${index + 1})` }) });
  }
  // Two organizations of one name, but for punctuation.
  const doubled = clients.take((one) => hasNoAddress(one) && one.name.split(" ").length === 2);
  draft.addOrganization({ name: doubled.name });
  draft.addOrganization({ name: doubled.name.replace(" ", " - ") });
  // Two customers of ours that claim one organization: by name, and by mail.
  for (const [one] of list.accentTwins.slice(0, 1)) draft.addOrganization({ name: one.name });
  const pair = list.twins.find((twins, index) => index >= 3 && twins[0].addresses[0] !== twins[1].addresses[0]);
  if (pair) {
    const organization = draft.addOrganization({ name: `${pair[0].name.split(" ")[0]} worldwide` });
    for (const client of pair) draft.addUser({ email: client.addresses[0] ?? "", organization });
  }
  // The same name under another legal form, and a name whose mail says it is somebody else.
  const formed = clients.take((one) => hasDesk(one) && one.name.endsWith(" GmbH"));
  draft.addOrganization({ name: formed.name.replace(/ GmbH$/, " Ltd") });
  const elsewhere = clients.take((one) => hasDesk(one) && !/ (Inc\.|LLC|Ltd|GmbH)$/.test(one.name));
  draft.addOrganization({
    name: elsewhere.name,
    domain_names: [`${elsewhere.name.split(" ")[0]?.toLowerCase()}-of-elsewhere.example`],
  });
}
