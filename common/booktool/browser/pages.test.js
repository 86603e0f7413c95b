// Every page: it opens, fits the screen, and can be read by everybody.

import { pages } from "./book.js";
import { expect, findings, pickTheme, test, unfold } from "./browser.js";

const widths = { phone: 390, desk: 1280 };

/** What around `main` must be scrolled sideways, or cuts off what is wider; and by how much. */
function tooWide(main) {
    const around = [];
    for (let box = main; box; box = box.parentElement) around.push(box);
    const isLimit = (box) =>
        box === document.documentElement || getComputedStyle(box).overflowX !== "visible";
    const excess = (box) => box.scrollWidth - box.clientWidth;
    const wide = around.filter((box) => isLimit(box) && excess(box) > 0);
    return wide.map((box) => `${box.tagName} ${box.id}: ${excess(box)} pixels`);
}

for (const { name } of [...pages, { name: "index.html" }, { name: "404.html" }]) {
    test(`${name} opens and fits`, async ({ page }) => {
        for (const [screen, width] of Object.entries(widths)) {
            await page.setViewportSize({ width, height: 800 });
            await page.goto(name);
            await unfold(page);
            await expect(page.locator("main h1").first()).toBeVisible();
            const wide = await page.locator("main").evaluate(tooWide);
            expect(wide, `what is wider than the ${screen}'s screen`).toEqual([]);
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
