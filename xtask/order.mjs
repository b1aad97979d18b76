// Names for the functions of a program by which they pack well once they lie in the order of their
// names (`wasm-opt --reorder-functions-by-name`): first those of one type, since bodies begin with
// their locals and end alike; among them those of one name; and of one name the short ones first.
// rustc's own names end in a hash, which would shuffle the last ones at each build.

/** What sections of a program are called by number. */
const [CUSTOM, IMPORTS, FUNCTIONS, CODE] = [0, 2, 3, 10];
/** Kinds of imports. */
const [FUNCTION, TABLE, MEMORY, GLOBAL] = [0, 1, 2, 3];
/** The part of the section with names that has those of functions. */
const FUNCTION_NAMES = 1;
/** The hash that rustc puts behind a name. */
const HASH = /::h[0-9a-f]{16}$/;

/** Reads a program from a place on. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let [value, factor, byte] = [0, 1, 0x80];
    while (byte & 0x80) {
      byte = this.byte();
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
    }
    return value;
  }

  slice(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return Buffer.from(this.slice(this.number())).toString();
  }

  /** As many as are announced of something. */
  list(read) {
    return Array.from({ length: this.number() }, (_, index) => read(index));
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }

  /** Whether the next import is a function. */
  importsFunction() {
    this.text();
    this.text();
    const kind = this.byte();
    if (kind === FUNCTION) this.number();
    else if (kind === TABLE) this.slice(1), this.limits();
    else if (kind === MEMORY) this.limits();
    else if (kind === GLOBAL) this.slice(2);
    else throw new Error(`an import of kind ${kind}, which is not known here`);
    return kind === FUNCTION;
  }
}

/** A number as programs have it. */
function encoded(number) {
  const bytes = [];
  do {
    bytes.push((number % 0x80) + (number >= 0x80 ? 0x80 : 0));
    number = Math.floor(number / 0x80);
  } while (number > 0);
  return Buffer.from(bytes);
}

const sized = (bytes) => Buffer.concat([encoded(bytes.length), bytes]);
const padded = (number) => String(number).padStart(7, "0");

/** The program with names for its functions by which they pack well. */
export function named(program) {
  const reader = new Reader(program, 8);
  const sections = [];
  while (reader.at < program.length) {
    const kind = reader.byte();
    sections.push({ kind, body: reader.slice(reader.number()) });
  }
  const reading = (kind) => new Reader(sections.find((section) => section.kind === kind)?.body ?? Buffer.from([0]));
  const imports = reading(IMPORTS);
  const imported = imports.list(() => imports.importsFunction()).filter(Boolean).length;
  const functions = reading(FUNCTIONS);
  const types = functions.list(() => functions.number());
  const code = reading(CODE);
  const sizes = code.list(() => code.slice(code.number()).length);

  const name = (index, old) => {
    const own = index - imported;
    return own < 0 ? old : `${padded(types[own])} ${old.replace(HASH, "")} ${padded(sizes[own])} ${index}`;
  };
  const renamed = (part) => {
    const names = new Reader(part);
    const count = names.number();
    const entries = [];
    for (let i = 0; i < count; i += 1) {
      const index = names.number();
      entries.push(encoded(index), sized(Buffer.from(name(index, names.text()))));
    }
    return Buffer.concat([encoded(count), ...entries]);
  };
  const rewritten = ({ kind, body }) => {
    const section = new Reader(body);
    if (kind !== CUSTOM || section.text() !== "name") return body;
    const parts = [sized(Buffer.from("name"))];
    while (section.at < body.length) {
      const part = section.byte();
      const content = section.slice(section.number());
      parts.push(Buffer.from([part]), sized(part === FUNCTION_NAMES ? renamed(content) : Buffer.from(content)));
    }
    return Buffer.concat(parts);
  };
  return Buffer.concat([program.subarray(0, 8), ...sections.flatMap((section) => [Buffer.from([section.kind]), sized(Buffer.from(rewritten(section)))])]);
}
