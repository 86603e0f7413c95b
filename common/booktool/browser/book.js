// The built book, as the tests see it: its pages, and a server of files that shows them.
//
// Each worker has a server of its own, on a port that the system picks, so nothing else on the
// computer is in the way.

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const folder = process.env.STRATA_BOOK;
if (!folder) throw new Error("STRATA_BOOK must name the folder of the built book");

const types = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
};

/** A page: its address from the book's folder, and its HTML. */
function page(name) {
    return { name, html: readFileSync(join(folder, name), "utf8") };
}

/** The pages with text on them, each once: mdBook shows the first under a second name. */
export const pages = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".html"))
    .filter((name) => !["404.html", "index.html", "print.html", "toc.html"].includes(name))
    .sort()
    .map(page);

/** Those of them in whose HTML `text` stands; without one a test would look at nothing. */
export function pagesWith(text) {
    const found = pages.filter((page) => page.html.includes(text));
    if (found.length === 0) throw new Error(`no page of the book has ${text}`);
    return found;
}

/** Starts the server; gives its address and what ends it. */
export async function serve() {
    const server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
        try {
            const body = readFileSync(join(folder, normalize(path)));
            const type = types[extname(path)] ?? "application/octet-stream";
            response.writeHead(200, { "content-type": type }).end(body);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    const address = `http://127.0.0.1:${server.address().port}/`;
    return { address, close: () => server.close() };
}
