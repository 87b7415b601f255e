import addressParser from "email-addresses";
import freeMailDomains from "email-providers";
import { getDomain } from "tldts";

/** RFC 5321 limits, and ours: a field of QuickBooks takes 100 characters, so more pieces than these are no address list. */
const addressLength = 254;
const localLength = 64;
const mostPieces = 100;
const mostAddresses = 20;

/** The plain form that nearly every address has: it needs no parser (70 microseconds a piece, a hundred times this). */
const plainAddress =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/**
 * What else goes to the parser: no blanks, quotes, comments or address literals, a domain with a dot. Nobody is billed there, and the
 * parser needs up to 40 ms for one hostile piece with them.
 */
const soundAddress = /^[^\s\p{Cc}@"(),:;<>[\\\]]+@[^\s\p{Cc}@"(),:;<>[\\\].]+(?:\.[^\s\p{Cc}@"(),:;<>[\\\].]+)+$/u;

/**
 * Every valid address of a field, lower case, each once, in the order given. Bookkeepers put several into one field, with commas or
 * semicolons; `Name <address>` counts, what is no address does not.
 */
export function emailAddresses(field: string): string[] {
  const found = new Set<string>();
  for (const piece of field.split(/[,;]/, mostPieces)) {
    const address = addressIn(piece.trim());
    if (address !== undefined) found.add(address);
    if (found.size === mostAddresses) break;
  }
  return [...found];
}

function addressIn(piece: string): string | undefined {
  if (piece.length > 2 * addressLength || !piece.includes("@")) return undefined;
  const bare = (/<([^<>]+)>$/.exec(piece)?.[1] ?? piece).trim().normalize("NFC").toLowerCase();
  if (bare.length > addressLength || bare.lastIndexOf("@") > localLength) return undefined;
  if (plainAddress.test(bare)) return bare;
  return soundAddress.test(bare) && addressParser.parseOneAddress({ input: bare, rejectTLD: true }) ? bare : undefined;
}

/** What follows the last `@`, lower case. */
export function emailDomain(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

const freeMail: ReadonlySet<string> = new Set(freeMailDomains);

/** Does a mail provider for everybody stand behind this domain? Then it says nothing about a company. */
export function isFreeMail(domain: string): boolean {
  return freeMail.has(domain.toLowerCase());
}

/**
 * The domain that a company registered (`acme.co.uk` of `bill@mail.acme.co.uk`), in ASCII; undefined for free mail, single labels
 * and IP addresses. Takes an address or a domain.
 */
export function corporateDomain(addressOrDomain: string): string | undefined {
  const domain = emailDomain(addressOrDomain.trim());
  const registered = getDomain(domain, { allowPrivateDomains: true });
  if (registered === null || isFreeMail(domain) || isFreeMail(registered)) return undefined;
  return /^[\x20-\x7e]+$/.test(registered) ? registered : asciiDomain(registered);
}

/** `münchen.de` and `xn--mnchen-3ya.de` are one domain. */
function asciiDomain(domain: string): string | undefined {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : undefined;
}
