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
}
