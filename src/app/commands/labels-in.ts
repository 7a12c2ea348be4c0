/** The labels in what was typed: parts between commas that hold a letter or a number, each once. */
export function labelsIn(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => /[\p{L}\p{N}\p{Emoji}]/u.test(part)))];
}
