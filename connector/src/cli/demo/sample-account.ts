import { clientsOf } from "./account-clients.ts";
import { type AccountDraft, draftAccount } from "./account-draft.ts";
import type { AccountFile } from "./account-file.ts";
import {
  addDoubtful,
  addKeyed,
  addKnownByMail,
  addKnownByName,
  type ClientStack,
  hasDesk,
  stackOf,
} from "./account-known.ts";
import { sharedMailboxes } from "./company-clients.ts";
import type { CompanyFile } from "./company-file.ts";
import { personOf } from "./company-words.ts";
import { type Random, seededRandom } from "./random.ts";

/** The realm that the QuickBooks simulator gives a company unless told otherwise. */
const defaultRealm = "9341453000000001";
const sizes = { organizations: 120, users: 300, agents: 10 } as const;

/**
 * A Zendesk account that already knows a good part of the company's clients, by mail and by name, and a good part that it
 * must not confuse with them: 120 organizations, 300 users, human notes, foreign ids, agents, one container.
 */
export function sampleAccount(seed: number, company: CompanyFile, realm: string = defaultRealm): AccountFile {
  const random = seededRandom(seed ^ 0x5eed);
  const draft = draftAccount(random);
  const list = clientsOf(company);
  const clients = stackOf(random, list.plain);
  addDoubtful(draft, list, clients);
  addKeyed(draft, realm, list, clients);
  addKnownByMail(draft, random, clients);
  addKnownByName(draft, random, clients);
  addBookkeepers(draft);
  addStaff(draft, clients);
  addLooseUsers(draft, clients);
  addStrangers(draft, random);
  addTickets(draft, random);
  return draft.file;
}

/** The accountants' offices behind the mailboxes that several unrelated clients share: no evidence for any of them. */
function addBookkeepers(draft: AccountDraft): void {
  for (const email of sharedMailboxes) {
    const name = email.split("@")[1]?.split(".")[0]?.replaceAll("-", " ") ?? email;
    draft.addUser({ email, organization: draft.addOrganization({ name: `${name} accountants` }) });
  }
}

/** Our own people. Three of them use an address that stands on a client: an agent's address proves nothing. */
function addStaff(draft: AccountDraft, clients: ClientStack): void {
  const house = draft.addOrganization({
    name: "Larkspur Wholesale (house)",
    domain_names: ["larkspur-wholesale.example"],
  });
  for (let made = 0; made < sizes.agents; made += 1) {
    const role = made < 2 ? "admin" : "agent";
    const email = made < 3 ? `team${made + 1}@larkspur-wholesale.example` : `agent${made}@larkspur-wholesale.example`;
    draft.addUser({ email, role, organization: made % 2 === 0 ? house : undefined });
  }
  for (let made = 0; made < 3; made += 1) {
    draft.addUser({
      email: clients.take(hasDesk).addresses[0] ?? "",
      role: "agent",
      organization: made === 0 ? house : undefined,
    });
  }
}

/** People of clients that no organization has yet: they become members of what the connector creates. */
function addLooseUsers(draft: AccountDraft, clients: ClientStack): void {
  for (let made = 0; made < 18; made += 1) {
    const client = clients.take((one) => one.addresses.length === 1);
    draft.addUser({ email: client.addresses[0] ?? "" });
  }
  for (let made = 0; made < 3; made += 1) {
    const client = clients.take((one) => one.memberAddresses.length > 0);
    draft.addUser({ email: client.memberAddresses[0] ?? "" });
  }
}

/** Organizations and users that have nothing to do with the books. */
function addStrangers(draft: AccountDraft, random: Random): void {
  const kinds = ["Foundation", "Partner Network", "School District", "Reseller", "Press Club", "Institute"] as const;
  const { organizations, users } = draft.file;
  while (organizations.length < sizes.organizations) {
    const name = `${personOf(random).family} ${random.pick(kinds)} ${organizations.length}`;
    draft.addOrganization({ name, details: "Never bought anything." });
  }
  const strangers = organizations.slice(-20);
  while (users.length < sizes.users) {
    const { given, family } = personOf(random);
    const email = `${given}.${family}.${users.length}@visitor-mail.example`
      .normalize("NFD")
      .replaceAll(/[^\w.@-]/g, "");
    draft.addUser({
      email: email.toLowerCase(),
      organization: random.chance(0.6) ? random.pick(strangers) : undefined,
    });
  }
}

const subjects = [
  "Delivery is late",
  "Wrong cabinet doors",
  "Copy of an invoice, please",
  "Change of address",
  "LED panel flickers",
];

function addTickets(draft: AccountDraft, random: Random): void {
  const { organizations, users, tickets } = draft.file;
  const askers = users.filter((user) => user.role === "end-user");
  const known = askers.filter(
    (user) => user.organization_id !== null && organizations.some((one) => one.id === user.organization_id),
  );
  for (let id = 1; id <= 40; id += 1) {
    const requester = random.pick(id % 4 === 0 ? askers : known);
    tickets.push({
      id,
      subject: random.pick(subjects),
      description: "Could you please look into this?",
      status: random.pick(["new", "open", "pending", "solved"] as const),
      requester_id: requester.id,
      organization_id: requester.organization_id,
      created_at: "2026-10-05T09:00:00Z",
    });
  }
}
