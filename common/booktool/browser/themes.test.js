// Themes: each can be picked, stays picked, and shows code in colours that can be told from their
// background.

import { pagesWith } from "./book.js";
import { expect, findings, hasTheme, pickTheme, test } from "./browser.js";

const [{ name }] = pagesWith('<figure class="diff"');

for (const theme of ["light", "rust", "coal", "navy", "ayu"]) {
    test(`${theme} has readable code`, async ({ page }) => {
        await page.goto(name);
        await pickTheme(page, theme);
        await page.reload();
        await hasTheme(page, theme);
        expect(await findings(page, "main pre", ["color-contrast"])).toEqual([]);
    });
}

test("a dark theme is dark and a light one light", async ({ page }) => {
    const brightness = () =>
        page.evaluate(() => {
            const colour = getComputedStyle(document.documentElement).backgroundColor;
            const [red, green, blue] = colour.match(/\d+/g).map(Number);
            return (red + green + blue) / 3;
        });
    await page.goto(name);
    await pickTheme(page, "light");
    await expect.poll(brightness).toBeGreaterThan(200);
    await pickTheme(page, "navy");
    await expect.poll(brightness).toBeLessThan(60);
});
