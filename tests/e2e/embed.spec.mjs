// The page inside of another one: what a lecturer who puts it among the slides relies on.
import { expect, test } from "./fixtures.mjs";
import { constant, fragment, frames, openDefault } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const river = { objective: { name: "river", a: 0.05, y0: 3 }, start: [0.001, 1], runs: [constant(0.5), constant(0.35)], steps: 400 };

/** A page around the frame, which notes what it is told. */
async function host(page, query, rest = "&step=60", tall = 2000) {
  await page.route("**/host.html", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><title>Host</title><p style="height: ${tall}px">Slides</p><iframe id="flatland" title="Flatland" width="800" height="420"></iframe>`,
    }),
  );
  await page.goto("./host.html");
  await page.evaluate((address) => {
    globalThis.heard = [];
    addEventListener("message", ({ data }) => globalThis.heard.push(data));
    document.getElementById("flatland").src = address;
  }, `./?embed=1${query}${fragment(river, rest)}`);
  const heard = (type) => page.evaluate((wanted) => globalThis.heard.filter((data) => data.flatland === 1 && data.type === wanted), type);
  const say = (message) => page.evaluate((data) => document.getElementById("flatland").contentWindow.postMessage({ flatland: 1, ...data }, "*"), message);
  await expect.poll(async () => (await heard("ready")).length).toBe(1);
  const frame = page.frameLocator("#flatland");
  const step = async () => Number((await frame.locator(".clock strong").textContent()).replace(/\D/g, ""));
  return { frame, heard, say, step };
}

test("a frame shows the charts that are asked for, without the controls", async ({ page }) => {
  const { frame } = await host(page, "&show=chart2,scene");
  await expect(frame.locator(".is-slot1 canvas")).toBeVisible();
  await expect(frame.locator(".is-landscape canvas")).toBeVisible();
  for (const hidden of [".is-slot0", ".is-slot2", ".rail", ".masthead"]) await expect(frame.locator(hidden)).toBeHidden();
  await expect(frame.getByRole("button", { name: "Play" })).toBeVisible();
});

test("a frame with controls has the sliders, with the whole board or a part of it", async ({ page }) => {
  for (const [query, hidden] of [["&show=controls", []], ["&show=chart2,controls", [".is-slot0", ".is-landscape"]]]) {
    const { frame } = await host(page, query);
    const slider = frame.getByRole("slider", { name: "Step size of run 1" });
    await slider.press("ArrowRight");
    await expect(frame.getByRole("textbox", { name: "step size of run 1" })).not.toHaveValue("0.5");
    await expect(frame.locator(".is-slot1 canvas")).toBeVisible();
    await expect(frame.locator(".masthead")).toBeHidden();
    for (const figure of hidden) await expect(frame.locator(figure)).toBeHidden();
  }
});

test("without a choice a frame shows the whole board, and autoplay lets time run from the step on", async ({ page }) => {
  const { frame, step } = await host(page, "&autoplay=1");
  for (const slot of [0, 1, 2]) await expect(frame.locator(`.is-slot${slot} canvas`)).toBeVisible();
  await expect.poll(step).toBeGreaterThan(70);
});

test("messages play, pause, step, go to a step, set an experiment and ask for the state", async ({ page }) => {
  const { heard, say, step } = await host(page, "");
  await expect.poll(step).toBe(60);
  await say({ type: "step" });
  await expect.poll(step).toBe(61);
  await say({ type: "step", by: -11 });
  await expect.poll(step).toBe(50);
  await say({ type: "goto", step: 120 });
  await expect.poll(step).toBe(120);
  await expect.poll(async () => (await heard("step")).at(-1)?.step).toBe(120);
  expect((await heard("phase")).some(({ run, name, phase }) => run === 0 && name === "Constant step η = 0.5" && phase !== "")).toBe(true);
  await say({ type: "play" });
  await expect.poll(step).toBeGreaterThan(125);
  await say({ type: "pause" });
  await say({ type: "getState", id: 7 });
  await expect.poll(async () => (await heard("state")).length).toBe(1);
  const [{ id, state }] = await heard("state");
  expect(id).toBe(7);
  expect(state).toMatchObject({ title: "River", playing: false, step: await step(), experiment: { steps: 400 } });
  await say({ type: "set", experiment: { version: 1, objective: { name: "double-well" }, runs: [{ policy: { name: "constant", eta: 0.9 } }] } });
  await expect.poll(async () => (await heard("phase")).at(-1)?.name).toBe("Constant step η = 0.9");
  await say({ type: "set", link: state.link });
  await say({ type: "getState", id: 8 });
  await expect.poll(async () => (await heard("state")).at(-1)).toMatchObject({ id: 8, state: { title: "River" } });
});

test("a change by hand is told with the whole experiment, and nothing is told without one", async ({ page }) => {
  const { frame, heard, say, step } = await host(page, "&show=controls");
  await expect.poll(step).toBe(60);
  expect(await heard("experiment")).toEqual([]);
  await frame.locator("#start-0").fill("0.25");
  await frame.locator("#start-0").press("Enter");
  await expect.poll(async () => (await heard("experiment")).at(-1)?.experiment.start).toEqual([0.25, 1]);
  await say({ type: "set", experiment: { version: 1, objective: { name: "double-well" }, runs: [{ policy: { name: "polyak" } }] } });
  await expect.poll(async () => (await heard("experiment")).at(-1)?.experiment.objective.name).toBe("double-well");
});

test("a message that makes no sense is answered and changes nothing", async ({ page }) => {
  const { heard, say, step } = await host(page, "");
  for (const message of [{ type: "fly" }, { type: "toString" }, { type: "goto", step: "north" }, { type: "set", experiment: { version: 9 } }, { type: "set" }]) await say({ id: message.type, ...message });
  await expect.poll(async () => (await heard("error")).length).toBe(5);
  expect((await heard("error"))[0]).toMatchObject({ id: "fly", message: /play, pause/ });
  await expect.poll(step).toBe(60);
});

test("keys belong to the page around until the frame is clicked, and Escape gives them back", async ({ page }) => {
  const { frame, step } = await host(page, "", "&step=60", 0);
  await frame.getByRole("button", { name: "Play" }).focus();
  await page.keyboard.press("ArrowRight");
  await frames(page, 10);
  expect(await step()).toBe(60);
  await frame.locator(".clock").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("ArrowRight");
  await expect.poll(step).toBe(61);
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement.id)).not.toBe("flatland");
  await page.keyboard.press("ArrowRight");
  await frames(page, 10);
  expect(await step()).toBe(61);
});

test("a frame leaves the history of the page around alone", async ({ page }) => {
  const { say, heard } = await host(page, "");
  const before = await page.evaluate(() => history.length);
  await say({ type: "set", experiment: { version: 1, objective: { name: "double-well" }, runs: [{ policy: { name: "polyak" } }] } });
  await expect.poll(async () => (await heard("phase")).at(-1)?.name).toMatch(/Polyak/);
  await page.waitForTimeout(1000);
  expect(await page.evaluate(() => history.length)).toBe(before);
});

test("the export dialog gives the frame for what is shown", async ({ page }) => {
  await openDefault(page, 80);
  await page.keyboard.press("s");
  const dialog = page.getByRole("dialog", { name: "Export" });
  await dialog.getByRole("combobox", { name: "Show" }).selectOption("chart2");
  await dialog.getByRole("button", { name: "Copy frame" }).click();
  await expect(dialog.getByRole("status")).toContainText("Copied");
  const html = await page.evaluate(() => navigator.clipboard.readText());
  const address = await page.evaluate((text) => new DOMParser().parseFromString(text, "text/html").querySelector("iframe").getAttribute("src"), html);
  expect(address).toContain("?embed=1&show=chart2#lab=");
  await page.goto(address);
  await expect(page.locator(".is-slot1 canvas")).toBeVisible();
  await expect(page.locator(".is-slot0")).toBeHidden();
  await expect(page.locator(".clock strong")).toHaveText("80");
});

test("what a frame will show can be looked at before it is copied", async ({ page }) => {
  await openDefault(page, 60);
  await page.keyboard.press("s");
  const dialog = page.getByRole("dialog", { name: "Export" });
  const frame = page.frameLocator(".share-preview");
  await dialog.getByRole("combobox", { name: "Show" }).selectOption("chart2");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(frame.locator(".is-slot1 canvas")).toBeVisible();
  await expect(frame.locator(".is-slot0")).toBeHidden();
  await expect(frame.locator(".clock strong")).toHaveText("60");
  await dialog.getByRole("combobox", { name: "Show" }).selectOption("scene");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(frame.locator(".is-landscape canvas")).toBeVisible();
  await expect(frame.locator(".is-slot1")).toBeHidden();
});
