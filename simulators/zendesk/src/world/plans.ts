/**
 * Requests a minute by plan, and what else a plan decides.
 * https://developer.zendesk.com/api-reference/introduction/rate-limits/
 * Several organizations per user are not on Team plans: https://support.zendesk.com/hc/en-us/articles/4408838140314
 */
export const plans = {
  team: { requestsPerMinute: 200, exportsPerMinute: 10, severalOrganizations: false },
  growth: { requestsPerMinute: 400, exportsPerMinute: 10, severalOrganizations: true },
  professional: { requestsPerMinute: 400, exportsPerMinute: 10, severalOrganizations: true },
  enterprise: { requestsPerMinute: 700, exportsPerMinute: 10, severalOrganizations: true },
  "enterprise-plus": { requestsPerMinute: 2500, exportsPerMinute: 30, severalOrganizations: true },
  /** No plan of Zendesk: for measuring what a client can do when nobody stops it. */
  unlimited: {
    requestsPerMinute: Number.POSITIVE_INFINITY,
    exportsPerMinute: Number.POSITIVE_INFINITY,
    severalOrganizations: true,
  },
} as const;

export type Plan = keyof typeof plans;

export function isPlan(name: string): name is Plan {
  return Object.hasOwn(plans, name);
}
