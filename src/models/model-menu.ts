/** Models on the hub that are known to run here and may be used for anything, the suggested one first. Any other repository can be typed in. */
export interface MenuModel {
  /** On the hub. */
  readonly repository: string;
  readonly name: string;
  /** Of its weights, as they are published. */
  readonly bytes: number;
  readonly license: string;
  /** Where it does not take both pictures and texts. */
  readonly takes?: 'pictures' | 'texts';
  /** How many pictures it takes in a time, against the others here: by the multiplications that a picture costs. */
  readonly speed?: 'fast' | 'medium' | 'slow';
  /** Of 100 ImageNet photographs, how many it names right among 1,000 kinds without having learned them; where its authors publish it. */
  readonly accuracy?: number;
}

/**
 * Accuracies: of the TinyCLIP models from the table in their README (github.com/microsoft/Cream, folder TinyCLIP), of the laion2B model
 * from OpenCLIP's README (github.com/mlfoundations/open_clip).
 *
 * Speed: the same table has 2.0, 3.5 and 9.5 billion multiplications for a picture and its text. A ViT-B/32 has 88 million weights in
 * its picture part, used once for each of 50 tokens at 224 pixels and of 65 at 256: 4.4 and 5.7 billion for the picture alone. DINOv2-small
 * has 22 million for each of 257: 5.6 billion.
 */
export const MODEL_MENU: readonly MenuModel[] = [
  {
    repository: 'wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M',
    name: 'TinyCLIP 8M',
    bytes: 93_800_000,
    license: 'MIT',
    speed: 'fast',
    accuracy: 41.1,
  },
  {
    repository: 'wkcn/TinyCLIP-ViT-40M-32-Text-19M-LAION400M',
    name: 'TinyCLIP 40M',
    bytes: 337_000_000,
    license: 'MIT',
    speed: 'fast',
    accuracy: 59.8,
  },
  {
    repository: 'wkcn/TinyCLIP-ViT-39M-16-Text-19M-YFCC15M',
    name: 'TinyCLIP 39M',
    bytes: 332_000_000,
    license: 'MIT',
    speed: 'slow',
    accuracy: 63.5,
  },
  {
    repository: 'laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
    name: 'CLIP ViT-B/32, LAION-2B',
    bytes: 605_000_000,
    license: 'MIT',
    speed: 'medium',
    accuracy: 66.6,
  },
  {
    repository: 'laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K',
    name: 'CLIP ViT-B/32 at 256 pixels, DataComp',
    bytes: 605_000_000,
    license: 'MIT',
    speed: 'medium',
  },
  {
    repository: 'facebook/dinov2-small',
    name: 'DINOv2 small',
    bytes: 88_200_000,
    license: 'Apache-2.0',
    takes: 'pictures',
    speed: 'medium',
  },
  {
    repository: 'sentence-transformers/all-MiniLM-L6-v2',
    name: 'all-MiniLM-L6-v2',
    bytes: 90_900_000,
    license: 'Apache-2.0',
    takes: 'texts',
  },
];
