// Code: a change side by side, what is copied of it, and boxes that scroll by keyboard.

import { pagesWith } from "./book.js";
import { expect, test } from "./browser.js";

const diffs = pagesWith('<figure class="diff"').filter(({ html }) => html.includes("<del>"));
const [{ name: here }] = diffs;
const there = diffs.at(-1).name;

/** A change with lines that go and lines that come, and where these are. */
function change(page) {
    const diff = page.locator(".diff", { has: page.locator("del") }).first();
    const hunk = diff.locator(".hunk", { has: page.locator("del + ins") }).first();
    return {
        split: diff.getByRole("button", { name: "Side by side" }),
        gone: hunk.locator("del:has(+ ins)").first(),
        come: hunk.locator("del + ins").first(),
    };
}

/** Whether what comes is to the right of what goes, at the same height. */
async function isSideBySide({ gone, come }) {
    const [left, right] = [await gone.boundingBox(), await come.boundingBox()];
    return right.x >= left.x + left.width - 1 && Math.abs(right.y - left.y) < 2;
}

test("a change can be seen side by side, and the choice stays", async ({ page }) => {
    await page.goto(here);
    const it = change(page);
    expect(await isSideBySide(it)).toBe(false);
    await it.split.click();
    await expect.poll(() => isSideBySide(it)).toBe(true);
    await expect(it.split).toHaveAttribute("aria-pressed", "true");
    await page.goto(there);
    await expect.poll(() => isSideBySide(change(page))).toBe(true);
    await change(page).split.click();
    await expect.poll(() => isSideBySide(change(page))).toBe(false);
    await page.goto(here);
    await expect(change(page).split).toHaveAttribute("aria-pressed", "false");
});

test("line numbers and what is gone are not copied", async ({ page }) => {
    await page.goto(here);
    const code = page.locator(".diff code", { has: page.locator("del + ins") }).first();
    const copied = await code.evaluate((code) => {
        getSelection().selectAllChildren(code);
        const clipboardData = new DataTransfer();
        const event = new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true });
        code.dispatchEvent(event);
        return clipboardData.getData("text/plain");
    });
    const text = (selector) =>
        code.locator(selector).evaluateAll((all) => all.map((it) => it.textContent));
    const expected = await text(":scope > :is(ins, .same)");
    expect(copied.trimEnd()).toBe(expected.join("").trimEnd());
    expect((await text(":scope > del")).join("")).not.toBe("");
});

test("a wide box scrolls by keyboard, and mdBook does not turn the page", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(here);
    const box = page.locator("main pre > code[tabindex='0']").first();
    await box.focus();
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("ArrowRight");
    await expect.poll(() => box.evaluate((it) => it.scrollLeft)).toBeGreaterThan(0);
    await page.keyboard.press("ArrowLeft");
    expect(page.url()).toContain(here);
});

test("outside of boxes the arrow keys do turn the page", async ({ page }) => {
    await page.goto("01-boot.html");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => new URL(page.url()).pathname).not.toBe("/01-boot.html");
});
