import { OperatorError, type Subdomain } from "../../domain/index.ts";

/** Where an account's API and OAuth pages are. */
export interface ZendeskHosts {
  /** Without a trailing slash. */
  root(subdomain: Subdomain): string;
  /** The Host header by which a stand-in tells accounts apart; undefined = what the URL says. */
  hostHeader(subdomain: Subdomain): string | undefined;
}

/** `baseUrl` stands in for `https://{subdomain}.zendesk.com`, as the simulator does. Plain http is for this machine only. */
export function zendeskHosts(baseUrl?: string): ZendeskHosts {
  if (baseUrl === undefined)
    return { root: (subdomain) => `https://${subdomain}.zendesk.com`, hostHeader: () => undefined };
  if (!URL.canParse(baseUrl)) throw new OperatorError(`The Zendesk base URL is not a URL: ${baseUrl}`);
  const url = new URL(baseUrl);
  const local = url.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url.protocol !== "https:" && !local)
    throw new OperatorError(`The Zendesk base URL must start with https:// unless it is on this machine: ${baseUrl}`);
  const root = url.href.replace(/\/+$/, "");
  return {
    root: () => root,
    hostHeader: (subdomain) => (local ? `${subdomain}.localhost${url.port === "" ? "" : `:${url.port}`}` : undefined),
  };
}
