/** The labels in what was typed: parts between commas, each once. */
export function labelsIn(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}
