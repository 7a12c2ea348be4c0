/** Several thousand tokens in most scripts, where nearly all networks read some hundred. */
const MOST_CHARACTERS = 20_000;

/** A text's beginning, which is all that most networks read of it: tokenizers take long over whole books, or run out of stack. */
export function cutText(text: string): string {
  // Half a character would be another one.
  return text.length <= MOST_CHARACTERS
    ? text
    : text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
}
