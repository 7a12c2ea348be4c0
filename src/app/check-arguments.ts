/** Throws when a value will not do; `name` is what the caller calls it, as in `k` or `ids[3]`. */
export type Check = (name: string, value: unknown) => void;

/** A value as a message shows it: `7`, `"foo"`, `missing`, `a Promise`. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return `${/^[AEIO]/.test(tag) ? 'an' : 'a'} ${tag}`;
}

const sentence = (name: string, value: unknown, wanted: string) =>
  `${name} is ${shown(value)}; it must be ${wanted}.`;

/** The check of a value's type: a TypeError that tells what was `wanted`. */
export function is(wanted: string, test: (value: unknown) => boolean): Check {
  return (name, value) => {
    if (!test(value)) throw new TypeError(sentence(name, value, wanted));
  };
}

export const string = is('a string', (value) => typeof value === 'string');

/** A string that says something. */
export const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** Leaving it out is fine. */
export function optional(check: Check): Check {
  return (name, value) => {
    if (value !== undefined) check(name, value);
  };
}

export function oneOf(choices: readonly unknown[]): Check {
  return (name, value) => {
    if (!choices.includes(value)) throw new RangeError(sentence(name, value, `one of ${choices.join(', ')}`));
  };
}

export function numberIn(from: number, to: number): Check {
  return inRange(`a number from ${from} to ${to}`, (value) => value >= from && value <= to);
}

export function wholeNumber(from: number, to = Number.MAX_SAFE_INTEGER): Check {
  const range = to === Number.MAX_SAFE_INTEGER ? `of ${from} or more` : `from ${from} to ${to}`;
  return inRange(
    `a whole number ${range}`,
    (value) => Number.isInteger(value) && value >= from && value <= to,
  );
}

function inRange(wanted: string, test: (value: number) => boolean): Check {
  return (name, value) => {
    if (typeof value !== 'number') throw new TypeError(sentence(name, value, wanted));
    if (!test(value)) throw new RangeError(sentence(name, value, wanted));
  };
}

/** An array whose items all pass `check`; `what` names them in the plural. */
export function listOf(what: string, check: Check): Check {
  return (name, value) => {
    if (!Array.isArray(value)) throw new TypeError(sentence(name, value, `an array of ${what}`));
    // Not forEach, which passes over holes.
    for (let at = 0; at < value.length; at++) check(`${name}[${at}]`, value[at]);
  };
}

/** An object whose values all pass `check`, under whatever names. */
export function recordOf(what: string, check: Check): Check {
  return (name, value) => {
    if (!isObject(value)) throw new TypeError(sentence(name, value, `an object of ${what}`));
    for (const [key, each] of Object.entries(value)) check(`${name}.${key}`, each);
  };
}

/** Checks the values of an object each by its name; `example` shows a right one, `name` is the object's own where it has one. */
export function checkOptions(
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  example: string,
  name?: string,
): void {
  if (!isObject(options))
    throw new TypeError(sentence(name ?? 'The argument', options, `an object, as in ${example}`));
  const prefix = name === undefined ? '' : `${name}.`;
  for (const key in checks) checks[key]?.(`${prefix}${key}`, Reflect.get(options, key));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}
