import { type ReactNode, useState } from 'react';

/** What is shown on demand; it is only made then, as numbers behind it change many times a second. */
export function Folded(props: {
  readonly summary: string;
  readonly isOpen?: boolean;
  /** Whether few are expected to open it. */
  readonly isQuiet?: boolean;
  readonly children: () => ReactNode;
}) {
  const { summary, isOpen = false, isQuiet = false, children } = props;
  const [open, setOpen] = useState(isOpen);
  return (
    <details
      className="lab-details"
      data-quiet={isQuiet || undefined}
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{summary}</summary>
      {open && children()}
    </details>
  );
}
