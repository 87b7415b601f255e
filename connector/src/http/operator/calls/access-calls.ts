import type { SessionView } from "@ml-connector/contract";
import {
  type AccessPorts,
  addOperator,
  type Caller,
  changeOperator,
  csrfTokenOf,
  type Grant,
  hashOf,
  hashPassword,
  inviteAgain,
  isPassword,
  makeApiKey,
  type Operator,
  passwordProblem,
  revokeApiKey,
  type SessionStore,
  type SignInPorts,
  signIn,
} from "../../../access/index.ts";
import { parseConnectionId } from "../../../domain/index.ts";
import type { Erasure } from "../../../oversight/erasure/index.ts";
import { accessRow, apiKeyView, erasureView, grantViews, operatorView } from "../../../views/index.ts";
import type { Calls } from "../call.ts";
import { numberOfCursor, pageOf } from "../cursor.ts";
import { Refusal } from "../refusal.ts";

export type AccessCalls = Calls<
  | "signIn"
  | "readSession"
  | "signOut"
  | "changePassword"
  | "listOperators"
  | "inviteOperator"
  | "changeOperator"
  | "inviteAgain"
  | "erasePerson"
  | "listApiKeys"
  | "createApiKey"
  | "revokeApiKey"
  | "searchAccess"
>;

export interface AccessCallPorts extends AccessPorts, Pick<SignInPorts, "failures"> {
  sessions: SessionStore;
  erase(texts: readonly string[], who: string): Promise<Erasure>;
  /** One line in the log for each change of who may do what. */
  note(who: string, what: string): void;
}

export function accessCalls(ports: AccessCallPorts): AccessCalls {
  return {
    async signIn({ body, address, keepSession }) {
      const outcome = await signIn({ ...body, address }, ports);
      switch (outcome.kind) {
        case "signed-in":
          keepSession(outcome.session);
          return sessionView(callerOf(outcome.operator), outcome.session);
        case "wait":
          throw new Refusal(429, "too-many-requests", "Too many sign-ins have failed.", {
            whatToDo: "Wait, then try again.",
            retryAfterMs: outcome.waitMs,
          });
        case "refused":
          throw new Refusal(401, "unauthorized", "This e-mail address and password do not belong together.", {
            whatToDo: "Somebody who administers this service can send you a new invitation.",
          });
      }
    },

    async readSession({ caller, session }) {
      return sessionView(caller, session);
    },

    async signOut({ session, keepSession }) {
      if (session !== undefined) await ports.sessions.end(hashOf(session));
      keepSession(undefined);
      return undefined;
    },

    async changePassword({ caller, session, body }) {
      if (caller.kind !== "operator" || session === undefined)
        throw new Refusal(409, "refused", "An API key has no password.");
      const [operator, stored] = await Promise.all([
        ports.operators.byId(caller.id),
        ports.operators.passwordHash(caller.id),
      ]);
      if (!operator || !(await isPassword(stored, body.current)))
        throw new Refusal(409, "refused", "The current password is wrong.");
      const problem = passwordProblem(body.chosen, operator);
      if (problem !== undefined) throw new Refusal(409, "refused", problem);
      await ports.operators.savePassword(caller.id, await hashPassword(body.chosen), hashOf(session));
      return undefined;
    },

    async searchAccess({ query }) {
      const before = numberOfCursor(query.after);
      const found = await ports.accessJournal.search({ before, limit: query.limit + 1 });
      const { shown, next } = pageOf(found, query.limit, ({ id }) => id);
      return { rows: shown.map(accessRow), next };
    },

    async listOperators() {
      return { operators: (await ports.operators.list()).map(operatorView) };
    },

    async inviteOperator({ caller, body }) {
      const { operator, invitation } = await addOperator(
        { ...body, grants: grantsOf(body.grants) },
        caller.name,
        ports,
      );
      ports.note(caller.name, `added operator ${operator.id}`);
      return { operator: operatorView(operator), invitation };
    },

    async changeOperator({ caller, params, body }) {
      const grants = body.grants && grantsOf(body.grants);
      const operator = await changeOperator(params.operatorId, { grants, disabled: body.disabled }, caller.name, ports);
      ports.note(caller.name, `changed operator ${operator.id}`);
      return { operator: operatorView(operator) };
    },

    async inviteAgain({ caller, params }) {
      const { operator, invitation } = await inviteAgain(params.operatorId, caller.name, ports);
      ports.note(caller.name, `invited operator ${operator.id} again`);
      return { operator: operatorView(operator), invitation };
    },

    async erasePerson({ caller, body }) {
      const erased = erasureView(await ports.erase(body.texts, caller.name));
      ports.note(caller.name, "erased a person");
      return erased;
    },

    async listApiKeys() {
      return { apiKeys: (await ports.apiKeys.list()).map((key) => apiKeyView(key, ports.now())) };
    },

    async createApiKey({ caller, body }) {
      const { name, role } = body;
      const connections = body.connections?.map((id) => parseConnectionId(id));
      const expiresAt = body.expiresAt === null ? undefined : new Date(body.expiresAt);
      const { apiKey, key } = await makeApiKey({ name, role, connections, expiresAt }, caller.name, ports);
      ports.note(caller.name, `made API key ${apiKey.id}`);
      return { apiKey: apiKeyView(apiKey, ports.now()), key };
    },

    async revokeApiKey({ caller, params }) {
      const apiKey = await revokeApiKey(params.apiKeyId, caller.name, ports);
      ports.note(caller.name, `revoked API key ${apiKey.id}`);
      return { apiKey: apiKeyView(apiKey, ports.now()) };
    },
  };
}

function grantsOf(views: readonly { role: Grant["role"]; connectionId: number | null }[]): Grant[] {
  return views.map(({ role, connectionId }) => ({
    role,
    connectionId: connectionId === null ? undefined : parseConnectionId(connectionId),
  }));
}

function callerOf({ id, name, grants }: Operator): Caller {
  return { kind: "operator", id, name, grants };
}

function sessionView({ kind, name, grants }: Caller, session: string | undefined): SessionView {
  return { kind, name, grants: grantViews(grants), csrfToken: session === undefined ? null : csrfTokenOf(session) };
}
