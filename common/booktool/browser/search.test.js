// Search: it finds what the chapters say, and leads there. Whole diffs would drown everything else,
// so they are kept out.

import { pages } from "./book.js";
import { expect, test } from "./browser.js";

const results = "#mdbook-searchresults a";

/** Types `words` into the search, as a reader does. */
async function search(page, words) {
    await page.goto("index.html");
    await page.keyboard.press("s");
    await page.locator("#mdbook-searchbar").pressSequentially(words);
    await expect(page.locator("#mdbook-searchresults-header")).toContainText(words);
}

test("a word of a chapter is found there", async ({ page }) => {
    await search(page, "walker");
    const links = await page.locator(results).evaluateAll((all) => all.map((link) => link.href));
    expect(links.some((link) => link.includes("03-paging.html"))).toBe(true);
    await page.locator(`${results}[href*="03-paging.html"]`).first().click();
    await expect(page).toHaveURL(/03-paging\.html/);
    await expect(page.locator("main mark").first()).toBeVisible();
});

test("a word that stands nowhere is not found", async ({ page }) => {
    await search(page, "xylophone");
    await expect(page.locator(results)).toHaveCount(0);
});

test("whole diffs are not searched", async ({ page }) => {
    const diffs = pages.filter(({ name }) => name.startsWith("diffs/"));
    expect(diffs.length).toBeGreaterThan(0);
    for (const { name, html } of diffs) {
        const [, main] = html.split("<main>");
        const title = main.match(/<h1.*?<\/h1>/s)[0].replace(/<[^>]*>/g, "");
        await search(page, title);
        await expect(page.locator(results).first()).toBeVisible();
        await expect(page.locator(`${results}[href*="${name}"]`), title).toHaveCount(0);
    }
});
