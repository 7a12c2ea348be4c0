import { Button, Group, Text } from '@mantine/core';
import { type ComponentType, type ReactNode, useCallback, useEffect, useState } from 'react';
import { notify } from '../jobs.ts';

interface LazyOptions {
  /** As it begins a sentence: "The models panel". */
  readonly name: string;
  /** Seen until it is there. */
  readonly fallback?: ReactNode;
  /** Where it says that it cannot be loaded: in its own place, or in a notice where that is too small. */
  readonly fails?: 'here' | 'notice';
}

type Loading<Props> = 'loading' | 'failed' | { readonly Panel: ComponentType<Props> };

/**
 * A part of the page whose code comes when it is first shown. Without a network, or after a new version was put in place of this one,
 * it may not come: then it says so and can be asked for again, and the rest of the page goes on.
 */
export function lazyPanel<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { name, fallback = null, fails = 'here' }: LazyOptions,
): ComponentType<Props> {
  // Kept, so that it is there at once when it is shown again.
  let known: ComponentType<Props> | undefined;
  return function LazyPanel(props: Props) {
    const [loading, setLoading] = useState<Loading<Props>>(known ? { Panel: known } : 'loading');
    const begin = useCallback(() => {
      setLoading('loading');
      load().then(
        (Panel) => {
          known = Panel;
          setLoading({ Panel });
        },
        (error: unknown) => {
          console.warn(error);
          setLoading('failed');
          if (fails === 'notice') notify('error', reasonOf(name), { label: 'Try again', run: begin });
        },
      );
    }, []);
    useEffect(() => {
      if (!known) begin();
    }, [begin]);
    if (loading === 'loading') return fallback;
    if (loading !== 'failed') return <loading.Panel {...props} />;
    return fails === 'here' ? <NotLoaded name={name} onRetry={begin} /> : null;
  };
}

const reasonOf = (name: string): string =>
  `${name} could not be loaded: there is no connection, or a newer version of this page is out.`;

function NotLoaded({ name, onRetry }: { readonly name: string; readonly onRetry: () => void }) {
  return (
    <div className="not-loaded" role="alert">
      <Text size="sm">{reasonOf(name)} What is in the collection is kept when you reload.</Text>
      <Group gap={8} mt={8}>
        <Button size="compact-sm" onClick={onRetry}>
          Try again
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
          Reload the page
        </Button>
      </Group>
    </div>
  );
}
