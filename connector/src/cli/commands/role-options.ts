import { type Role, roles } from "@ml-connector/contract";
import { Option } from "commander";
import type { Grant } from "../../access/index.ts";
import { type ConnectionId, parseConnectionId } from "../../domain/index.ts";
import { orUsage } from "../arguments.ts";

export interface RoleOptions {
  role: Role;
  connection?: ConnectionId[];
}

export function rolesOption(): Option {
  return new Option(
    "--role <role>",
    "viewer: look; operator: work and answer; admin: connect, and say who may do what",
  ).choices(roles);
}

export function scopeOption(): Option {
  const parse = orUsage(parseConnectionId);
  return new Option("--connection <number...>", "on these connections only").argParser(
    (text: string, before: ConnectionId[] | undefined) => [...(before ?? []), parse(text)],
  );
}

export function grantsOf({ role, connection }: RoleOptions): Grant[] {
  return connection === undefined
    ? [{ role, connectionId: undefined }]
    : connection.map((connectionId) => ({ role, connectionId }));
}

export function scopeWords(connections: readonly number[] | null): string {
  if (connections === null) return "everywhere";
  return `on connection${connections.length === 1 ? "" : "s"} ${connections.join(", ")}`;
}
