/**
 * Requests a minute by plan, and what else a plan decides.
 * https://developer.zendesk.com/api-reference/introduction/rate-limits/
 * Custom objects and their lookup fields: https://developer.zendesk.com/api-reference/custom-data/introduction/
 * Several organizations per user are not on Team plans: https://support.zendesk.com/hc/en-us/articles/4408838140314
 */
export const plans = {
  team: { requestsPerMinute: 200, exportsPerMinute: 10, severalOrganizations: false, customObjects: 3, lookups: 5 },
  growth: { requestsPerMinute: 400, exportsPerMinute: 10, severalOrganizations: true, customObjects: 5, lookups: 5 },
  professional: {
    requestsPerMinute: 400,
    exportsPerMinute: 10,
    severalOrganizations: true,
    customObjects: 30,
    lookups: 10,
  },
  enterprise: {
    requestsPerMinute: 700,
    exportsPerMinute: 10,
    severalOrganizations: true,
    customObjects: 50,
    lookups: 10,
  },
  "enterprise-plus": {
    requestsPerMinute: 2500,
    exportsPerMinute: 30,
    severalOrganizations: true,
    customObjects: 50,
    lookups: 10,
  },
  // Support without Suite: no custom objects below Enterprise.
  "support-team": {
    requestsPerMinute: 200,
    exportsPerMinute: 10,
    severalOrganizations: false,
    customObjects: 0,
    lookups: 0,
  },
  "support-professional": {
    requestsPerMinute: 400,
    exportsPerMinute: 10,
    severalOrganizations: true,
    customObjects: 0,
    lookups: 0,
  },
  "support-enterprise": {
    requestsPerMinute: 700,
    exportsPerMinute: 10,
    severalOrganizations: true,
    customObjects: 30,
    lookups: 10,
  },
  /** No plan of Zendesk: for measuring what a client can do when nobody stops it. */
  unlimited: {
    requestsPerMinute: Number.POSITIVE_INFINITY,
    exportsPerMinute: Number.POSITIVE_INFINITY,
    severalOrganizations: true,
    customObjects: 50,
    lookups: 10,
  },
} as const;

export type Plan = keyof typeof plans;

export function isPlan(name: string): name is Plan {
  return Object.hasOwn(plans, name);
}
