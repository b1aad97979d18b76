// Fetches scripts when they are first wanted.

/** The script static/share/NAME.js. */
export const importScript = (name) => import(new URL(`./share/${name}.js`, document.baseURI).href);
