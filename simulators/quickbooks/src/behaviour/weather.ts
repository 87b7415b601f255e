import { z } from "zod";
import type { Randomness } from "../randomness.ts";

/** Latency in milliseconds: half of the calls take less than `p50`, one in twenty more than `p95`. */
const latency = z.object({ p50Ms: z.number().min(0), p95Ms: z.number().min(0) });

/** What goes wrong with which probability, and how slow it is. All by chance, all repeatable under a seed. */
export const weatherSchema = z
  .object({
    latency,
    /** The line is cut before the call took effect. */
    cutBefore: z.number().min(0).max(1),
    /** The line is cut after the call took effect. */
    cutAfter: z.number().min(0).max(1),
    gatewayPage: z.number().min(0).max(1),
    unavailable: z.number().min(0).max(1),
    systemFault: z.number().min(0).max(1),
    systemFaultAfterEffect: z.number().min(0).max(1),
    throttled: z.number().min(0).max(1),
    /** Of API calls: 401 though the token is alive. */
    unauthorized: z.number().min(0).max(1),
    /** Of refreshes: 503. */
    tokenEndpointDown: z.number().min(0).max(1),
    webhooksLost: z.number().min(0).max(1),
    webhooksDoubled: z.number().min(0).max(1),
    webhookDelayMs: z.number().min(0),
    neighboursPerMinute: z.number().int().min(0),
  })
  .strict();

export type Weather = z.infer<typeof weatherSchema>;

const calm: Weather = {
  latency: { p50Ms: 0, p95Ms: 0 },
  cutBefore: 0,
  cutAfter: 0,
  gatewayPage: 0,
  unavailable: 0,
  systemFault: 0,
  systemFaultAfterEffect: 0,
  throttled: 0,
  unauthorized: 0,
  tokenEndpointDown: 0,
  webhooksLost: 0,
  webhooksDoubled: 0,
  webhookDelayMs: 0,
  neighboursPerMinute: 0,
};

export const weatherNames = [
  "calm",
  "busy-hour",
  "month-end",
  "flaky-network",
  "throttled",
  "token-trouble",
  "webhooks-lost",
  "vendor-outage",
] as const;
export type WeatherName = (typeof weatherNames)[number];

/** Calm has no latency of its own; the others are guesses at a bad day, not recordings. */
export const namedWeather: Readonly<Record<WeatherName, Weather>> = {
  calm,
  "busy-hour": {
    ...calm,
    latency: { p50Ms: 250, p95Ms: 1200 },
    systemFault: 0.002,
    webhookDelayMs: 5000,
    neighboursPerMinute: 150,
  },
  "month-end": {
    ...calm,
    latency: { p50Ms: 600, p95Ms: 4000 },
    systemFault: 0.01,
    throttled: 0.02,
    webhookDelayMs: 60_000,
    webhooksDoubled: 0.02,
    neighboursPerMinute: 300,
  },
  "flaky-network": {
    ...calm,
    latency: { p50Ms: 80, p95Ms: 900 },
    cutBefore: 0.03,
    cutAfter: 0.03,
    gatewayPage: 0.02,
    systemFaultAfterEffect: 0.01,
    webhooksDoubled: 0.05,
  },
  throttled: { ...calm, throttled: 0.3, neighboursPerMinute: 450 },
  "token-trouble": { ...calm, unauthorized: 0.05, tokenEndpointDown: 0.3 },
  "webhooks-lost": { ...calm, webhooksLost: 0.3, webhooksDoubled: 0.1 },
  "vendor-outage": { ...calm, unavailable: 1, webhooksLost: 1, tokenEndpointDown: 1 },
};

/** What happens to one call. */
export type Fate =
  | "serve"
  | "cut-before"
  | "cut-after"
  | "gateway-page"
  | "unavailable"
  | "system-fault"
  | "system-fault-after"
  | "throttled"
  | "unauthorized";

export function fateOf(weather: Weather, kind: "api" | "token" | "other", randomness: Randomness): Fate {
  if (kind === "other") return "serve";
  const draws: [number, Fate][] =
    kind === "token"
      ? [
          [weather.tokenEndpointDown, "unavailable"],
          [weather.cutBefore, "cut-before"],
          [weather.cutAfter, "cut-after"],
        ]
      : [
          [weather.unavailable, "unavailable"],
          [weather.throttled, "throttled"],
          [weather.unauthorized, "unauthorized"],
          [weather.cutBefore, "cut-before"],
          [weather.cutAfter, "cut-after"],
          [weather.gatewayPage, "gateway-page"],
          [weather.systemFault, "system-fault"],
          [weather.systemFaultAfterEffect, "system-fault-after"],
        ];
  for (const [probability, fate] of draws) {
    if (probability > 0 && randomness.fraction() < probability) return fate;
  }
  return "serve";
}

/** Log-normal: most calls near the median, a long tail. 1.645 is the 95th percentile of the normal distribution. */
export function delayMs({ latency: { p50Ms, p95Ms } }: Weather, randomness: Randomness): number {
  if (p50Ms === 0) return 0;
  const sigma = Math.log(Math.max(1, p95Ms / p50Ms)) / 1.645;
  const uniform = Math.max(1e-9, randomness.fraction());
  const normal = Math.sqrt(-2 * Math.log(uniform)) * Math.cos(2 * Math.PI * randomness.fraction());
  return p50Ms * Math.exp(sigma * normal);
}
