import { OperatorError } from "../../domain/index.ts";

/** PostgreSQL refuses to run as root. This is who it runs as instead. */
export interface RunAs {
  uid: number;
  gid: number;
  name: string;
}

/** In this order: one that an operator made for us, the one that distributions use for PostgreSQL, the one that every system has. */
const preferredNames = ["ml-connector", "postgres", "nobody"];

/**
 * Who runs PostgreSQL: undefined = the user of this process. initdb asks for the user's name, so the user needs an entry in the list.
 * Data that is there already decides first: it belongs to somebody, and a `postgres` user that is added later changes nothing.
 */
export function chooseRunAs(facts: {
  uid: number | undefined;
  hasName: boolean;
  dataOwner: number | undefined;
  passwd: string;
}): RunAs | undefined {
  if (facts.uid === undefined) return undefined;
  if (facts.uid !== 0) {
    if (facts.hasName) return undefined;
    throw new OperatorError(
      `The built-in PostgreSQL needs a user with a name, and user id ${facts.uid} has none on this system (no entry in /etc/passwd). Start ml-connector as a named user, or set DATABASE_URL.`,
    );
  }
  const users = parsePasswd(facts.passwd).filter(({ uid }) => uid !== 0);
  if (facts.dataOwner !== undefined) {
    const owner = users.find(({ uid }) => uid === facts.dataOwner);
    if (owner) return owner;
    throw new OperatorError(
      `The data of the built-in PostgreSQL belongs to user id ${facts.dataOwner}, which cannot run it here (root, or no entry in /etc/passwd). Give that user a name, or change the owner of the data folder's "database/data".`,
    );
  }
  for (const name of preferredNames) {
    const user = users.find((candidate) => candidate.name === name);
    if (user) return user;
  }
  throw new OperatorError(
    `PostgreSQL does not run as root, and none of the users ${preferredNames.join(", ")} exists here. Make one ("useradd --system ml-connector"), start ml-connector as an ordinary user, or set DATABASE_URL.`,
  );
}

function parsePasswd(text: string): RunAs[] {
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (!name || !/^\d+$/.test(uid ?? "") || !/^\d+$/.test(gid ?? "")) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
