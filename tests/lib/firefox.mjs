// Firefox of the long-term support release, driven by a Playwright that is newer than it: what the
// one asks and the other does not know yet, put right between the two.

/** A command of WebDriver BiDi that Firefox ESR does not have: colors and motion are as the machine has them. */
const UNKNOWN = "emulation.setMediaFeaturesOverride";

/** Events whose downloads Firefox ESR does not number: their addresses, of blobs, tell them apart. */
const UNNUMBERED = ["browsingContext.downloadWillBegin", "browsingContext.downloadEnd"];

/** Lets Playwright and the browser understand each other. */
export function interpret(browser) {
  // Playwright's own side of the connection, which its tests reach in the same way.
  const transport = browser._connection.toImpl(browser)._connection._transport;
  const [send, hear] = [transport.send.bind(transport), transport.onmessage];
  transport.send = (message) => {
    if (message.method === UNKNOWN) queueMicrotask(() => hear({ type: "success", id: message.id, result: {} }));
    else send(message);
  };
  transport.onmessage = (message) => {
    if (UNNUMBERED.includes(message.method)) message.params.download ??= message.params.url;
    hear(message);
  };
}

/** Fields of these kinds are typed into, unless it is more than anybody would. */
const TYPED = ["text", "search", "textarea"];
const MOST_TYPED = 1000;

/** An element that is to be read together with others carries its number here meanwhile. */
const NUMBER = "data-number";

/** Has what tests do with a page done in ways that this Firefox takes. */
export function adapt(page) {
  const locator = Object.getPrototypeOf(page.locator("body"));
  fillByTyping(locator);
  readTogether(locator);
}

/**
 * Has `fill` type, as people do. Playwright sets a field's value by itself, which Firefox does not
 * take for a change when the field is left or Enter is pressed.
 */
function fillByTyping(locator) {
  locator.set ??= locator.fill;
  locator.fill = async function fill(text, options) {
    const isTyped = text.length <= MOST_TYPED && TYPED.includes(await this.evaluate((element) => element.type));
    if (!isTyped) return this.set(text, options);
    await this.selectText(options);
    return text === "" ? this.press("Delete", options) : this.pressSequentially(text, options);
  };
}

/**
 * Reads many elements without handing them to the driver, which ends the browser now and then when
 * it is given a list of them: each gets a number, by which the page finds them again.
 */
function readTogether(locator) {
  locator.evaluateAll = async function evaluateAll(read, argument) {
    const count = await this.count();
    for (let number = 0; number < count; number += 1) {
      await this.nth(number).evaluate((element, [name, value]) => element.setAttribute(name, value), [NUMBER, number]);
    }
    return this.page().evaluate(`(() => {
      const all = [...document.querySelectorAll("[${NUMBER}]")].sort((a, b) => a.getAttribute("${NUMBER}") - b.getAttribute("${NUMBER}"));
      for (const element of all) element.removeAttribute("${NUMBER}");
      return (${read})(all, ${JSON.stringify(argument)});
    })()`);
  };
  locator.allTextContents = function allTextContents() {
    return this.evaluateAll((all) => all.map((element) => element.textContent));
  };
}
