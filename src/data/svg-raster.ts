import { UnreadableFile } from './errors.ts';
import { LIMITS, SIZES } from './limits.ts';
import type { PictureSize } from './readers/bytes.ts';
import { decodeText } from './readers/text-encoding.ts';

/**
 * Draws an SVG on the page: workers cannot. It goes through an `<img>`, where the browser runs no scripts and loads
 * nothing from elsewhere.
 *
 * @param size     as its header states it
 * @param shorter  pixels that the shorter side should have at least, for the model's square
 * @throws {UnreadableFile} when it is damaged or the browser does not draw it
 */
export async function rasterizeSvg(file: Blob, size: PictureSize, shorter: number): Promise<ImageBitmap> {
  const target = rasterSize(size, shorter);
  const sized = withSize(decodeText(new Uint8Array(await file.arrayBuffer())), size, target);
  try {
    const image = new Image(target.width, target.height);
    // Drawn from a blob's address, an SVG with HTML inside (Illustrator writes those) would make the canvas unreadable in Chrome.
    image.src = `data:image/svg+xml,${encodeURIComponent(sized)}`;
    await inTime(image.decode());
    const canvas = new OffscreenCanvas(target.width, target.height);
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, target.width, target.height);
    context?.getImageData(0, 0, 1, 1); // throws where the browser keeps the pixels to itself
    return canvas.transferToImageBitmap();
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    if (error instanceof DOMException && error.name === 'SecurityError')
      throw new UnreadableFile(
        'is an SVG with a web page inside, which browsers do not give out. Export it as PNG',
      );
    throw new UnreadableFile('is a damaged SVG: the browser cannot draw it');
  }
}

/** The browser goes on with a drawing that takes too long, but the files behind it no longer wait. */
async function inTime(drawn: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new UnreadableFile('is an SVG that takes too long to draw. Export it as PNG')),
      LIMITS.svgDrawing,
    );
  });
  try {
    await Promise.race([drawn, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Large enough for the preview and the model, small enough to be drawn at once. */
export function rasterSize(size: PictureSize, shorter: number): PictureSize {
  const least = Math.min(size.width, size.height);
  const most = Math.max(size.width, size.height);
  const scale = Math.min(Math.max(SIZES.preview / most, shorter / least), SIZES.rasterized / most);
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

/** Browsers draw an SVG at its own size, and some draw none without one: the root is given the size that is wanted. */
function withSize(text: string, size: PictureSize, target: PictureSize): string {
  const document = new DOMParser().parseFromString(text, 'image/svg+xml');
  const root = document.documentElement;
  if (root.localName !== 'svg' || document.querySelector('parsererror'))
    throw new UnreadableFile('is a damaged SVG: it is no well-formed XML');
  if (!root.hasAttribute('viewBox')) root.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  root.setAttribute('width', String(target.width));
  root.setAttribute('height', String(target.height));
  // Drawings from before namespaces were checked still say what they are.
  if (root.namespaceURI === null) root.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(document);
}
