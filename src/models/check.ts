import type { z } from 'zod';
import { InvalidModelFile } from './errors.ts';

/**
 * A value of a model's file, as its schema has it.
 *
 * @param value parsed, and not trusted
 * @param at where in the file it lies, for messages
 * @throws {InvalidModelFile} naming the place of what is wrong
 */
export function check<T extends z.ZodType>(
  schema: T,
  value: unknown,
  file: string,
  ...at: string[]
): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [...at, ...(issue?.path ?? [])].join('.');
  throw new InvalidModelFile(
    file,
    `${place === '' ? 'it' : `"${place}"`}: ${issue?.message ?? 'not understood'}`,
  );
}
