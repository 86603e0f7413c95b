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

/** The words that stand on a page, as the search takes them apart. */
function words({ html }) {
    const text = html.split("<main>")[1].split("</main>")[0].replace(/<[^>]*>/g, " ");
    return new Set(text.toLowerCase().match(/[a-z_]{6,}/g));
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
    const isOut = ({ name }) => name.startsWith("diffs/");
    const searched = new Set(pages.filter((it) => !isOut(it)).flatMap((it) => [...words(it)]));
    const unsearched = pages.filter(isOut).flatMap((it) => [...words(it)]);
    const word = unsearched.find((word) => !searched.has(word));
    expect(word, "a word that only a whole diff has").toBeTruthy();
    await search(page, word);
    await expect(page.locator(results)).toHaveCount(0);
});
