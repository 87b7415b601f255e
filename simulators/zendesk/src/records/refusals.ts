import type { Switches } from "../world/switches.ts";

/**
 * The vendor's "no": status and body as they go out. Thrown, because a rule deep inside a record refuses the whole call;
 * caught in two places only, the request pipeline and the items of a job.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(typeof body === "string" ? body : JSON.stringify(body));
    this.name = "Refusal";
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

// Zendesk answers errors in four envelopes that have nothing in common; seen side by side in the live probes published by
// CloudSecurityAlliance/csa-zendesk (analysis/API-SURFACE.md section 5.5, 2026-08-30).

/** Envelope `{error, description}`: recorded for deleted organizations in blakmatrix/node-zendesk test/fixtures. */
export function recordNotFound(): Refusal {
  return new Refusal(404, { error: "RecordNotFound", description: "Not found" });
}

export function invalidEndpoint(): Refusal {
  return new Refusal(404, { error: "InvalidEndpoint", description: "Not found" });
}

/** Envelope `{error: {title, message}}` for a role, plan or feature that is missing. */
export function forbidden(
  message = "You do not have access to this page. Please contact the account owner of this help desk for further help.",
): Refusal {
  return new Refusal(403, { error: { title: "Forbidden", message } });
}

/** The same envelope for a value of the wrong type; text as in facetoe/zenpy issue 571. */
export function invalidAttribute(attribute: string, expectation: string, action: string): Refusal {
  const message = `You passed an invalid value for the ${attribute} attribute. Invalid parameter: ${attribute} must be ${expectation} from api/v2/${action}`;
  return new Refusal(400, { error: { title: "Invalid attribute", message } });
}

/** Envelope `{errors: [{code, title, detail}]}`. */
export function errorList(status: number, code: string, title: string, detail?: string): Refusal {
  return new Refusal(status, { errors: [detail === undefined ? { code, title } : { code, title, detail }] });
}

export function badRequest(error: string, description: string): Refusal {
  return new Refusal(400, { error, description });
}

export function tooManyValues(parameter: string, limit: number): Refusal {
  return badRequest("TooManyValues", `Parameter ${parameter} accepts no more than ${limit} values`);
}

/** Bare `{error}` for callers that cannot be recognised (csa-zendesk section 5.1). */
export function notAuthenticated(): Refusal {
  return new Refusal(401, { error: "Couldn't authenticate you" });
}

export type ProblemCode = "DuplicateValue" | "BlankValue" | "InvalidValue" | "InvalidFormat" | "TooLong";

export interface Problem {
  field: string;
  code: ProblemCode;
  value?: string;
}

export type Details = Record<string, { description: string; error: ProblemCode }[]>;

/** 422 `RecordInvalid`; form recorded in zendesk/zendesk_api_client_rb (user identities) and its issue 457 (organizations). */
export function recordInvalid(problems: readonly Problem[], language: Switches["language"]): Refusal {
  const details: Details = {};
  for (const problem of problems) {
    const entry = { description: describe(problem, language), error: problem.code };
    (details[problem.field] ??= []).push(entry);
  }
  return new Refusal(422, { error: "RecordInvalid", description: recordErrors[language], details });
}

const recordErrors = {
  en: "Record validation errors",
  de: "Fehler bei der Datensatzüberprüfung",
  fr: "Erreurs de validation d’enregistrement",
} as const;

// Descriptions are in the caller's language, the codes are not: a client that reads the text breaks elsewhere.
const sentences: Record<Switches["language"], Record<ProblemCode, (value: string) => string>> = {
  en: {
    DuplicateValue: (value) => `${value} has already been taken`,
    BlankValue: () => "cannot be blank",
    InvalidValue: () => "is invalid",
    InvalidFormat: () => "is not properly formatted",
    TooLong: () => "is too long",
  },
  de: {
    DuplicateValue: (value) => `${value} wird bereits verwendet`,
    BlankValue: () => "darf nicht leer sein",
    InvalidValue: () => "ist ungültig",
    InvalidFormat: () => "ist nicht richtig formatiert",
    TooLong: () => "ist zu lang",
  },
  fr: {
    DuplicateValue: (value) => `${value} est déjà utilisé`,
    BlankValue: () => "ne peut pas être vide",
    InvalidValue: () => "n’est pas valide",
    InvalidFormat: () => "n’est pas au bon format",
    TooLong: () => "est trop long",
  },
};

function describe(problem: Problem, language: Switches["language"]): string {
  const label = problem.field.charAt(0).toUpperCase() + problem.field.slice(1).replaceAll("_", " ");
  const value = problem.value ?? "";
  const used = problem.code === "DuplicateValue" && (problem.field === "email" || problem.field === "value");
  // Addresses have a sentence of their own: "is already being used by another user" (recorded, see above).
  if (used && language === "en") return `${label}: ${value} is already being used by another user`;
  return `${label}: ${sentences[language][problem.code](value)}`;
}

/** The flat text that a job puts into a failed item's `details`, e.g. `Description: cannot be blank`. */
export function problemText(refusal: Refusal): string {
  const { body } = refusal;
  if (typeof body !== "object" || body === null) return String(body);
  if ("details" in body) {
    const details = body.details as Details;
    return Object.values(details)
      .flat()
      .map((entry) => entry.description)
      .join(", ");
  }
  return "description" in body ? String(body.description) : refusal.message;
}
