import type { FastifyReply } from "fastify";

/** A page of ours for a person's browser. What stands in its address must not travel on: no referrer, no cache, nothing loaded from anywhere. */
export function sendPage(
  reply: FastifyReply,
  { status, title, body, mayPost = false }: { status: number; title: string; body: string; mayPost?: boolean },
): FastifyReply {
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .headers({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "content-security-policy": `default-src 'none'; base-uri 'none'; style-src 'unsafe-inline'; form-action ${mayPost ? "'self'" : "'none'"}; frame-ancestors 'none'`,
      "x-content-type-options": "nosniff",
    })
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${escapeText(title)}</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:4em auto;padding:0 1em}` +
        `label{display:block;margin:1em 0}input{display:block;font:inherit;width:100%;padding:.4em;box-sizing:border-box}button{font:inherit;padding:.4em 1em}` +
        `.problem{color:#a11;font-weight:600}</style></head><body><h1>${escapeText(title)}</h1>${body}</body></html>\n`,
    );
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}
