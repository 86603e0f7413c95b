// Makes tabs of the machines' parts, and remembers on all pages which machine the reader chose.
//
// `?arch=NAME` in an address chooses too, so that a link can. Parts that are not shown are hidden
// in the way that a browser's search and links into them still reach: that chooses their machine.
"use strict";

(() => {
    const KEY = "strata-arch";
    const lenses = [...document.querySelectorAll(".lens")];
    const panesOf = lens => [...lens.querySelectorAll(":scope > .pane")];

    const asked = new URLSearchParams(location.search).get("arch");
    if (/^\w+$/.test(asked ?? "")) {
        remember(asked);
    }

    // The machines of this page, in the order in which its parts name them.
    const names = new Map();
    for (const pane of lenses.flatMap(panesOf)) {
        names.set(pane.dataset.arch, pane.dataset.name);
    }
    if (names.size === 0) {
        return;
    }

    lenses.forEach(addTabs);
    const menu = addSwitch();
    const first = names.keys().next().value;
    show(names.has(remembered()) ? remembered() : first);
    revealTarget();
    addEventListener("hashchange", revealTarget);

    function remember(arch) {
        try {
            localStorage.setItem(KEY, arch);
        } catch {
            // Without storage the choice holds for this page.
        }
    }

    function remembered() {
        try {
            return localStorage.getItem(KEY);
        } catch {
            return null;
        }
    }

    // Shows one machine in every lens that has it.
    function show(arch) {
        for (const lens of lenses) {
            const panes = panesOf(lens);
            if (!panes.some(pane => pane.dataset.arch === arch)) {
                continue;
            }
            for (const pane of panes) {
                const isShown = pane.dataset.arch === arch;
                if (isShown) {
                    pane.removeAttribute("hidden");
                } else {
                    pane.setAttribute("hidden", "until-found");
                }
                const tab = document.getElementById(pane.getAttribute("aria-labelledby"));
                tab?.setAttribute("aria-selected", isShown);
                tab?.setAttribute("tabindex", isShown ? 0 : -1);
            }
        }
        for (const button of menu.children) {
            button.setAttribute("aria-pressed", button.dataset.arch === arch);
        }
    }

    // Takes the reader's choice; `anchor` stays where it is on the screen while lenses above it
    // grow and shrink.
    function choose(arch, anchor) {
        const before = anchor.getBoundingClientRect().top;
        remember(arch);
        show(arch);
        scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
    }

    function addTabs(lens, number) {
        const panes = panesOf(lens);
        if (panes.length < 2) {
            return;
        }
        const tabs = element("div", { class: "tabs", role: "tablist", "aria-label": "Machine" });
        for (const pane of panes) {
            const { arch, name } = pane.dataset;
            const tab = element("button", {
                type: "button",
                role: "tab",
                id: `lens-${number}-tab-${arch}`,
                "data-arch": arch,
            });
            tab.textContent = name;
            pane.id ||= `lens-${number}-${arch}`;
            tab.setAttribute("aria-controls", pane.id);
            pane.setAttribute("role", "tabpanel");
            pane.setAttribute("aria-labelledby", tab.id);
            pane.addEventListener("beforematch", () => choose(arch, lens));
            tab.addEventListener("click", () => choose(arch, tabs));
            tabs.append(tab);
        }
        tabs.addEventListener("keydown", event => move(event, tabs));
        lens.prepend(tabs);
        lens.classList.add("has-tabs");
    }

    // Arrow keys go to another tab; mdBook must not see them, nor the letters it searches by.
    function move(event, tabs) {
        event.stopPropagation();
        const all = [...tabs.children];
        const at = all.indexOf(event.target);
        const to = {
            ArrowLeft: (at + all.length - 1) % all.length,
            ArrowRight: (at + 1) % all.length,
            Home: 0,
            End: all.length - 1,
        }[event.key];
        if (to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            choose(all[to].dataset.arch, tabs);
            all[to].focus();
        }
    }

    // The switch in the menu bar moves what the reader has at the top of the screen.
    function addSwitch() {
        const kind = { class: "arch-switch", role: "group", "aria-label": "Machine" };
        const group = element("div", kind);
        for (const [arch, name] of names) {
            const button = element("button", { type: "button", "data-arch": arch });
            button.textContent = name;
            button.title = `Show ${name}`;
            button.addEventListener("click", () => choose(arch, topOfScreen()));
            group.append(button);
        }
        document.querySelector("#mdbook-menu-bar .right-buttons")?.prepend(group);
        return group;
    }

    function topOfScreen() {
        const blocks = [...document.querySelectorAll("main > *")];
        return blocks.find(block => block.getBoundingClientRect().top >= 0) ?? document.body;
    }

    // A link into a part that is hidden shows it, where the browser does not do so itself.
    function revealTarget() {
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        const pane = target?.closest(".pane[hidden]");
        if (pane) {
            choose(pane.dataset.arch, target);
            target.scrollIntoView();
        }
    }

    function element(name, attributes) {
        const made = document.createElement(name);
        for (const [key, value] of Object.entries(attributes)) {
            made.setAttribute(key, value);
        }
        return made;
    }
})();
