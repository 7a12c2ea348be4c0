import { formatCount, UnreadableFile } from '../errors.ts';
import { LIMITS } from '../limits.ts';

/** A piece of a text file that becomes one item. `line` counts from 1. */
export interface TextPiece {
  readonly text: string;
  readonly line: number;
}

/** .txt: a line an item. White space around it goes, empty lines too. */
export function readPlainText(text: string): TextPiece[] {
  return text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line, i) => ({ text: line.trim(), line: i + 1 }))
    .filter((piece) => piece.text !== '');
}

/** @returns why a piece cannot become an item, if so */
export function lengthFault({ text, line }: TextPiece): UnreadableFile | undefined {
  if (text.length <= LIMITS.textLength) return undefined;
  return new UnreadableFile(
    `has ${formatCount(text.length)} characters in the text at line ${formatCount(line)}; ` +
      `a text may have up to ${formatCount(LIMITS.textLength)}. Break it into lines`,
  );
}
