// Operators and keys in memory, for the tests of the commands. Only tests import this.
import type { AccessPorts, ApiKey, Operator } from "../../access/index.ts";
import { sampleNow } from "./sample-world.ts";

export function sampleAccess(): AccessPorts {
  const operators: Operator[] = [
    {
      id: 1,
      email: "ada@example.com",
      name: "Ada",
      grants: [{ role: "admin", connectionId: undefined }],
      hasPassword: true,
      disabledAt: undefined,
      createdAt: sampleNow,
    },
  ];
  const apiKeys: ApiKey[] = [];
  const change = async (id: number, more: Partial<Operator>): Promise<boolean> => {
    const operator = operators.find((each) => each.id === id);
    if (operator) Object.assign(operator, more);
    return operators.some(
      ({ disabledAt, grants }) =>
        !disabledAt && grants.some(({ role, connectionId }) => role === "admin" && connectionId === undefined),
    );
  };
  return {
    operators: {
      list: () => Promise.resolve(operators),
      byId: (id) => Promise.resolve(operators.find((operator) => operator.id === id)),
      toSignIn: () => Promise.resolve(undefined),
      passwordHash: () => Promise.resolve(undefined),
      async add({ email, name, grants }) {
        if (operators.some((operator) => operator.email === email)) return undefined;
        const id = operators.length + 1;
        const more = { hasPassword: false, disabledAt: undefined, createdAt: sampleNow };
        operators.push({ id, email, name, grants: [...grants], ...more });
        return id;
      },
      saveGrants: (id, grants) => change(id, { grants: [...grants] }),
      savePassword: () => Promise.resolve(),
      disable: (id) => change(id, { disabledAt: sampleNow }),
      enable: async (id) => void (await change(id, { disabledAt: undefined })),
    },
    apiKeys: {
      list: () => Promise.resolve(apiKeys),
      async add(_, { connections, ...key }) {
        const made = { madeAt: sampleNow, usedAt: undefined, revokedAt: undefined };
        apiKeys.push({ place: undefined, ...key, connections: connections && [...connections], id: 1, ...made });
        return apiKeys.at(-1) as ApiKey; // pushed just now
      },
      find: () => Promise.resolve(undefined),
      revoke: () => Promise.resolve(false),
    },
    accessJournal: {
      search: () =>
        Promise.resolve([
          {
            id: 12,
            at: sampleNow,
            action: "roles-changed",
            who: "ann",
            of: "operator 2",
            before: { may: "viewer on connection 1" },
            after: { may: "admin on every connection" },
          },
        ]),
    },
    invitations: { add: () => Promise.resolve() },
    unknownConnections: (ids) => Promise.resolve(ids.filter((id) => id > 1)),
    invitationUrl: (secret) => `https://connector.example.com/welcome/${secret}`,
    randomBytes: (size) => new Uint8Array(size),
    now: () => sampleNow,
  };
}
