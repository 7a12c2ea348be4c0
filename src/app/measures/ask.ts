/** Questions that take a while to answer: asked once, shown while they run, kept when answered. */
import { useCallback, useEffect } from 'react';
import { create } from 'zustand';
import { isAbort, type Job, orAborted } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { addingEnds, isAdding } from '../commands/add.ts';
import { messageOf, runJob } from '../jobs.ts';
import type { Answers } from './answers.ts';

export interface Question<T> {
  /** Questions with the same are about the same thing: a new one takes the place of the one that runs. */
  readonly slot: 'agreement' | 'correlations' | 'honesty' | 'space';
  /** All that the answer depends on, apart from the items. */
  readonly key: string;
  readonly ids: readonly Id[];
  /** What is done, for who waits. */
  readonly title: string;
  readonly kept: Answers<T>;
  run(job: Job): Promise<T>;
}

type Progress =
  | { readonly type: 'running'; readonly done: number; readonly total: number; readonly what: string }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'answered' };

interface Asked {
  readonly key: string;
  readonly ids: readonly Id[];
  readonly progress: Progress;
}

const useAsked = create<Partial<Record<Question<unknown>['slot'], Asked>>>(() => ({}));

/** What is being answered, or waits for its turn. */
interface Run {
  readonly controller: AbortController;
  /** Nobody pressed a button for it: it ends when nobody looks at it any more. */
  readonly isUnasked: boolean;
}

const runs = new Map<string, Run>();
/** Ends when nothing is being measured: each question has the device to itself, and the page one progress. */
let turn: Promise<unknown> = Promise.resolve();

/** Above so many items nothing is measured before somebody asks for it. */
const MOST_UNASKED = 3_000;

/** The answer that is kept, or a new one; its progress and a cancel show on the page. */
export async function answer<T>(question: Question<T>, job?: Job): Promise<T> {
  const { kept, key, ids, title } = question;
  return kept.get(key, ids) ?? runJob({ title }, job, (inner) => kept.answer(question, inner));
}

async function ask<T>(question: Question<T>, isUnasked: boolean): Promise<void> {
  const { slot, key, ids } = question;
  stop(slot);
  const run: Run = { controller: new AbortController(), isUnasked };
  runs.set(slot, run);
  const { signal } = run.controller;
  const tell = (progress: Progress | undefined) => {
    if (runs.get(slot) === run) useAsked.setState({ [slot]: progress && { key, ids, progress } });
  };
  tell({ type: 'running', done: 0, total: 0, what: '' });
  const before = turn;
  const work = async () => {
    await orAborted(before, signal);
    tell({ type: 'running', done: 0, total: 0, what: 'Measuring' });
    if (isAdding()) await orAborted(addingEnds(), signal);
    await answer(question, {
      signal,
      onProgress: (done, total, what) => tell({ type: 'running', done, total, what }),
    });
  };
  const working = work();
  turn = Promise.allSettled([before, working]);
  try {
    await working;
    tell({ type: 'answered' });
  } catch (error) {
    if (signal.reason === LEFT) tell(undefined);
    else tell(isAbort(error) ? { type: 'stopped' } : { type: 'failed', reason: messageOf(error) });
  }
}

function stop(slot: string, reason = new DOMException('Cancelled.', 'AbortError')): void {
  runs.get(slot)?.controller.abort(reason);
}

/** Nobody looks at a question any more: where nobody asked for its answer, either, it is not worked out. */
function leave(slot: Question<unknown>['slot'], key: string): void {
  const isRunning = useAsked.getState()[slot]?.progress.type === 'running';
  if (isRunning && runs.get(slot)?.isUnasked && useAsked.getState()[slot]?.key === key) stop(slot, LEFT);
}

const LEFT = new DOMException('Nobody looks at it any more.', 'AbortError');

export interface Answering<T> {
  readonly answer: T | undefined;
  /** Undefined where nobody asked yet. */
  readonly progress: Progress | undefined;
  start(): void;
  stop(): void;
}

/** The answer where it is known; few items are measured without being asked to. */
export function useAnswer<T>(question: Question<T> | undefined): Answering<T> {
  const asked = useAsked((state) => (question ? state[question.slot] : undefined));
  const mine = asked && question && asked.key === question.key && asked.ids === question.ids;
  const progress = mine ? asked.progress : undefined;
  const known = question?.kept.get(question.key, question.ids);
  const begin = known === undefined && progress === undefined && question !== undefined;
  useEffect(() => {
    if (begin && question.ids.length <= MOST_UNASKED) void ask(question, true);
  }, [begin, question]);
  const slot = question?.slot;
  const key = question?.key ?? '';
  useEffect(() => (slot === undefined ? undefined : () => leave(slot, key)), [slot, key]);
  const start = useCallback(() => {
    if (question) void ask(question, false);
  }, [question]);
  return { answer: known, progress, start, stop: () => question && stop(question.slot) };
}
