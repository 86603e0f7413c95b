// The lens: one machine at a time, by mouse, by keyboard, by address; on all pages, until the reader
// chooses again. Where it cannot choose, both are there.

import { pagesWith } from "./book.js";
import { expect, test } from "./browser.js";

const [{ name: here }, { name: there }] = pagesWith('class="lens"');

/** The first lens of `page` with a part for each machine, and what is in it. */
function lens(page) {
    const all = page.locator(".lens", { has: page.locator('.pane[data-arch="x86_64"]') });
    const first = all.filter({ has: page.locator('.pane[data-arch="aarch64"]') }).first();
    const part = (arch) => first.locator(`:scope > .pane[data-arch="${arch}"]`);
    return {
        arm: part("aarch64"),
        intel: part("x86_64"),
        armTab: first.getByRole("tab", { name: "ARM64" }).first(),
        intelTab: first.getByRole("tab", { name: "x86_64" }).first(),
    };
}

/** Whether the parts for the machines of `lens` are seen: of a hidden one, nothing is. */
async function expectShown({ arm, intel }, { isArm, isIntel }) {
    for (const [part, isShown] of [[arm, isArm], [intel, isIntel]]) {
        const text = part.locator(":scope > *:not(.machine)").first();
        const isSeen = () =>
            text.evaluate((it) => it.checkVisibility({ contentVisibilityAuto: true }));
        await expect.poll(isSeen).toBe(isShown);
        await expect.poll(async () => (await part.boundingBox())?.height > 0).toBe(isShown);
    }
}

const arm = { isArm: true, isIntel: false };
const intel = { isArm: false, isIntel: true };
const both = { isArm: true, isIntel: true };

test("a lens shows one machine, and the other at a click", async ({ page }) => {
    await page.goto(here);
    const it = lens(page);
    await expectShown(it, arm);
    await expect(it.armTab).toHaveAttribute("aria-selected", "true");
    await it.intelTab.click();
    await expectShown(it, intel);
    await expect(it.armTab).toHaveAttribute("aria-selected", "false");
    await it.armTab.click();
    await expectShown(it, arm);
});

test("a lens is worked by keyboard, and mdBook does not turn the page", async ({ page }) => {
    await page.goto(here);
    const it = lens(page);
    await it.armTab.focus();
    for (const [key, shown, tab] of [
        ["ArrowRight", intel, it.intelTab],
        ["ArrowRight", arm, it.armTab],
        ["ArrowLeft", intel, it.intelTab],
        ["Home", arm, it.armTab],
        ["End", intel, it.intelTab],
    ]) {
        await page.keyboard.press(key);
        await expectShown(it, shown);
        await expect(tab).toBeFocused();
    }
    await page.keyboard.press("s");
    await page.keyboard.press("/");
    await expect(page.locator("#mdbook-search-wrapper")).toBeHidden();
    expect(page.url()).toContain(here);
});

test("the tab key stops once at a lens", async ({ page }) => {
    await page.goto(here);
    const it = lens(page);
    await it.armTab.focus();
    await page.keyboard.press("Tab");
    await expect(it.intelTab).not.toBeFocused();
    await expect(it.armTab).not.toBeFocused();
});

test("all lenses show the chosen machine, here and on other pages", async ({ page }) => {
    await page.goto(here);
    await lens(page).intelTab.click();
    await expect(page.locator('main [role="tab"][aria-selected="true"]:text("ARM64")')).toHaveCount(0);
    await page.reload();
    await expectShown(lens(page), intel);
    await page.goto(there);
    await expectShown(lens(page), intel);
    await lens(page).armTab.click();
    await page.goto(here);
    await expectShown(lens(page), arm);
});

test("the switch in the menu bar chooses", async ({ page }) => {
    await page.goto(here);
    await page.locator("#mdbook-menu-bar").getByRole("button", { name: "x86_64" }).click();
    await expectShown(lens(page), intel);
});

test("an address chooses, and the choice stays", async ({ page }) => {
    await page.goto(`${here}?arch=x86_64`);
    await expectShown(lens(page), intel);
    await page.goto(there);
    await expectShown(lens(page), intel);
    await page.goto(`${there}?arch=aarch64`);
    await expectShown(lens(page), arm);
});

test("an address with a machine that does not exist changes nothing", async ({ page }) => {
    await page.goto(`${here}?arch=mips`);
    await expectShown(lens(page), arm);
});

test("paper shows both machines, with their names", async ({ page }) => {
    await page.goto(here);
    await page.emulateMedia({ media: "print" });
    const it = lens(page);
    await expectShown(it, both);
    await expect(it.arm.locator(":scope > .machine")).toBeVisible();
    await expect(it.intel.locator(":scope > .machine")).toBeVisible();
    await expect(it.armTab).toBeHidden();
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("both machines are shown, with their names", async ({ page }) => {
        await page.goto(here);
        const { arm, intel } = lens(page);
        for (const part of [arm, intel]) {
            await expect(part.locator(":scope > .machine")).toBeVisible();
            await expect(part.locator(":scope > *").nth(1)).toBeVisible();
        }
    });
});
