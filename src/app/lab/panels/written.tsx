/** A line of a formula as the catalogue writes it, its "_x" and "_{x y}" set below the line. */
export function Written({ line }: { readonly line: string }) {
  return line.split(/(_\{[^}]*\}|_[\p{L}\d]+)/u).map((part, at) =>
    part.startsWith('_') ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
      <sub key={at}>{part.slice(1).replace(/[{}]/g, '')}</sub>
    ) : (
      part
    ),
  );
}
