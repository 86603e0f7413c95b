// Every page: it opens, fits the screen, and can be read by everybody.

import { pages } from "./book.js";
import { expect, findings, pickTheme, test, unfold } from "./browser.js";

const widths = { phone: 390, desk: 1280 };

for (const { name } of [...pages, { name: "index.html" }, { name: "404.html" }]) {
    test(`${name} opens and fits`, async ({ page }) => {
        for (const [screen, width] of Object.entries(widths)) {
            await page.setViewportSize({ width, height: 800 });
            await page.goto(name);
            await unfold(page);
            await expect(page.locator("main h1").first()).toBeVisible();
            const excess = () => {
                const { scrollWidth, clientWidth } = document.documentElement;
                return scrollWidth - clientWidth;
            };
            expect(await page.evaluate(excess), `pixels beside the ${screen}'s screen`).toBe(0);
        }
    });
}

test("the whole book opens for print", async ({ page }) => {
    await page.goto("print.html");
    await expect(page.locator("main h1").first()).toBeVisible();
});

for (const { name } of pages) {
    test(`${name} can be read by everybody`, async ({ page }) => {
        for (const [theme, arch] of Object.entries({ light: "aarch64", navy: "x86_64" })) {
            await page.goto(`${name}?arch=${arch}`);
            await pickTheme(page, theme);
            await unfold(page);
            expect.soft(await findings(page, "main"), theme).toEqual([]);
        }
    });
}
