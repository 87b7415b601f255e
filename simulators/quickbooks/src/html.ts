/** Text for use inside HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Every page says that it is a simulator. */
export function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - QuickBooks simulator</title><style>
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;color:#1b1b1b;background:#fff}
.note{background:#fff3cd;border:1px solid #d6b656;padding:.4rem .8rem;border-radius:4px}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd}
.amount{text-align:right;font-variant-numeric:tabular-nums}nav a{margin-right:1rem}form{margin:.3rem 0}
</style></head><body><p class="note"><strong>This is a simulator</strong> of QuickBooks Online for development and tests. It is not Intuit's.</p>
<h1>${escapeHtml(title)}</h1>${body}</body></html>`;
}
