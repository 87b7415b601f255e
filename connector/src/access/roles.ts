import type { ConnectionId } from "../domain/index.ts";

/** Each role may do what the ones before it may. */
const order = ["viewer", "operator", "admin"] as const;
export type Role = (typeof order)[number];

/** A role on one connection, or (undefined) on every one, those to come included. */
export interface Grant {
  role: Role;
  connectionId: ConnectionId | undefined;
}

export function includesRole(held: Role | undefined, wanted: Role): boolean {
  return held !== undefined && order.indexOf(held) >= order.indexOf(wanted);
}

/** The highest role on this connection; undefined: none, and the caller is not to learn that it exists. */
export function roleOn(grants: readonly Grant[], connectionId: ConnectionId): Role | undefined {
  return highest(grants.filter((grant) => grant.connectionId === undefined || grant.connectionId === connectionId));
}

/** The role that holds for the whole deployment: for what belongs to no connection, or makes new ones. */
export function roleOnDeployment(grants: readonly Grant[]): Role | undefined {
  return highest(grants.filter(({ connectionId }) => connectionId === undefined));
}

/** Those of the connections that the caller may look at. */
export function visibleOf<Thing extends { id: ConnectionId }>(
  grants: readonly Grant[],
  all: readonly Thing[],
): Thing[] {
  return all.filter(({ id }) => roleOn(grants, id) !== undefined);
}

function highest(grants: readonly Grant[]): Role | undefined {
  return grants
    .map(({ role }) => role)
    .sort((one, other) => order.indexOf(other) - order.indexOf(one))
    .at(0);
}
