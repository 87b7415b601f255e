import type { Exchange } from "./fixtures.ts";

type Row = Record<string, unknown>;

const owner: Row = { id: 1, name: "Owner", role: "admin", email: "owner@conformance.example" };

/** An account file in which the recorded answer would be right: what it shows exists, what it creates does not. */
export function worldFor({ method, path, query, request, status, response }: Exchange): Row {
  const world: Record<string, Row[]> = {
    organizations: [],
    users: [owner],
    organization_fields: [],
    user_fields: [],
    organization_memberships: [],
    user_identities: [],
  };
  if (status === 404) return world;
  const body = (response ?? {}) as Row;
  if (method !== "POST") addShown(world, body);
  if (method === "DELETE") for (const user of world.users ?? []) user.active = true;
  addAddressed(world, path);
  for (const id of (new URLSearchParams(query).get("ids") ?? "").split(",").filter((one) => one !== ""))
    add(world, "organizations", { id: Number(id), name: `Organization ${id}` });
  const batch = (request as Row | null)?.organizations;
  if (method === "PUT" && Array.isArray(batch)) {
    for (const one of batch as Row[]) add(world, "organizations", { name: `Organization ${String(one.id)}`, ...one });
  }
  addMentioned(world, request as Row | null);
  if (status === 422) {
    const value = ((request as Row | null)?.identity as Row | undefined)?.value;
    add(world, "users", { id: 2, name: "Holder", email: value });
  }
  addReferenced(world);
  return world;
}

/** What an answer shows: one record or a list of them. */
function addShown(world: Record<string, Row[]>, body: Row): void {
  for (const list of Object.keys(world)) {
    const single = list.replace(/s$/, "");
    if (Array.isArray(body[list])) for (const row of body[list] as Row[]) add(world, list, row);
    const one = body[single];
    if (typeof one === "object" && one !== null) add(world, list, one as Row);
  }
}

/** What the path names by id. */
function addAddressed(world: Record<string, Row[]>, path: string): void {
  for (const [, list = "", id] of path.matchAll(
    /\/(organizations|users|organization_fields|user_fields|organization_memberships)\/(\d+)/g,
  )) {
    const row: Row = { id: Number(id), name: `Record ${id}`, key: `key_${id}`, title: "T" };
    if (list === "organization_memberships") Object.assign(row, { user_id: 3, organization_id: 4 });
    add(world, list, row);
  }
}

/** What a new membership or identity points at. */
function addMentioned(world: Record<string, Row[]>, request: Row | null): void {
  const membership = request?.organization_membership as Row | undefined;
  if (membership) {
    add(world, "users", { id: membership.user_id, name: "Member" });
    add(world, "organizations", { id: membership.organization_id, name: "Organization" });
  }
}

function addReferenced(world: Record<string, Row[]>): void {
  for (const membership of world.organization_memberships ?? []) {
    add(world, "users", { id: membership.user_id, name: "Member" });
    add(world, "organizations", {
      id: membership.organization_id,
      name: `Organization ${String(membership.organization_id)}`,
    });
  }
  for (const user of world.users ?? []) {
    if (typeof user.organization_id === "number")
      add(world, "organizations", { id: user.organization_id, name: "Home" });
  }
}

function add(world: Record<string, Row[]>, list: string, row: Row): void {
  const rows = world[list];
  if (rows && !rows.some((one) => one.id === row.id)) rows.push(row);
}
