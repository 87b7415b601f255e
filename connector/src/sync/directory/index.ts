// The directory: our local index of one account's organizations and of its users' addresses -> organization.
// Not a copy of Zendesk: of an organization it keeps name, keys, domains and our own fields; of a user only id, role, place and addresses.
// Loaded and kept true by intake (load, events) and by reconcile (results of our own writes); read by links and reconcile.
export type { MergeSource } from "./follow-merges.ts";
export { winnerOf } from "./follow-merges.ts";
export { loadDirectory } from "./load-directory.ts";
export type {
  DirectoryLoad,
  DirectoryReader,
  DirectorySource,
  DirectoryStore,
  ListedOrganization,
  ListedUser,
  OrganizationPatch,
  UserExportPage,
  UserExportPlace,
} from "./ports.ts";
