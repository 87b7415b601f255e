// What a first load must make of the recorded company (Intuit's own sample, 41 customers and 4 vendors) and the account in
// `account.json`: written by hand from docs of the rules, one line a party, with the reason. Nothing here is computed.
// Scope is set to all parties, families roll up, the zone is America/Los_Angeles, members are on.

/** The realm that `account.json` names in its keys. */
export const realm = "9341453000000001";

export type Outcome =
  | { kind: "linked"; organizationId: number; step: "key" | "email" | "name" }
  | { kind: "created"; name: string }
  | { kind: "rolled-up"; into: string }
  | { kind: "parked"; reason: string; candidates: number[] };

const byKey = (organizationId: number): Outcome => ({ kind: "linked", organizationId, step: "key" });
const byMail = (organizationId: number): Outcome => ({ kind: "linked", organizationId, step: "email" });
const byName = (organizationId: number): Outcome => ({ kind: "linked", organizationId, step: "name" });
const created = (name: string): Outcome => ({ kind: "created", name });
const into = (party: string): Outcome => ({ kind: "rolled-up", into: party });
const parked = (reason: string, ...candidates: number[]): Outcome => ({ kind: "parked", reason, candidates });

export const expected: Readonly<Record<string, Outcome>> = {
  // Birds@Intuit.com is a user of 501, in whatever case; that the names differ does not matter.
  "customer:1": byMail(501),
  // Surf@Intuit.com is a user of 502.
  "customer:2": byMail(502),
  // Mail knows nobody; 503 has the name, but its user writes from coolcars-leasing.example, the books say intuit.com.
  "customer:3": parked("domain-contradicts", 503),
  // Diego@Rodriguez.com is no user; 504 has the name but for case and blanks, and neither users nor domains to contradict.
  "customer:4": byName(504),
  // Mail knows nobody; 505 has the name with "LLC", which the books do not say: one side absent.
  "customer:5": byName(505),
  // No address at all; 530 has the name but for case and blanks.
  "customer:6": byName(530),
  // Parent and both jobs have one address: it counts once for the family, and is a user of 506. Mail asks for no name.
  "customer:7": byMail(506),
  // Jobs of Freeman, whatever their addresses and company name.
  "customer:8": into("customer:7"),
  "customer:9": into("customer:7"),
  // Her address is an agent's, which is no evidence; no organization has her name.
  "customer:10": created("Geeta Kalapatapu"),
  // Her user belongs to no organization and says nothing; 511 has the name with "Ltd", which the books do not say.
  "customer:11": byName(511),
  // Mail knows nobody; 512 and 513 both have the name, a full stop apart.
  "customer:12": parked("several-organizations", 512, 513),
  // The users of four unrelated clients (13, 14, 17, 26) sit in 514: more than three make it a container.
  "customer:13": parked("container", 514),
  "customer:14": parked("container", 514),
  // pyescakes@intuit.com and, of another client (25), sushi@intuit.com are both users of 515.
  "customer:15": parked("several-parties", 515),
  "customer:17": parked("container", 514),
  // Mail knows nobody; 516 has the name but carries the key of another company, so it is neither evidence nor free.
  "customer:19": parked("name-taken", 516),
  // Free mail that nobody in Zendesk has; 517 has the name, and free mail cannot contradict its domain.
  "customer:20": byName(517),
  // His user belongs to no organization; 518 says "&" where the books say "and": near, not equal.
  "customer:21": created("Rondonuwu Fruit and Vegi"),
  // Her own address is a user of 509, her sub-customer's one of 510: two organizations for one family.
  "customer:22": parked("several-organizations", 509, 510),
  "customer:23": into("customer:22"),
  // The user of its address sits in 599, where agents are: no evidence; no organization has the name.
  "customer:24": created("Sonnenschein Family Store"),
  "customer:25": parked("several-parties", 515),
  "customer:26": parked("container", 514),
  // Mail knows nobody; 520 has the name but for an accent, and its user writes from intuit.com as the books say.
  "customer:27": byName(520),
  // Her user belongs to no organization; nobody has the name.
  "customer:28": created("Wedding Planning by Whitney"),
  // Consulting@intuit.com is a user of 524, though that is called Cred Technologies: mail beats the name of customer 136.
  "customer:29": byMail(524),
  // Two projects of one name under two clients.
  "customer:58": into("customer:1"),
  "customer:59": into("customer:4"),
  // 522 has the name once "(deleted)" is left out.
  "customer:103": byName(522),
  // 523 has the name but for case and punctuation.
  "customer:131": byName(523),
  // Nobody has these names.
  "customer:133": created("naruto uzumaki"),
  "customer:135": created("New Inactive boi"),
  // 524 has the name and is held by customer 29; as it keeps its name, this one gets the suffix.
  "customer:136": created("Cred Technologies (customer)"),
  "customer:188": created("1047 S Ocean Blvd"),
  "customer:189": created("Ashu Staging"),
  "customer:190": created("12 - Project 1"),
  // 525 names both in its key field: an operator, or an installation whose database was lost, had joined them.
  "customer:233": byKey(525),
  "customer:234": byKey(525),
  // 526 bears the external_id that we give: made by us before.
  "customer:235": byKey(526),
  // No address; 527 has the name.
  "customer:237": byName(527),
  // Four vendors have one address: it says nothing for any of them. 529 has this one's name, and its user's domain agrees.
  "vendor:30": byName(529),
  // So these are made, and not drawn into 529 by the address of its user.
  "vendor:31": created("Books by jessie"),
  "vendor:32": created("Books by lessies"),
  // Vendor 58 is not customer 58.
  "vendor:58": created("samp_merchant"),
};

/** Users who belonged to nobody and have an address of a card: whose card's organization they become members of. */
export const expectedMembers: Readonly<Record<number, string>> = {
  707: "customer:11", // photography@intuit.com, adopted by name
  719: "customer:28", // dream_wedding@intuit.com, created
  723: "customer:21", // tony@rondonuwu.com, created
};

/** Agents and strangers who must be where they were: in 599, or nowhere. */
export const unmovedUsers: readonly number[] = [714, 715, 716, 717, 724];
