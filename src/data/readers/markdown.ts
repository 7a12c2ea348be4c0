import { LIMITS } from '../limits.ts';
import type { TextPiece } from './plain-text.ts';

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s+|$)/;
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?/;
const RULE = /^\s*(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}|=+\s*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$/;
const LINK_TARGET = /^ {0,3}\[[^\]]+\]:\s/;

/**
 * .md: a paragraph an item; so are a heading, a list's item, a table's row and a block of code. Marks are taken off, so that
 * an item reads as the words a person sees. Front matter, rules and comments are not items.
 */
export function readMarkdown(text: string): TextPiece[] {
  const lines = withoutComments(text).split(/\r\n|[\r\n]/);
  const pieces: TextPiece[] = [];
  let gathered: string[] = [];
  let start = 0;
  let fence: string | undefined;

  const finish = (code = false) => {
    const joined = code ? gathered.join('\n') : withoutMarks(gathered.join(' '));
    if (joined.trim() !== '') pieces.push({ text: joined.trim(), line: start });
    gathered = [];
  };
  const gather = (line: string, number: number) => {
    if (gathered.length === 0) start = number;
    gathered.push(line.trim());
  };

  for (let i = frontMatterLines(lines); i < lines.length; i++) {
    const raw = lines[i] ?? '';
    const number = i + 1;
    const mark = FENCE.exec(raw)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) {
        finish(true);
        fence = undefined;
      } else {
        if (gathered.length === 0) start = number;
        gathered.push(raw);
      }
      continue;
    }
    const line = raw.replace(/^(?:\s{0,3}>\s?)+/, '');
    if (mark !== undefined) {
      finish();
      fence = mark;
    } else if (HEADING.test(line)) {
      finish();
      gather(line.replace(HEADING, '').replace(/\s+#+\s*$/, ''), number);
      finish();
    } else if (line.trim() === '' || RULE.test(line) || TABLE_RULE.test(line)) {
      finish();
    } else if (LIST_ITEM.test(line)) {
      finish();
      gather(line.replace(LIST_ITEM, ''), number);
    } else if (/^\s*\|.*\|\s*$/.test(line)) {
      finish();
      gather(tableRow(line), number);
      finish();
    } else if (!LINK_TARGET.test(line)) {
      gather(line, number);
    }
  }
  finish(fence !== undefined);
  return pieces;
}

/** YAML between two lines of `---` at the very top. */
function frontMatterLines(lines: readonly string[]): number {
  if (lines[0]?.trim() !== '---') return 0;
  const end = lines.findIndex((line, i) => i > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  return end < 0 ? 0 : end + 1;
}

/** Their line ends stay, so that line numbers hold. Searched by hand: a pattern would start anew at every unclosed comment. */
function withoutComments(text: string): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('<!--', at);
    const end = start < 0 ? -1 : text.indexOf('-->', start + 4);
    if (end < 0) return kept + text.slice(at);
    kept += text.slice(at, start) + text.slice(start, end).replace(/[^\r\n]/g, '');
    at = end + 3;
  }
}

function tableRow(line: string): string {
  return line
    .split('|')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(', ');
}

function withoutMarks(text: string): string {
  // Too long to become an item in any case, and hostile brackets would cost time.
  if (text.length > 2 * LIMITS.textLength) return text;
  return text
    .replace(/!?\[([^\][]*)\](?:\([^()\s]*(?:\s+"[^"]*")?\)|\[[^\][]*\])/g, '$1')
    .replace(/<(https?:\/\/[^<>\s]+)>/g, '$1')
    .replace(/<\/?[a-zA-Z][^<>]*>/g, '')
    .replace(/(`+)([^`]+)\1/g, '$2')
    .replace(/(\*\*|__|~~)(?=\S)([^*_~]+?)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+?)\*(?![\w*])/g, '$1')
    .replace(/(?<![\w_])_(?=\S)([^_]+?)_(?![\w_])/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!|>~])/g, '$1')
    .replace(/\s+/g, ' ');
}
