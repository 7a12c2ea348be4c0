import { formatBytes, formatCount, reasonFor, UnreadableFile } from './errors.ts';
import type { Id } from './item.ts';
import { LIMITS } from './limits.ts';
import type { PictureSize } from './readers/bytes.ts';
import { readMarkdown } from './readers/markdown.ts';
import { PICTURE_READERS, readPictureSize } from './readers/picture.ts';
import { lengthFault, readPlainText } from './readers/plain-text.ts';
import { type PictureFormat, sniff } from './readers/sniff.ts';
import { decodeText } from './readers/text-encoding.ts';
import { sha256, textId } from './sha256.ts';

/** What a file turned out to be, before anything is decoded. */
export type Identified =
  | {
      readonly kind: 'picture';
      readonly id: Id;
      readonly format: PictureFormat;
      /** MIME type by content */
      readonly type: string;
      readonly size: PictureSize;
    }
  | {
      readonly kind: 'texts';
      readonly texts: readonly { readonly id: Id; readonly text: string }[];
      /** Sentences about the lines that were too long. */
      readonly refused: readonly string[];
    }
  /** `reason` is a whole sentence. */
  | { readonly kind: 'refused'; readonly reason: string };

const PICTURE_NAME = /\.(?:png|jpe?g|jfif|webp|avif|gif|bmp|svg|heic|heif|tiff?|jxl|ico)$/i;
const TEXT_NAME = /\.(?:txt|text|md|markdown)$/i;
const MARKDOWN_NAME = /\.(?:md|markdown)$/i;
const EXTENSION = /[^/]\.([^./\s]{1,12})$/;

/** Names a file's content and hashes it. Never throws for what the bytes hold. */
export async function identify(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Identified> {
  try {
    const sniffed = sniff(bytes);
    const wanted = PICTURE_NAME.test(name) ? 'a picture' : TEXT_NAME.test(name) ? 'text' : undefined;
    const butNot = wanted ? `, not ${wanted}` : '';
    switch (sniffed.kind) {
      case 'picture':
        return await identifyPicture(bytes, sniffed.format);
      case 'text':
        if (wanted === 'a picture') throw new UnreadableFile('is a text file, not a picture');
        return await identifyText(bytes, name);
      case 'empty':
        throw new UnreadableFile('is empty: it has no bytes');
      case 'zip':
        throw new UnreadableFile('is a zip inside a zip, which is not opened; unpack it first');
      case 'refused':
        throw new UnreadableFile(`is ${sniffed.what}${/picture/.test(sniffed.what) ? '' : butNot}`);
      case 'unknown':
        throw new UnreadableFile(
          `is not ${wanted ?? 'a picture or text'} that this page reads (PNG, JPEG, WebP, AVIF, GIF, SVG, BMP, .txt, .md, .zip)`,
        );
    }
  } catch (error) {
    return { kind: 'refused', reason: reasonFor(name, error) };
  }
}

async function identifyPicture(bytes: Uint8Array<ArrayBuffer>, format: PictureFormat): Promise<Identified> {
  const size = readPictureSize(bytes, format);
  return { kind: 'picture', id: await sha256(bytes), format, type: PICTURE_READERS[format].type, size };
}

async function identifyText(bytes: Uint8Array, name: string): Promise<Identified> {
  // Content cannot tell a poem from a program: here alone the name decides.
  const extension = EXTENSION.exec(name)?.[1];
  if (extension !== undefined && !TEXT_NAME.test(name))
    throw new UnreadableFile(
      `is text of a kind that is not read (.${extension}); name it .txt to take every line as an item`,
    );
  if (bytes.length > LIMITS.textBytes)
    throw new UnreadableFile(
      `is ${formatBytes(bytes.length)}; text files up to ${formatBytes(LIMITS.textBytes)} are read. Split it`,
    );
  const text = decodeText(bytes);
  const pieces = MARKDOWN_NAME.test(name) ? readMarkdown(text) : readPlainText(text);
  if (pieces.length === 0) throw new UnreadableFile('holds no text: all its lines are empty');
  if (pieces.length > LIMITS.textsPerFile)
    throw new UnreadableFile(
      `has ${formatCount(pieces.length)} lines; up to ${formatCount(LIMITS.textsPerFile)} are read. Split it`,
    );
  const texts: { id: Id; text: string }[] = [];
  const refused: string[] = [];
  for (const piece of pieces) {
    const fault = lengthFault(piece);
    if (fault) refused.push(reasonFor(name, fault));
    else texts.push({ id: await textId(piece.text), text: piece.text });
  }
  return { kind: 'texts', texts, refused };
}
