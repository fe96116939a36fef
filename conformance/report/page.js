/* Filters the cases and keeps the filter in the address, so that a link shows what its sender saw. Without this script
   everything is there and folds open by hand. */
"use strict";
(function () {
  var FIELDS = ["q", "area", "level", "client"];
  var byId = function (id) { return document.getElementById(id); };
  var all = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };

  var cases = all("details.case").map(function (element) { return { element: element, data: element.dataset, text: null }; });
  var areas = all("details.area");
  var sections = all("section.client");
  var chips = all(".chip");
  // How the page came: areas are open in which something did not pass.
  var openAtFirst = new Map(areas.map(function (area) { return [area, area.open]; }));
  var filter = empty();

  function empty() { return { verdict: [], q: "", area: "", level: "", client: "" }; }

  function isSet() { return filter.verdict.length > 0 || FIELDS.some(function (name) { return filter[name] !== ""; }); }

  /* What a search looks through: everything but the trace. */
  function textOf(entry) {
    if (entry.text === null) {
      var parts = [entry.element.querySelector("summary").textContent];
      all(".body > *:not(.trace)", entry.element).forEach(function (child) { parts.push(child.textContent); });
      entry.text = parts.join(" ").replace(/\s+/g, " ").toLowerCase();
    }
    return entry.text;
  }

  function fits(entry, words) {
    var data = entry.data;
    return (!filter.verdict.length || filter.verdict.indexOf(data.verdict) >= 0) &&
      (!filter.area || data.area === filter.area) &&
      (!filter.level || data.level === filter.level) &&
      (!filter.client || data.client === filter.client) &&
      words.every(function (word) { return textOf(entry).indexOf(word) >= 0; });
  }

  function apply() {
    var words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    cases.forEach(function (entry) {
      var fit = fits(entry, words);
      entry.element.hidden = !fit;
      if (fit) { shown += 1; }
    });
    areas.forEach(function (area) {
      var some = area.querySelector("details.case:not([hidden])") !== null;
      area.hidden = !some;
      area.open = isSet() ? some : openAtFirst.get(area);
    });
    sections.forEach(function (section) {
      var asked = !filter.client || section.dataset.client === filter.client;
      section.hidden = isSet() && (!asked || section.querySelector("details.case:not([hidden])") === null);
    });
    chips.forEach(function (chip) { chip.setAttribute("aria-pressed", String(filter.verdict.indexOf(chip.dataset.verdict) >= 0)); });
    FIELDS.forEach(function (name) { if (byId(name).value !== filter[name]) { byId(name).value = filter[name]; } });
    byId("shown").textContent = isSet() ? shown + " of " + cases.length + " cases" : cases.length + " cases";
    byId("clear").hidden = !isSet();
    byId("nothing").hidden = shown > 0 || !isSet();
    nameUnfold();
  }

  /* Shows the filter and writes it into the address. */
  function choose(changes) {
    filter = Object.assign({}, filter, changes);
    apply();
    var parts = [];
    if (filter.verdict.length) { parts.push("verdict=" + filter.verdict.map(encodeURIComponent).join(",")); }
    FIELDS.forEach(function (name) { if (filter[name]) { parts.push(name + "=" + encodeURIComponent(filter[name])); } });
    history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
  }

  function decoded(text) { try { return decodeURIComponent(text); } catch (error) { return text; } }

  /* The address is somebody else's text: what no field offers is left out. */
  function offered(name, value) {
    return name === "q" || all("option", byId(name)).some(function (option) { return option.value === value; }) ? value : "";
  }

  function readAddress() {
    var hash = location.hash.slice(1);
    if (hash && hash.indexOf("=") < 0) {
      aimAt(byId(hash));
      return;
    }
    filter = empty();
    hash.split("&").forEach(function (part) {
      var at = part.indexOf("=");
      var name = part.slice(0, at), value = part.slice(at + 1);
      if (name === "verdict") {
        var known = chips.map(function (chip) { return chip.dataset.verdict; });
        filter.verdict = value.split(",").map(decoded).filter(function (word) { return known.indexOf(word) >= 0; });
      } else if (FIELDS.indexOf(name) >= 0) {
        filter[name] = offered(name, decoded(value));
      }
    });
    apply();
  }

  /* Opens everything around an element and goes there; a filter that hides it is dropped. */
  function aimAt(target) {
    if (!target) { return; }
    var hidden = target.closest("[hidden]");
    if (hidden) { filter = empty(); apply(); }
    for (var element = target; element; element = element.parentElement) {
      if (element.tagName === "DETAILS") { element.open = true; }
    }
    all(".aimed").forEach(function (old) { old.classList.remove("aimed"); });
    if (target.classList.contains("line")) { target.classList.add("aimed"); }
    target.scrollIntoView({ block: target.classList.contains("line") ? "center" : "start" });
    var focus = target.querySelector("summary") || target;
    focus.focus({ preventScroll: true });
  }

  function shownAreas() { return areas.filter(function (area) { return !area.hidden; }); }

  function nameUnfold() {
    var folded = shownAreas().some(function (area) { return !area.open; });
    byId("unfold").textContent = folded ? "Open all areas" : "Close all areas";
  }

  chips.forEach(function (chip) {
    chip.addEventListener("click", function () {
      var word = chip.dataset.verdict;
      var without = filter.verdict.filter(function (each) { return each !== word; });
      choose({ verdict: without.length < filter.verdict.length ? without : filter.verdict.concat(word) });
    });
  });
  FIELDS.forEach(function (name) {
    var field = byId(name);
    field.addEventListener(field.tagName === "SELECT" ? "change" : "input", function () {
      var change = {};
      change[name] = field.value;
      choose(change);
    });
  });
  byId("clear").addEventListener("click", function () { choose(empty()); byId("q").focus(); });
  byId("filters").addEventListener("submit", function (event) { event.preventDefault(); });
  byId("unfold").addEventListener("click", function () {
    var folded = shownAreas().some(function (area) { return !area.open; });
    shownAreas().forEach(function (area) { area.open = folded; });
    nameUnfold();
  });
  areas.forEach(function (area) { area.addEventListener("toggle", nameUnfold); });

  // Cells, counts and names of the overview set the filter that they speak of.
  all(".overview a[data-client], .overview a[data-area], .overview a[data-all]").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      var verdict = link.dataset.verdict ? [link.dataset.verdict] : [];
      choose(Object.assign(empty(), { verdict: verdict, area: link.dataset.area || "", client: link.dataset.client || "" }));
      byId("cases").scrollIntoView({ block: "start" });
      byId("cases").focus({ preventScroll: true });
    });
  });
  // Beside what the browser does: it goes to a case but does not open it.
  all("a.address").forEach(function (link) {
    link.addEventListener("click", function () { aimAt(byId(link.getAttribute("href").slice(1))); });
  });
  // An entry of a trace is a place in the open case, not an address to share.
  all("a.entry").forEach(function (link) {
    link.addEventListener("click", function (event) { event.preventDefault(); aimAt(byId(link.getAttribute("href").slice(1))); });
  });

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); byId("q").focus(); }
    if (event.key === "Escape" && event.target === byId("q") && filter.q) { choose({ q: "" }); }
  });

  // On paper a fold cannot be opened: what did not pass is printed open.
  var openedForPaper = [];
  window.addEventListener("beforeprint", function () {
    openedForPaper = all("details.case:not(.pass):not([hidden]), details.area:not([hidden])").filter(function (each) { return !each.open; });
    openedForPaper.forEach(function (each) { each.open = true; });
  });
  window.addEventListener("afterprint", function () { openedForPaper.forEach(function (each) { each.open = false; }); });

  window.addEventListener("hashchange", readAddress);
  byId("filters").hidden = false;
  apply();
  readAddress();
})();
