import { findRootTag } from './markup.ts';
import { decodeText, detectEncoding } from './text-encoding.ts';

export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'bmp' | 'svg';

/** What a file is, by its content. `refused` carries what it is in words: "a PDF document". */
export type Sniffed =
  | { readonly kind: 'picture'; readonly format: PictureFormat }
  | { readonly kind: 'zip' }
  | { readonly kind: 'text' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly what: string }
  | { readonly kind: 'unknown' };

interface Signature {
  readonly at: number;
  readonly bytes: string;
  readonly is: Sniffed;
}

const picture = (format: PictureFormat): Sniffed => ({ kind: 'picture', format });
const refused = (what: string): Sniffed => ({ kind: 'refused', what });

/** Magic bytes, one character a byte. Sources: WHATWG MIME Sniffing, and the formats' own specifications. */
const SIGNATURES: readonly Signature[] = [
  { at: 0, bytes: '\x89PNG\r\n\x1a\n', is: picture('png') },
  { at: 0, bytes: '\xff\xd8\xff', is: picture('jpeg') },
  { at: 0, bytes: 'GIF87a', is: picture('gif') },
  { at: 0, bytes: 'GIF89a', is: picture('gif') },
  { at: 8, bytes: 'WEBP', is: picture('webp') },
  { at: 0, bytes: '%PDF-', is: refused('a PDF document') },
  {
    at: 0,
    bytes: 'II*\0',
    is: refused('a TIFF or camera raw picture, which browsers cannot decode; export it as JPEG'),
  },
  {
    at: 0,
    bytes: 'MM\0*',
    is: refused('a TIFF or camera raw picture, which browsers cannot decode; export it as JPEG'),
  },
  {
    at: 0,
    bytes: '8BPS',
    is: refused('a Photoshop picture, which browsers cannot decode; export it as PNG'),
  },
  {
    at: 0,
    bytes: '\xff\x0a',
    is: refused('a JPEG XL picture, which most browsers cannot decode; export it as JPEG'),
  },
  {
    at: 4,
    bytes: 'JXL \r\n\x87\n',
    is: refused('a JPEG XL picture, which most browsers cannot decode; export it as JPEG'),
  },
  {
    at: 0,
    bytes: '\0\0\0\x0cjP  ',
    is: refused('a JPEG 2000 picture, which browsers cannot decode; export it as JPEG'),
  },
  { at: 0, bytes: '\0\0\x01\0', is: refused('a Windows icon') },
  { at: 0, bytes: '\x1f\x8b', is: refused('compressed with gzip') },
  { at: 0, bytes: 'Rar!\x1a\x07', is: refused('a RAR archive') },
  { at: 0, bytes: '7z\xbc\xaf\x27\x1c', is: refused('a 7-Zip archive') },
  { at: 0, bytes: '\xfd7zXZ\0', is: refused('compressed with xz') },
  { at: 257, bytes: 'ustar', is: refused('a tar archive') },
  { at: 0, bytes: '\x1aE\xdf\xa3', is: refused('a video') },
  { at: 0, bytes: 'ID3', is: refused('a sound file') },
  { at: 0, bytes: 'OggS', is: refused('a sound or video file') },
  { at: 8, bytes: 'WAVE', is: refused('a sound file') },
  { at: 8, bytes: 'AVI ', is: refused('a video') },
  { at: 0, bytes: '\x93NUMPY', is: refused('a NumPy array') },
  { at: 0, bytes: 'PAR1', is: refused('a Parquet table') },
];

/** A zip's first entry, or the end of an empty one. */
const ZIP_STARTS: readonly string[] = ['PK\x03\x04', 'PK\x05\x06'];

/** Sizes that a BMP's second header has had over the years; "BM" alone would also be the start of a sentence. */
const BMP_HEADERS: readonly number[] = [12, 16, 40, 52, 56, 64, 108, 124];

/** Bytes that are enough for everything but a drawing with long comments before its first tag. */
const HEAD = 65_536;

/** What the bytes are. The file's name has no say. Never throws. */
export function sniff(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) return { kind: 'empty' };
  const head = String.fromCharCode(...bytes.subarray(0, 300));
  if (ZIP_STARTS.some((start) => head.startsWith(start))) return sniffZip(head);
  const signature = SIGNATURES.find(({ at, bytes: magic }) => head.startsWith(magic, at));
  if (signature) return signature.is;
  if (head.startsWith('BM') && BMP_HEADERS.includes(bytes[14] ?? 0) && !bytes[15]) return picture('bmp');
  if (head.startsWith('ftyp', 4)) return sniffIsoMedia(head);
  return sniffText(bytes.subarray(0, HEAD));
}

/** Office documents and e-books are zips too; their first entry tells. */
function sniffZip(head: string): Sniffed {
  if (head.startsWith('[Content_Types].xml', 30)) return refused('an Office document');
  if (head.startsWith('mimetypeapplication/epub', 30)) return refused('an e-book');
  if (head.startsWith('mimetype', 30)) return refused('an OpenDocument file');
  if (head.startsWith('META-INF/', 30)) return refused('a Java program');
  return { kind: 'zip' };
}

/** ISO base media (AVIF, HEIC, MP4): the brands in the first box tell. */
function sniffIsoMedia(head: string): Sniffed {
  const brands = head.slice(8, Math.min(300, Math.max(16, head.charCodeAt(2) * 256 + head.charCodeAt(3))));
  if (/avi[fs]/.test(brands)) return picture('avif');
  if (/hei[cxms]|hev[cxms]|mif1/.test(brands))
    return refused('a HEIC picture, which browsers cannot decode; export it as JPEG');
  return refused('a video');
}

function sniffText(head: Uint8Array): Sniffed {
  if (!detectEncoding(head)) return { kind: 'unknown' };
  const text = decodeText(head);
  const root = findRootTag(text);
  if (root?.name === 'svg' || root?.doctype === 'svg') return picture('svg');
  const isHtml = root && (root.doctype === 'html' || HTML_TAGS.has(root.name));
  if (isHtml) return refused('an HTML page');
  if (/^[\s\ufeff]*<\?xml\s/.test(text)) return refused('an XML document');
  if (text.startsWith('{\\rtf')) return refused('an RTF document');
  return { kind: 'text' };
}

/** First tags that make a page, as WHATWG MIME Sniffing lists them, less those that Markdown may begin with. */
const HTML_TAGS: ReadonlySet<string> = new Set([
  'html',
  'head',
  'body',
  'script',
  'style',
  'title',
  'iframe',
]);
