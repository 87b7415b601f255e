// How alerts leave this machine: mail over SMTP, the others over HTTPS to public addresses only.
import { lookup } from "node:dns";
import { isIP } from "node:net";
import nodemailer from "nodemailer";
import { Agent } from "undici";
import {
  type Channels,
  DeliveryFault,
  isPublicAddress,
  signedHeaders,
  slackBody,
  webhookBody,
} from "../oversight/alerts/index.ts";
import { createExchange } from "../systems/exchange.ts";
import type { Secret } from "./secret.ts";

const timeoutMs = 20_000;
const maxBytes = 64 * 1024;

export interface AlertChannelOptions {
  mail: { url: Secret; from: string } | undefined;
  privateTargets: boolean;
}

export function createAlertChannels({
  mail,
  privateTargets,
}: AlertChannelOptions): Channels & { close(): Promise<void> } {
  // What the name resolves to is what is connected to: a name that changes its mind in between gains nothing.
  const dispatcher = new Agent(privateTargets ? {} : { connect: { lookup: publicOnly } });
  const exchange = createExchange({ dispatcher, monotonicMs: () => performance.now() });

  async function post(url: string, headers: Record<string, string>, body: string): Promise<void> {
    const { hostname } = new URL(url);
    const address = hostname.replace(/^\[|\]$/g, "");
    if (!privateTargets && isIP(address) !== 0 && !isPublicAddress(address)) throw new DeliveryFault(notPublic);
    const outcome = await exchange({
      method: "POST",
      url,
      headers: { "content-type": "application/json", "user-agent": "ml-connector", ...headers },
      body,
      timeoutMs,
      maxBytes,
    });
    if (outcome.kind === "none")
      throw new DeliveryFault(
        codeOf(outcome.cause) === notPublicCode ? notPublic : `it did not answer (${outcome.why})`,
      );
    if (outcome.status < 200 || outcome.status > 299) throw new DeliveryFault(`it answered ${outcome.status}`);
  }

  return {
    async email({ address }, { id, title, text }) {
      if (mail === undefined) throw new DeliveryFault("no mail server is configured: set ML_CONNECTOR_SMTP_URL");
      const transport = nodemailer.createTransport({
        url: mail.url.reveal(),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
      });
      try {
        await transport.sendMail({
          from: mail.from,
          to: { name: "", address },
          subject: title,
          text: `${text.join("\n\n")}\n`,
          messageId: `<${id}@ml-connector>`,
          headers: { "auto-submitted": "auto-generated" },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (cause) {
        throw new DeliveryFault(`the mail server did not take it (${codeOf(cause) ?? "unknown"})`, { cause });
      } finally {
        transport.close();
      }
    },
    slack: ({ url }, message) => post(url, {}, slackBody(message)),
    async webhook({ url, secret }, message) {
      const body = webhookBody(message);
      await post(url, signedHeaders(message.id, message.at, body, secret), body);
    },
    close: () => dispatcher.close(),
  };
}

const notPublicCode = "EML_NOT_PUBLIC";
const notPublic = "its address is not of the public internet; to allow such targets: ML_CONNECTOR_ALERT_TARGETS=any";

type Lookup = NonNullable<Exclude<ConstructorParameters<typeof Agent>[0], undefined>["connect"]>;
type LookupFunction = Extract<Lookup, { lookup?: unknown }>["lookup"];

const publicOnly: NonNullable<LookupFunction> = (hostname, options, answer) => {
  lookup(hostname, { ...options, all: true }, (fault, addresses) => {
    if (fault) return answer(fault, "", 0);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (first === undefined)
      return answer(Object.assign(new Error("no public address"), { code: notPublicCode }), "", 0);
    if (options.all) return answer(null, open);
    return answer(null, first.address, first.family);
  });
};

function codeOf(fault: unknown): string | undefined {
  const code = (fault as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}
