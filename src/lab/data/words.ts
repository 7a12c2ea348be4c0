/** Words that come with pictures, as a text encoder sees them. */

/** Ids in a caption, with the first and the last that frame it. */
export const WORD_TOKENS = 20;
const FRAME = ['<pad>', '<start>', '<end>', '<unknown>'];
const START = 1;
const END = 2;
const UNKNOWN = 3;
// What one picture alone has is nothing that another could be told by.
const LEAST_PICTURES_OF_WORD = 2;
const MOST_WORDS = 2000;

/** What cameras and programs call every file. */
const NO_WORDS = new Set(
  'img dsc dscn dscf pxl mvimg image picture photo foto screenshot screen shot untitled whatsapp scan copy final file'.split(
    ' ',
  ),
);

/** Different words of some texts, in their order: letters only, in lower case, without what says nothing. */
export function wordsOf(texts: readonly string[]): string[] {
  const found = texts.flatMap(
    (text) =>
      text
        .normalize('NFC')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
  );
  return [...new Set(found)].filter((word) => /^\p{L}{2,}$/u.test(word) && !NO_WORDS.has(word));
}

/** The four tokens that fill and frame, then the most frequent words of at least two captions, and not of all, in alphabetical order. */
export function vocabularyOf(captions: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const word of captions.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts]
    .filter(([, count]) => count >= LEAST_PICTURES_OF_WORD && count < captions.length)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word]) => word);
  return [...FRAME, ...words.sort()];
}

/** Ids of captions: start, words, end, filled up; words outside of the vocabulary are `<unknown>`. */
export function createTokenizer(
  vocabulary: readonly string[],
): (words: readonly string[]) => Int32Array<ArrayBuffer> {
  const ids = new Map(vocabulary.map((word, id) => [word, id]));
  return (words) => {
    const kept = words.slice(0, WORD_TOKENS - 2).map((word) => ids.get(word) ?? UNKNOWN);
    const tokens = new Int32Array(WORD_TOKENS);
    tokens.set([START, ...kept, END]);
    return tokens;
  };
}
