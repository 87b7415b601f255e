// How each environment variable is read. A complaint never repeats the value of a secret.
import path from "node:path";
import { z } from "zod";
import { MalformedId, parseLocalDate } from "../domain/index.ts";
import { Secret } from "./secret.ts";

/** A key of the ring that seals tokens: its id and 32 bytes. */
export interface NamedKey {
  kid: string;
  key: Secret<Uint8Array>;
}

const secret = z.string().transform((text) => new Secret(text));

/** It travels as a header of every request. */
const headerText = z.string().regex(/^[\x20-\x7e]{1,200}$/, "must be plain letters, digits and signs, at most 200");

const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/./, "must be a PostgreSQL URL: postgresql://user:password@host:5432/database")
  .transform((text) => new Secret(text));

/** Its password travels with it, so it is a secret as a whole. */
const smtpUrl = z
  .string()
  .refine(
    (text) => /^smtps?:\/\//.test(text) && URL.canParse(text),
    "must be a URL: smtps://user:password@mail.example.com:465",
  )
  .transform((text) => new Secret(text));

const keyBytes = 32;
const namedKey = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]{43}=?)$/;

/** `new:...,old:...`: the first seals, all open. */
export const keyRing = z.string().transform((text, context): NamedKey[] => {
  const keys = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.startsWith("#"))
    .map((part) => namedKey.exec(part));
  const complaint =
    keys.length === 0
      ? "names no key"
      : keys.includes(null)
        ? `must be keys of the form id:base64url of ${keyBytes} bytes, separated by commas (make one: openssl rand -base64 32 | tr '+/' '-_' | tr -d =)`
        : new Set(keys.map((found) => found?.[1])).size < keys.length
          ? "names one key id twice"
          : undefined;
  if (complaint !== undefined) {
    context.addIssue(complaint);
    return z.NEVER;
  }
  return keys.map((found) => ({ kid: found?.[1] ?? "", key: new Secret(Buffer.from(found?.[2] ?? "", "base64url")) }));
});

/** Hosts that only this machine answers. */
export function isLocal(url: string): boolean {
  const { hostname } = new URL(url);
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === "[::1]" || /(^|\.)localhost$/.test(hostname);
}

/** Plain http only on this machine: tokens travel here. No credentials, query or fragment in it. Without a trailing slash. */
const origin = z.string().transform((text, context): string => {
  const complaint = (says: string): never => {
    context.addIssue(says);
    return z.NEVER;
  };
  if (!URL.canParse(text)) return complaint("must be a URL such as https://connector.example.com");
  const url = new URL(text);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal(text))) {
    return complaint("must start with https:// (plain http only on this machine)");
  }
  if (url.username || url.password || url.search || url.hash)
    return complaint("must hold no user name, query or fragment");
  return url.href.replace(/\/+$/, "");
});

/** What stands in for `{subdomain}` while the URL is checked. */
const placeholder = "subdomain-goes-here";
const zendeskOrigin = z
  .string()
  .transform((text) => text.replaceAll("{subdomain}", placeholder))
  .pipe(origin)
  .transform((text) => text.replaceAll(placeholder, "{subdomain}"));

const localDate = z.string().transform((text, context) => {
  try {
    return parseLocalDate(text);
  } catch (error) {
    if (!(error instanceof MalformedId)) throw error;
    context.addIssue("must be a day: YYYY-MM-DD");
    return z.NEVER;
  }
});

/** Every name that we read, and how. A name that is absent here is unknown. */
export const values = {
  DATABASE_URL: databaseUrl,
  DATABASE_OWNER_URL: databaseUrl,
  ML_CONNECTOR_DATA: z.string().refine((text) => path.isAbsolute(text), "must be an absolute path"),
  ML_CONNECTOR_HOST: z.string().regex(/^[A-Za-z0-9.:-]+$/, "must be an address or a host name"),
  ML_CONNECTOR_PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "must be a number from 0 to 65535")
    .transform(Number),
  ML_CONNECTOR_PUBLIC_URL: origin,
  ML_CONNECTOR_KEYS: keyRing,
  ML_CONNECTOR_JOURNAL_DAYS: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 30, "must be a number of days, 30 or more")
    .transform(Number),
  ML_CONNECTOR_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
  ML_CONNECTOR_TODAY: localDate,
  ML_CONNECTOR_SMTP_URL: smtpUrl,
  ML_CONNECTOR_MAIL_FROM: z.string().regex(/^[^\r\n]{1,200}$/, "must be an address, or a name and an address in <>"),
  ML_CONNECTOR_ALERT_TARGETS: z.enum(["public", "any"]),
  QUICKBOOKS_CLIENT_ID: z.string(),
  QUICKBOOKS_CLIENT_SECRET: secret,
  QUICKBOOKS_MONTHLY_READS: z
    .string()
    .refine((text) => /^[1-9]\d{0,11}$/.test(text), "must be a whole number")
    .transform(Number),
  QUICKBOOKS_ENVIRONMENT: z.enum(["production", "sandbox"]),
  QUICKBOOKS_WEBHOOK_VERIFIER: z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .refine((parts) => parts.length > 0, "names no verifier token")
    .transform((parts) => parts.map((part) => new Secret(part))),
  QUICKBOOKS_BASE_URL: origin,
  QUICKBOOKS_LIMITS: z.enum(["vendor", "none"]),
  ZENDESK_CLIENT_ID: z.string(),
  ZENDESK_CLIENT_SECRET: secret,
  ZENDESK_MARKETPLACE_NAME: headerText,
  ZENDESK_MARKETPLACE_ORGANIZATION_ID: headerText,
  ZENDESK_MARKETPLACE_APP_ID: headerText,
  ZENDESK_BASE_URL: zendeskOrigin,
  ZENDESK_API_TOKEN_EMAIL: z.string().regex(/^[^\s@/]+@[^\s@]+$/, "must be an e-mail address, without /token"),
  ZENDESK_API_TOKEN: secret,
};

export type ValueName = keyof typeof values;
export type Values = { [Name in ValueName]?: z.output<(typeof values)[Name]> };
