// What a person does in the Lab, and what can be read off it.
import { expect, open } from "./fixtures.mjs";

/** An experiment as a link's fragment; `rest` may hold more of it, such as "&step=150". */
export const fragment = (experiment, rest = "") => `#lab=${encodeURIComponent(JSON.stringify({ version: 1, ...experiment }))}${rest}`;

/** A run with a constant step size. */
export const constant = (eta) => ({ policy: { name: "constant", eta } });

export const play = (page) => page.getByRole("button", { name: "Play", exact: true });
export const pause = (page) => page.getByRole("button", { name: "Pause", exact: true });
export const scrubber = (page) => page.getByRole("slider", { name: "Step shown" });
export const speed = (page) => page.getByRole("slider", { name: "Speed", exact: true });
export const eta = (page, run) => page.getByRole("textbox", { name: `step size of run ${run}` });
export const steps = (page) => page.getByRole("textbox", { name: "steps at the most" });
export const start = (page, coordinate) => page.getByRole("textbox", { name: `start ${coordinate} ` });
export const objective = (page) => page.getByRole("combobox", { name: "Objective" });
export const policy = (page, run) => page.getByRole("combobox", { name: `Policy of run ${run}` });
export const cards = (page) => page.getByRole("listitem", { name: /^Policy \d/ });
export const chart = (page, name) => page.getByRole("figure", { name }).getByRole("img");
export const notice = (page) => page.getByRole("region", { name: "Charts" }).getByRole("alert");

/** The step shown. */
export const stepOf = async (page) => Number((await page.locator(".clock strong").textContent()).replace(/\D/g, ""));

/** Waits until `step` is shown. */
export const expectStep = (page, step, options) => expect.poll(() => stepOf(page), options).toBe(step);

/** Waits until time moves past `step`. */
export const expectBeyond = (page, step, options) => expect.poll(() => stepOf(page), options).toBeGreaterThan(step);

/** Types a value into a field and leaves it with Enter. */
export async function type(field, text) {
  await field.fill(text);
  await field.press("Enter");
}

/** Moves the scrubber to `step` and waits until it is shown. */
export async function seek(page, step) {
  await scrubber(page).fill(String(step));
  await expectStep(page, step);
  await scrubber(page).blur();
}

/** Opens an experiment at a step, paused. */
export async function openAt(page, experiment, step, rest = "") {
  await open(page, fragment(experiment, `&step=${step}${rest}`));
  await expectStep(page, step);
}

/** Opens the default scene, paused at `step`. */
export async function openDefault(page, step) {
  await open(page);
  await pause(page).click();
  await seek(page, step);
}

/** What stands in the fields and readings at the step shown, and where the runs are: all of it read at one instant. */
export const readings = (page) =>
  page.evaluate(() => {
    const text = (element) => element.textContent.trim();
    const label = (name) => document.querySelector(`figure.is-${name} canvas`).getAttribute("aria-label");
    return {
      step: text(document.querySelector(".clock strong")),
      runs: [...document.querySelectorAll("li.policy:not(.is-ghost)")].map((card) => ({
        policy: card.querySelector("select").selectedOptions[0].label,
        phase: text(card.querySelector(".phase")),
        ...Object.fromEntries(
          [...card.querySelectorAll(".readings > div")].map((reading) => [
            (reading.querySelector("label") ?? reading.firstElementChild).firstChild.textContent,
            reading.querySelector("input")?.value ?? text(reading.lastElementChild),
          ]),
        ),
        fields: [...card.querySelectorAll(".fields input, .fields select")].map((field) => `${field.id}: ${field.value}`),
      })),
      loss: label("slot0").match(/(?<=: )\S+(?= at this step)/g),
      places: label("landscape"),
    };
  });

/** The readings of one run alone. */
export async function readingsOf(page, run) {
  const { runs, loss, places } = await readings(page);
  return { ...runs[run - 1], loss: loss[run - 1], place: places.split(/[.;] /)[run] };
}

/** All four charts as pictures. */
export const pictures = (page) =>
  page.evaluate(() => Object.fromEntries([...document.querySelectorAll("figure")].map((figure) => [figure.className, figure.querySelector("canvas").toDataURL()])));

/** The experiment that the address holds, once it is up to date. */
export async function experimentOf(page) {
  return decode(await copyLink(page)).experiment;
}

/** Copies the link and returns it. */
export async function copyLink(page) {
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Link copied" })).toBeVisible();
  return page.url();
}

/** What a link of the page holds. */
export function decode(link) {
  const parts = new Map(new URL(link).hash.slice(1).split("&").map((part) => part.split(/=(.*)/s)));
  const exchange = { "'": '"', '"': "'" };
  return {
    experiment: JSON.parse(decodeURIComponent(parts.get("lab")).replace(/["']/g, (quote) => exchange[quote])),
    step: parts.has("step") ? Number(parts.get("step")) : undefined,
    theme: parts.get("theme"),
  };
}

/** Waits for `count` frames. */
export const frames = (page, count) =>
  page.evaluate(async (wanted) => {
    for (let i = 0; i < wanted; i += 1) await new Promise(requestAnimationFrame);
  }, count);

/** How many pixels of a chart have nearly the color of run `number`, as the style sheet has it. */
export const pixelsOf = (canvas, number) =>
  canvas.evaluate((element, name) => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [element.width, element.height];
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    context.clearRect(0, 0, 1, 1);
    context.drawImage(element, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const distance = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b);
      if (distance <= 24 && data[i + 3] > 150) found += 1;
    }
    return found;
  }, `--run-${number - 1}`);
