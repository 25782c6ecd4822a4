"use strict";

// An answer as the schema wants it, or null where nothing was answered.
function answered(field) {
  const text = field.value.trim();
  if (text === "") return null;
  switch (field.dataset.kind) {
    case "number": return Number(text);
    case "yes": return text === "true";
    case "texts": return words(text, /\n/);
    case "documents": return words(text, /[\s,]+/);
    default: return text;
  }
}

function words(text, separator) {
  return text.split(separator).map((word) => word.trim()).filter((word) => word !== "");
}

// Objects without a prototype: a part may have any name.
function put(target, path, value) {
  const keys = [...path];
  const last = keys.pop();
  for (const key of keys) {
    if (!(key in target)) target[key] = Object.create(null);
    target = target[key];
  }
  target[last] = value;
}

function collect(form) {
  const answers = Object.create(null);
  answers.schema = form.dataset.schema;
  for (const field of form.querySelectorAll("[data-path]")) {
    const value = answered(field);
    if (value !== null) put(answers, JSON.parse(field.dataset.path), value);
  }
  for (const list of form.querySelectorAll("[data-rows]")) {
    const rows = [];
    for (const element of list.querySelectorAll("[data-row]")) {
      const row = Object.create(null);
      for (const field of element.querySelectorAll("[data-key]")) {
        const value = answered(field);
        if (value !== null) row[field.dataset.key] = value;
      }
      if (Object.keys(row).length > 0) rows.push(row);
    }
    if (rows.length > 0) put(answers, JSON.parse(list.dataset.rows), rows);
  }
  return answers;
}

function addRow(list) {
  const row = list.querySelector("template").content.cloneNode(true);
  const place = list.querySelector("[data-add]");
  list.insertBefore(row, place);
  place.previousElementSibling.querySelector("input, select, textarea").focus();
}

function save(form) {
  const status = document.getElementById("status");
  if (!form.reportValidity()) {
    status.textContent = "Not saved: an answer is missing or of the wrong form.";
    return;
  }
  const text = JSON.stringify(collect(form), null, 2) + "\n";
  const shown = document.getElementById("json");
  shown.value = text;
  shown.parentElement.hidden = false;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "answers.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  status.textContent = "Saved as answers.json; nothing was sent anywhere.";
}

function start() {
  const form = document.getElementById("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(form);
  });
  form.addEventListener("click", (event) => {
    const button = event.target;
    if (button.matches("[data-add]")) addRow(button.parentElement);
    if (button.matches("[data-remove]")) {
      const list = button.closest("[data-rows]");
      button.closest("[data-row]").remove();
      list.querySelector("[data-add]").focus();
    }
  });
}

start();
