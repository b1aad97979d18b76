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

/**
 * Has `fill` type, as people do. Playwright sets a field's value by itself, which Firefox does not
 * take for a change when the field is left or Enter is pressed.
 */
export function fillByTyping(page) {
  const locator = Object.getPrototypeOf(page.locator("body"));
  locator.set ??= locator.fill;
  locator.fill = async function fill(text, options) {
    const isTyped = text.length <= MOST_TYPED && TYPED.includes(await this.evaluate((element) => element.type));
    if (!isTyped) return this.set(text, options);
    await this.selectText(options);
    return text === "" ? this.press("Delete", options) : this.pressSequentially(text, options);
  };
}
