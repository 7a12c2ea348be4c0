/** What is taken in, and no more. Every refusal names the limit, so a person knows what to do. */
export const LIMITS = {
  /** Decoded, a picture takes 4 bytes a pixel: 100 megapixels are 400 MB, about what a laptop's tab can spare. */
  picturePixels: 100_000_000,
  /** Browsers hold no bitmap with a longer side (a signed 16-bit number in their rasterizers). */
  pictureSide: 32_767,
  /** A file is held whole while it is hashed and decoded, up to four at a time. No 100-megapixel photograph is larger. */
  pictureBytes: 200_000_000,
  /** An SVG is parsed on the page itself: 8 MB of it take about a tenth of a second, more would be felt as a jerk. */
  svgBytes: 8_000_000,
  /** Illustrator's entities are a few namespaces and styles; unfolded, the text is parsed and written once more on the page. */
  svgEntityText: 1_000_000,
  /** Drawn on the page itself: 100,000 small paths took 6 s in a software-rendered Chromium, half of them are bearable. */
  svgElements: 50_000,
  /** Elements that `<use>`, patterns, masks and the like add to a file's own: 20,000 by `<use>` took 1.5 s, measured alike. */
  svgUnfolded: 20_000,
  /** Milliseconds that the browser may take to make a picture of an SVG; then the next file has its turn. */
  svgDrawing: 20_000,
  /** Pixels in decoding at one moment, over all workers: two phone photographs each for four workers, or one huge picture. */
  pixelsInDecoding: 100_000_000,
  /** A text file is split in memory. 20 MB are some 200,000 lines. */
  textBytes: 20_000_000,
  /** A text model reads the first few hundred words; a longer "line" is not a line but a file without line ends. */
  textLength: 10_000,
  /** Items from one text file: what the map is made for. */
  textsPerFile: 100_000,
  /** Larger zips are a backup rather than a collection. An opened folder has no such limit. */
  zipBytes: 4_000_000_000,
  /** As many files as the map is made for. */
  zipEntries: 100_000,
  /** A model's weights in a zip are unpacked in memory before they are stored; those in a folder are read in parts. */
  packedModelBytes: 1_000_000_000,
  /** Entries are unpacked one by one and never kept, so this bounds time rather than memory: about an hour of decoding. */
  zipUnpackedBytes: 16_000_000_000,
  /** Deflate reaches 1,032 : 1 only on one repeated byte; flat drawings as BMP reach about 100 : 1. */
  zipRatio: 200,
  /** Small files may be as empty as they like: the ratio counts from this unpacked size. */
  zipRatioFrom: 20_000_000,
} as const;

/** Sizes of what is made of a picture, in pixels of its longest side. */
export const SIZES = {
  /** The map's atlases hold pictures of this size. */
  thumbnail: 128,
  /** What a click shows. */
  preview: 512,
  /** An SVG has any size; at most this one is drawn. */
  rasterized: 2048,
} as const;
