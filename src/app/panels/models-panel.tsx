import { Alert, Stack, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isAbort } from '../../common/job.ts';
import { refreshModels, useModels } from '../commands/models.ts';
import { messageOf, notify } from '../jobs.ts';
import { JobCard, useOwnJobs } from './job-strip.tsx';
import { ModelsAdd } from './models-add.tsx';
import { ModelsStored } from './models-stored.tsx';

/** Runs what a button of this panel asked for; what fails is told in the panel, or as a notice where it has been closed. */
export type Attempt = (work: () => Promise<unknown>) => void;

/** Which model is in use, which are stored, and how to get more. */
export function ModelsPanel() {
  const [fault, setFault] = useState<string>();
  const attempt = useAttempt(setFault);
  const { models, persistent } = useModels();
  const jobs = useOwnJobs();
  const isBusy = jobs.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: speeds are measured by what runs, and are read again when it ends
  useEffect(() => {
    refreshModels().catch((error: unknown) => setFault(messageOf(error)));
  }, [isBusy]);

  return (
    <Stack gap="md">
      {fault !== undefined && (
        <Alert
          // The button that failed may be far below.
          ref={(alert) => alert?.scrollIntoView({ block: 'nearest' })}
          color="red"
          role="alert"
          title="That did not work"
          withCloseButton
          closeButtonLabel="Close this message"
          onClose={() => setFault(undefined)}
        >
          {fault} The model in use goes on working.
        </Alert>
      )}
      {jobs.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
      <section aria-label="Models here">
        <Title order={3} size="h5" mb={6}>
          Here
        </Title>
        {models ? <ModelsStored models={models} attempt={attempt} /> : <Text size="sm">Reading…</Text>}
        {!persistent && (
          <Text size="sm" c="var(--quiet)" mt={6}>
            This browser keeps nothing here (a private window?). Added models go when the page is closed.
          </Text>
        )}
      </section>
      <ModelsAdd models={models ?? []} attempt={attempt} />
    </Stack>
  );
}

function useAttempt(setFault: (text: string | undefined) => void): Attempt {
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);
  return useCallback(
    (work) => {
      setFault(undefined);
      work().catch((error: unknown) => {
        if (isAbort(error)) return;
        console.warn(error);
        if (isOpen.current) setFault(messageOf(error));
        else notify('error', messageOf(error));
      });
    },
    [setFault],
  );
}
