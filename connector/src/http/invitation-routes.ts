import type { FastifyInstance, FastifyReply } from "fastify";
import { acceptInvitation, hashOf, type InvitationStore, type Operator } from "../access/index.ts";
import { escapeText, sendPage } from "./page.ts";

/** Under which an invitation's secret stands. */
export const invitationPath = "/welcome/";
const mostBytes = 16 * 1024;

/**
 * Where somebody who was invited chooses a password. A form without scripts; only its sending uses the link up, so that a mail program that
 * looks at addresses beforehand spoils nothing. A link that is used, too old or made up is answered in one way.
 */
export function invitationRoutes(app: FastifyInstance, { invitations }: { invitations: InvitationStore }): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: mostBytes },
    (_request, body, parsed) => parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.get<{ Params: { secret: string } }>(`${invitationPath}:secret`, async ({ params }, reply) => {
    const found = await invitations.find(hashOf(params.secret));
    return found ? form(reply, found.operator, undefined) : closed(reply);
  });
  app.post<{ Params: { secret: string }; Body: Record<string, string> }>(
    `${invitationPath}:secret`,
    async ({ params: { secret }, body }, reply) => {
      const found = await invitations.find(hashOf(secret));
      if (!found) return closed(reply);
      const { password = "", again = "", email, name } = body;
      if (password !== again) return form(reply, found.operator, "The two passwords differ.");
      const outcome = await acceptInvitation({ secret, password, email, name }, invitations);
      switch (outcome.kind) {
        case "closed":
          return closed(reply);
        case "unusable":
          return form(reply, found.operator, outcome.says);
        case "accepted":
          return sendPage(reply, {
            status: 200,
            title: "Your password is set",
            body: "<p>You can sign in to ml-connector now, and close this page.</p>",
          });
      }
    },
  );
}

function closed(reply: FastifyReply): FastifyReply {
  return sendPage(reply, {
    status: 404,
    title: "This link is no longer good",
    body: "<p>It was used, has expired, or another one took its place. Ask for a new one; for the first operator, start the service again.</p>",
  });
}

function form(reply: FastifyReply, operator: Operator | undefined, problem: string | undefined): FastifyReply {
  const who = operator
    ? `<p>Welcome, ${escapeText(operator.name)}. You sign in as <strong>${escapeText(operator.email)}</strong>.</p>`
    : `<p>You become the first operator, and administer every connection.</p>${field("Your e-mail address", "email", "email", "username")}${field("Your name, as the journal shows it", "name", "text", "name")}`;
  return sendPage(reply, {
    status: problem === undefined ? 200 : 400,
    title: "Choose your password",
    mayPost: true,
    body:
      (problem === undefined ? "" : `<p class="problem" role="alert">${escapeText(problem)}</p>`) +
      `<form method="post" autocomplete="on">${who}${field("Password, at least 12 characters", "password", "password", "new-password")}` +
      `${field("The same again", "again", "password", "new-password")}<button>Set the password</button></form>`,
  });
}

function field(label: string, name: string, type: string, autocomplete: string): string {
  return `<label>${escapeText(label)}<input name="${name}" type="${type}" autocomplete="${autocomplete}" required></label>`;
}
