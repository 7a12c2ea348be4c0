/** WGSL ready to compile. `name` says which files and variant it was made of, and is what error messages show. */
export interface Shader {
  readonly name: string;
  readonly code: string;
}

/**
 * Joins pieces of WGSL into one shader.
 *
 * Each constant becomes `const NAME: u32`. Lines between `//: repeat i COUNT` and `//: end` are written COUNT times
 * with `{i}` replaced by 0, 1, … (and `{i/4}` and `{i%4}` by what that gives): register tiles need their sums as separate
 * variables, and a loop over an array of them is slow. Repeats nest. A line `//: paste NAME` becomes the snippet of that name: statements that several kernels
 * share and that no function could hold, since they work on dozens of variables. Lines that enable an extension come first,
 * as WGSL wants it.
 *
 * @throws {SyntaxError} on a repeat without end, of an unknown constant, or an unknown snippet
 */
export function composeShader(
  name: string,
  pieces: readonly string[],
  constants: Readonly<Record<string, number>> = {},
  snippets: Readonly<Record<string, string>> = {},
): Shader {
  const header = Object.entries(constants).map(([key, value]) => `const ${key}: u32 = ${value}u;`);
  const lines = pieces.flatMap((piece) => piece.split('\n')).flatMap((line) => paste(line, snippets, name));
  const enables = new Set(lines.filter(isEnable));
  const rest = lines.filter((line) => !isEnable(line));
  return { name, code: [...enables, ...header, ...expand(rest, constants, name)].join('\n') };
}

function isEnable(line: string): boolean {
  return line.startsWith('enable ');
}

const PASTE = /^\s*\/\/: paste (\w+)\s*$/;

function paste(line: string, snippets: Readonly<Record<string, string>>, name: string): string[] {
  const [, wanted] = PASTE.exec(line) ?? [];
  if (wanted === undefined) return [line];
  const snippet = snippets[wanted];
  if (snippet === undefined) throw new SyntaxError(`${name}: "paste ${wanted}" names no snippet`);
  return snippet.split('\n');
}

const REPEAT = /^\s*\/\/: repeat (\w+) (\w+)\s*$/;
const END = /^\s*\/\/: end\s*$/;

function expand(
  lines: readonly string[],
  constants: Readonly<Record<string, number>>,
  name: string,
): string[] {
  const out: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const repeat = REPEAT.exec(line);
    if (!repeat) {
      out.push(line);
      continue;
    }
    const [, variable = '', count = ''] = repeat;
    const times = constants[count];
    if (times === undefined)
      throw new SyntaxError(`${name}: "repeat ${variable} ${count}" names no constant`);
    const end = matchingEnd(lines, at, name);
    const body = lines.slice(at + 1, end);
    for (let i = 0; i < times; i++) {
      out.push(...expand(fill(body, variable, i), constants, name));
    }
    at = end;
  }
  return out;
}

function fill(lines: readonly string[], variable: string, value: number): string[] {
  const place = new RegExp(`\\{${variable}(?:([/%])(\\d+))?\\}`, 'g');
  return lines.map((line) =>
    line.replace(place, (_, operator?: string, by?: string) => {
      if (operator === undefined) return String(value);
      return String(operator === '/' ? Math.floor(value / Number(by)) : value % Number(by));
    }),
  );
}

function matchingEnd(lines: readonly string[], start: number, name: string): number {
  let depth = 0;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (REPEAT.test(line)) depth++;
    else if (END.test(line) && --depth === 0) return at;
  }
  throw new SyntaxError(`${name}: "${lines[start]?.trim()}" has no end`);
}
