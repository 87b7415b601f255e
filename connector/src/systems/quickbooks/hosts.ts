import { OperatorError } from "../../domain/index.ts";

/** Intuit's hosts: see developer.intuit.com, discovery documents of both environments. No trailing slashes. */
export interface QuickbooksHosts {
  api: string;
  authorize: string;
  token: string;
  revoke: string;
  /** Where Intuit says which of these it uses now; ours are the fallback. */
  discovery: string;
  /** Where a person opens a customer in QuickBooks. */
  app: string;
}

const authorize = "https://appcenter.intuit.com/connect/oauth2";
const token = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer";

const revoke = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke";
const wellKnown = "https://developer.api.intuit.com/.well-known";

const intuitHosts: Record<"production" | "sandbox", QuickbooksHosts> = {
  production: {
    api: "https://quickbooks.api.intuit.com",
    authorize,
    token,
    revoke,
    discovery: `${wellKnown}/openid_configuration`,
    app: "https://qbo.intuit.com",
  },
  sandbox: {
    api: "https://sandbox-quickbooks.api.intuit.com",
    authorize,
    token,
    revoke,
    discovery: `${wellKnown}/openid_sandbox_configuration`,
    app: "https://sandbox.qbo.intuit.com",
  },
};

/** `baseUrl` stands in for all of Intuit's API and OAuth hosts, as the simulator does. Plain http is for this machine only. */
export function quickbooksHosts(environment: "production" | "sandbox", baseUrl?: string): QuickbooksHosts {
  const hosts = intuitHosts[environment];
  if (baseUrl === undefined) return hosts;
  if (!URL.canParse(baseUrl)) throw new OperatorError(`The QuickBooks base URL is not a URL: ${baseUrl}`);
  const url = new URL(baseUrl);
  if (url.protocol !== "https:" && !isLoopback(url))
    throw new OperatorError(
      `The QuickBooks base URL must start with https:// unless it is on this machine: ${baseUrl}`,
    );
  const root = url.href.replace(/\/+$/, "");
  return {
    api: root,
    authorize: `${root}/connect/oauth2`,
    token: `${root}/oauth2/v1/tokens/bearer`,
    revoke: `${root}/v2/oauth2/tokens/revoke`,
    discovery: `${root}/.well-known/openid_configuration`,
    app: hosts.app,
  };
}

function isLoopback(url: URL): boolean {
  return url.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
}
