// How the tests of the book run: in the computer's own Chromium, which `STRATA_CHROMIUM` names, on
// the built book in the folder that `STRATA_BOOK` names. No browser is downloaded.
//
// The flags keep the browser from asking the network for anything of its own: what a test then sees
// going out comes from a page. Without its sandbox it also runs as root, in a container; the pages
// are our own.

import { defineConfig } from "@playwright/test";

const flags = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

export default defineConfig({
    testDir: ".",
    outputDir: "results",
    fullyParallel: true,
    forbidOnly: true,
    retries: 0,
    workers: 2,
    // Nothing may fail because the computer is busy; what is right is seen at once all the same.
    timeout: 600_000,
    expect: { timeout: 60_000 },
    use: {
        browserName: "chromium",
        launchOptions: { executablePath: process.env.STRATA_CHROMIUM, args: flags },
        viewport: { width: 1280, height: 800 },
    },
});
