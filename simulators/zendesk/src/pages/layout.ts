import { type Html, html, Html as Safe } from "./html.ts";

/** No scripts at all, styles of our own only, forms to ourselves only. */
export const pageHeaders: Record<string, string> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** The consent form answers with a redirect to the client, which `form-action 'self'` would stop. */
export const consentHeaders: Record<string, string> = {
  ...pageHeaders,
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
};

const styles = new Safe(`
:root{color-scheme:light;--ink:#1f2a33;--soft:#5b6b78;--line:#dde3e8;--paper:#fff;--ground:#f3f5f7;--brand:#03363d;--link:#1f5fa8}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--link)}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible{outline:3px solid #1f73b7;outline-offset:2px}
.skip{position:absolute;left:-9999px}.skip:focus{left:12px;top:12px;background:#fff;padding:8px 12px;z-index:2}
header.bar{background:var(--brand);color:#fff;padding:10px 24px;display:flex;flex-wrap:wrap;gap:8px 24px;align-items:center}
header.bar strong{font-size:16px}header.bar nav{display:flex;gap:16px}header.bar a{color:#fff}
.note{background:#fff6d9;color:#5c4813;padding:6px 24px;font-size:13px;border-bottom:1px solid #ecd9a0}
main{max-width:1120px;margin:24px auto;padding:0 24px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}h2{font-size:17px;margin:0 0 12px}h3{font-size:13px;color:var(--soft);margin:18px 0 6px;font-weight:600;text-transform:uppercase;letter-spacing:.04em}
.soft{color:var(--soft)}
.columns{display:grid;grid-template-columns:minmax(0,1fr) 420px;gap:24px;margin-top:20px;align-items:start}
.columns>.side{grid-column:2;grid-row:1}.columns>.main{grid-column:1;grid-row:1}
@media(max-width:900px){.columns{grid-template-columns:minmax(0,1fr)}.columns>.side,.columns>.main{grid-column:1;grid-row:auto}}
.card{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:20px;margin-bottom:20px}
.pill{display:inline-block;border-radius:999px;padding:3px 12px;font-weight:600;font-size:14px;border:1px solid transparent;white-space:nowrap}
.pill.bad{background:#fbe4e4;color:#8c1d1d;border-color:#eaa9a9}
.pill.warn{background:#fdf0d9;color:#7a4a05;border-color:#e8c483}
.pill.good{background:#e2f4e6;color:#17592a;border-color:#a5d6b1}
.pill.calm{background:#e4eefb;color:#1b4674;border-color:#abc8ea}
.pill.plain{background:#edf0f2;color:#3b4a55;border-color:#c9d1d8}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(170px,100%),1fr));gap:12px;margin:16px 0 4px}
.figure{border:1px solid var(--line);border-radius:8px;padding:10px 12px;min-width:0}
.figure.loud{background:#fbe4e4;border-color:#eaa9a9}
.figure dt,.figure .label{font-size:13px;color:var(--soft);margin:0}.figure.loud .label{color:#8c1d1d}
.figure .amount{font-size:20px;font-weight:650;font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap;overflow-x:auto}
.figure .amount small{font-size:.65em;font-weight:600;color:var(--soft);margin-left:0}
.figure .beside{margin:0;text-align:right;font-size:13px;color:var(--soft)}
.figure.loud{grid-column:1/-1}.figure.loud .amount{font-size:34px;line-height:1.2;color:#8c1d1d}.figure.loud .amount small,.figure.loud .beside{color:#8c1d1d}
.status{margin:0 0 6px}.status.first .pill{font-size:18px;padding:5px 18px}
table{width:100%;border-collapse:collapse}
th{text-align:left;font-weight:600;color:var(--soft);font-size:13px}
td{white-space:pre-line}th,td{padding:7px 8px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
tr:last-child>th,tr:last-child>td{border-bottom:0}
td.money,th.money{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.facts th{width:46%;font-weight:500}.facts td{overflow-wrap:anywhere}
pre.notes{white-space:pre-wrap;overflow-wrap:anywhere;background:#fffbe9;border:1px solid #ecdfae;border-radius:6px;padding:12px;margin:0;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
.tag{display:inline-block;background:#edf0f2;border-radius:4px;padding:1px 7px;margin:0 4px 4px 0;font-size:13px}
ul.plain{list-style:none;margin:0;padding:0}ul.plain li{padding:6px 0;border-bottom:1px solid var(--line)}ul.plain li:last-child{border:0}
.comment{border-left:3px solid var(--line);padding:2px 0 2px 14px;margin:0 0 16px}.comment p{white-space:pre-wrap;overflow-wrap:anywhere;margin:4px 0}
form.edit{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(240px,1fr))}form.edit>.wide,form.edit>.actions,form.edit>p{grid-column:1/-1}details>summary{cursor:pointer;font-weight:600;font-size:17px}details[open]>summary{margin-bottom:14px}label{display:grid;gap:4px;font-size:13px;color:var(--soft)}
input,select,textarea{font:inherit;color:var(--ink);padding:7px 9px;border:1px solid #8a99a6;border-radius:5px;background:#fff;width:100%}
input[type=checkbox]{width:auto;justify-self:start}
button{font:inherit;font-weight:600;padding:8px 16px;border-radius:5px;border:1px solid #1f5fa8;background:#1f5fa8;color:#fff;cursor:pointer}
button.other{background:#fff;color:#1f5fa8}button.danger{background:#fff;color:#8c1d1d;border-color:#8c1d1d}
.actions{display:flex;gap:10px;flex-wrap:wrap}
.error{background:#fbe4e4;color:#8c1d1d;border:1px solid #eaa9a9;border-radius:6px;padding:10px 12px;margin-bottom:16px}
`);

export interface Page {
  title: string;
  /** Whose account the page shows. */
  subdomain: string;
  body: Html;
}

/** A whole document; every page says that it is a simulator. */
export function renderPage({ title, subdomain, body }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title} · Zendesk simulator</title><style>${styles}</style></head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="bar"><strong>Support desk of “${subdomain}”</strong><nav aria-label="Sections"><a href="/tickets">Tickets</a><a href="/organizations">Organizations</a><a href="/users">People</a><a href="/organization_fields">Fields</a><a href="/custom_objects">Objects</a></nav></header>
<div class="note" role="note">This is a simulator for development and tests. It is not Zendesk, and nothing here leaves this machine.</div>
<main id="content">${body}</main>
</body>
</html>`.text;
}
