import { Fragment } from 'react';

/** Paragraphs of a lesson; *these* mark a term where it is introduced. */
export function Said({ paragraphs }: { readonly paragraphs: readonly string[] }) {
  return paragraphs.map((paragraph) => (
    <p key={paragraph}>
      <Marked text={paragraph} />
    </p>
  ));
}

/** A line of it. */
export function Marked({ text }: { readonly text: string }) {
  return text.split(/\*([^*]+)\*/).map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text stay in their places.
      <dfn key={at}>{part}</dfn>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above.
      <Fragment key={at}>{part}</Fragment>
    ),
  );
}
