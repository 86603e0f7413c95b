// What code on a page can do with a script: two columns for changes, copying the newer code of a
// change, and boxes that can be scrolled by keyboard exactly if there is something to scroll.
"use strict";

(() => {
    const KEY = "strata-split";
    const html = document.documentElement;
    const diffs = [...document.querySelectorAll(".diff")];
    const buttons = diffs.map(addButton);
    split(isSplit());
    addBoxes();

    // Two columns. The lines that stay are needed on both sides, so the left one gets copies.
    function split(isWanted) {
        html.classList.toggle("is-split", isWanted);
        document.querySelectorAll(".diff .copy").forEach(copy => copy.remove());
        if (isWanted) {
            document.querySelectorAll(".diff .same").forEach(addCopy);
        }
        buttons.forEach(button => button.setAttribute("aria-pressed", isWanted));
    }

    function addCopy(lines) {
        const copy = lines.cloneNode(true);
        copy.className = "copy";
        copy.setAttribute("aria-hidden", true);
        lines.before(copy);
    }

    function isSplit() {
        try {
            return localStorage.getItem(KEY) === "yes";
        } catch {
            return false;
        }
    }

    function addButton(diff) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "Side by side";
        button.addEventListener("click", () => {
            const before = button.getBoundingClientRect().top;
            const isWanted = !html.classList.contains("is-split");
            try {
                localStorage.setItem(KEY, isWanted ? "yes" : "no");
            } catch {
                // Without storage the choice holds for this page.
            }
            split(isWanted);
            scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" });
        });
        diff.querySelector("figcaption").append(button);
        return button;
    }

    // Whoever copies over a change wants the newer code; whoever copies deleted lines wants those.
    document.addEventListener("copy", event => {
        const selection = getSelection();
        if (selection.rangeCount === 0) {
            return;
        }
        const range = selection.getRangeAt(0);
        const around = range.commonAncestorContainer;
        const parent = around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement;
        const copied = range.cloneContents();
        const left = [...copied.querySelectorAll("del, .copy")];
        if (!parent.closest(".diff code") || parent.closest("del") || left.length === 0) {
            return;
        }
        left.forEach(lines => lines.remove());
        event.clipboardData.setData("text/plain", copied.textContent);
        event.preventDefault();
    });

    // The button that mdBook puts on code copies what it sees laid out, where a line that is a
    // block of its own counts as two. For that moment the style sheet lays lines out as text, and
    // hides what is not the newer code.
    document.addEventListener("click", event => {
        const figure = event.target.closest?.(".clip-button")?.closest("figure");
        if (figure) {
            figure.classList.add("is-copying");
            setTimeout(() => figure.classList.remove("is-copying"));
        }
    }, true);

    // A box is a stop of the Tab key exactly while it can scroll, also when the window changes. What
    // is folded is looked at when it opens, since the browser has not laid it out before.
    function addBoxes() {
        const selector = "main pre > code, .scroll, .table-wrapper, .tree";
        const boxes = [...document.querySelectorAll(selector)];
        const observer = new ResizeObserver(changes => update(changes.map(it => it.target)));
        for (const box of boxes) {
            if (!box.hasAttribute("aria-label")) {
                box.setAttribute("role", "group");
                box.setAttribute("aria-label", box.matches("code") ? "Code" : "Table");
            }
            box.addEventListener("keydown", keepArrows);
        }
        update(boxes.filter(box => box.checkVisibility()));
        boxes.forEach(box => observer.observe(box));
    }

    // Looks at all of them before it changes any: to look behind each change would have the browser
    // lay out the whole page as many times as there are boxes.
    function update(boxes) {
        const canScroll = boxes.map(box => box.scrollWidth > box.clientWidth);
        boxes.forEach((box, index) => {
            if (canScroll[index]) {
                box.setAttribute("tabindex", 0);
            } else {
                box.removeAttribute("tabindex");
            }
        });
    }

    // Arrow keys scroll a box that has the focus; mdBook would turn the page.
    function keepArrows(event) {
        if (event.target === event.currentTarget && event.key.startsWith("Arrow")) {
            event.stopPropagation();
        }
    }
})();
