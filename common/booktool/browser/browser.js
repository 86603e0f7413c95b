// The browser that every test gets: it notes what no page of the book may do, and a test in which a
// page does it fails, whatever else it was about.

import { createRequire } from "node:module";

import { test as plain, expect } from "@playwright/test";

import { serve } from "./book.js";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export { expect };

export const test = plain.extend({
    book: [
        async ({}, use) => {
            const book = await serve();
            await use(book);
            book.close();
        },
        { scope: "worker" },
    ],
    baseURL: ({ book }, use) => use(book.address),
    context: async ({ context, baseURL }, use) => {
        const troubles = [];
        note(context, baseURL, troubles);
        // The page of the whole book opens the dialogue that prints it.
        await context.addInitScript(() => (window.print = () => {}));
        await use(context);
        expect(troubles, "errors, and requests to other hosts").toEqual([]);
    },
});

/** Notes in `troubles` each error on a page of `context` and each request that leaves the book. */
function note(context, address, troubles) {
    context.on("console", (message) => {
        if (message.type() === "error") troubles.push(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => troubles.push(`script: ${error.error().message}`));
    context.on("response", (response) => {
        if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
    });
    context.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(address) && !url.startsWith("data:")) troubles.push(`asks ${url}`);
    });
}

/** Picks a theme from the menu, as a reader does. */
export async function pickTheme(page, theme) {
    await page.locator("#mdbook-theme-toggle").click();
    await page.locator(`#mdbook-theme-${theme}`).click();
    await hasTheme(page, theme);
    await page.keyboard.press("Escape");
}

/** Waits for a theme. (On a long page `toHaveClass` takes half a minute.) */
export function hasTheme(page, theme) {
    return page.waitForFunction((name) => document.documentElement.classList.contains(name), theme);
}

/** Opens all that is folded, so that it is looked at too. */
export function unfold(page) {
    return page.evaluate(() => {
        for (const fold of document.querySelectorAll("main details")) fold.open = true;
    });
}

/**
 * Leaves a few of those spans in code that look alike, and of the others only their text. A page may
 * have eighty thousand, in little more than a hundred places: axe takes half as long without.
 */
function thinOut(page) {
    return page.evaluate((enough) => {
        const seen = new Map();
        const look = (element) =>
            element.tagName === "MAIN"
                ? ""
                : `${look(element.parentElement)} ${element.tagName}.${element.className}`;
        for (const span of document.querySelectorAll("main pre span")) {
            const name = look(span);
            seen.set(name, (seen.get(name) ?? 0) + 1);
            if (seen.get(name) > enough) span.replaceWith(...span.childNodes);
        }
    }, 5);
}

/** What axe finds in `place`, a line for each element; `rules` may name the only rules. */
export async function findings(page, place, rules) {
    // The colours on their way from one theme to another are nobody's choice.
    await page.addStyleTag({ content: "*, ::before, ::after { transition: none !important }" });
    await thinOut(page);
    await page.addScriptTag({ path: axe });
    return page.evaluate(
        async ([place, rules]) => {
            const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
            const { violations } = await window.axe.run(place, { resultTypes: ["violations"], ...only });
            const lines = ({ id, nodes }) =>
                nodes.map(({ target, any }) => `${id}: ${target}: ${any[0]?.message ?? ""}`);
            return violations.flatMap(lines);
        },
        [place, rules],
    );
}
