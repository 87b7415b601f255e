import { createHash, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";

export interface IdTokens {
  sign(claims: { realm: string; clientId: string; nowMs: number }): string;
  /** The public half, as /op/v1/jwks shows it. */
  jwks(): { keys: Record<string, unknown>[] };
}

export const issuer = "https://oauth.platform.intuit.com/op/v1";

/** OpenID id tokens, RS256 as the discovery document says. The key is made when it is first needed: it costs 100 ms. */
export function createIdTokens(): IdTokens {
  let made: { privateKey: KeyObject; jwk: Record<string, unknown>; kid: string } | undefined;
  function key() {
    if (made !== undefined) return made;
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = publicKey.export({ format: "jwk" });
    const kid = createHash("sha256").update(JSON.stringify(jwk)).digest("base64url").slice(0, 16);
    made = { privateKey, jwk: { ...jwk, use: "sig", alg: "RS256", kid }, kid };
    return made;
  }
  return {
    sign({ realm, clientId, nowMs }) {
      const { privateKey, kid } = key();
      const now = Math.floor(nowMs / 1000);
      const payload = {
        sub: `simulated-${realm}`,
        aud: [clientId],
        realmid: realm,
        auth_time: now,
        iss: issuer,
        exp: now + 3600,
        iat: now,
      };
      const head = { kid, typ: "JWT", alg: "RS256" };
      const text = [head, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
      return `${text}.${signBytes("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
    },
    jwks: () => ({ keys: [key().jwk] }),
  };
}
