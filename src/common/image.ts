/** Pixels in memory: RGBA, 8 bits a channel, not premultiplied, row-major from the top left; `data` has width × height × 4 bytes. */
export interface RgbaImage {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** How a model wants its pictures: the central `crop` share (0..1] of the shorter side, as a square of `size` pixels. */
export interface PicturePreparation {
  readonly size: number;
  readonly crop: number;
  /** The same to the pixel, where a model says it: whoever can do this does it, and the rest is only near to it. */
  readonly framing?: Framing | undefined;
}

/** How a picture becomes a square of `side` pixels, step by step. Plain data, which can be sent to whoever decodes pictures. */
export interface Framing {
  /** To a size, or so that the shorter side has a length and the form is kept. */
  readonly resize: PixelSize | { readonly shortest: number } | undefined;
  readonly filter: 'lanczos' | 'bilinear' | 'bicubic';
  /** The middle; what it has beyond the picture is black. */
  readonly crop: PixelSize | undefined;
  /** Where the middle lies when an odd number of pixels is cut off: transformers rounds down, torchvision to even. */
  readonly cropRounding: 'down' | 'even';
  readonly side: number;
}

interface PixelSize {
  readonly width: number;
  readonly height: number;
}
