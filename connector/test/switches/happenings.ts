// Scripted answers of both simulators, by what a row says happens.
import type { Chosen } from "./factors.ts";
import type { World } from "./world.ts";

const serverError = { status: 500, body: { error: "InternalServerError" } };
const asText = "Number of allowed API requests per minute exceeded\n";

const ofJobs: Record<Chosen["job"], object | undefined> = {
  answered: undefined,
  "500 after commit": { ...serverError, afterEffect: true },
  "cut after commit": { drop: true, afterEffect: true },
  "too many jobs": {
    status: 429,
    body: { error: "TooManyJobs", description: "Too many jobs" },
    headers: { "retry-after": "1" },
  },
};

const ofSingles: Record<Chosen["single"], object | undefined> = {
  answered: undefined,
  "500 after commit": { ...serverError, afterEffect: true },
  "429 as text": { status: 429, body: asText, headers: { "retry-after": "1" } },
  "429 as JSON": { status: 429, body: { error: "APIRateLimitExceeded" }, headers: { "retry-after": "1" } },
};

const ofQueries: Record<Chosen["query"], object | undefined> = {
  answered: undefined,
  "502 as HTML": {
    status: 502,
    body: "<html><h1>502 Bad Gateway</h1></html>",
    headers: { "content-type": "text/html" },
  },
  "401 as XML": {
    status: 401,
    body: '<?xml version="1.0"?><IntuitResponse><Fault type="AUTHENTICATION"><Error code="3200"><Message>message=AuthenticationFailed</Message></Error></Fault></IntuitResponse>',
    headers: { "content-type": "application/xml" },
  },
};

export function playFaults({ quickbooksControl, zendeskControl }: World, chosen: Chosen) {
  const zendesk = async (operation: string, fault: object | undefined) => {
    if (fault) await zendeskControl("POST", "faults", { operation, nth: 1, ...fault });
  };
  const query = async (nth: number) => {
    const fault = ofQueries[chosen.query];
    if (fault) await quickbooksControl("POST", "faults", { operation: "query", nth, ...fault });
  };
  return {
    beforeSweep: () => query(4),
    beforeLoad: () => zendesk("CreateManyOrganizations", ofJobs[chosen.job]),
    async beforeSingles() {
      await zendesk("UpdateOrganization", ofSingles[chosen.single]);
      await zendesk("CreateOrUpdateOrganization", ofSingles[chosen.single]);
    },
    async beforeMany() {
      await query(1);
      await zendesk("UpdateManyOrganizations", ofJobs[chosen.job]);
    },
  };
}
