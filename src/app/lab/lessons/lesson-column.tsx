import { Button, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { usePlayback } from '../playback.ts';
import { PlaybackBar } from '../playback-bar.tsx';
import { beginLesson, choose, goBack, goOn, leaveLesson, stage, useCourse } from './course.ts';
import { lessonAfter } from './lessons.ts';
import './lessons.css';
import { Marked, Said } from './said.tsx';
import { TeacherDialog } from './teacher-dialog.tsx';
import type { Lesson, LessonStep } from './types.ts';

/** The words of a lesson: a step, or at its end what to take home. */
export function LessonColumn({ lesson }: { readonly lesson: Lesson }) {
  const step = useCourse((state) => state.step);
  const isPlayed = usePlayback(({ recordings }) => recordings.length > 0);
  const here = lesson.steps[step];
  const [isTaught, setTaught] = useState(false);
  return (
    <section className="lab-run lesson" aria-label={`Lesson: ${lesson.title}`}>
      <div className="lesson-head">
        <Text size="xs" c="var(--quiet)">
          {lesson.title} · {here ? `step ${step + 1} of ${lesson.steps.length}` : 'summary'}
        </Text>
        <progress aria-label="Steps of the lesson" value={step} max={lesson.steps.length} />
      </div>
      {here ? <StepWords key={`${lesson.id} ${step}`} here={here} /> : <Summary lesson={lesson} />}
      <StagingNote />
      <div className="lesson-ways">
        <Button variant="default" disabled={step === 0} onClick={goBack}>
          Back
        </Button>
        {here && <NextButton isLast={step === lesson.steps.length - 1} />}
      </div>
      {isPlayed && here && <PlaybackBar canClose={false} />}
      <div className="lesson-foot">
        <Button size="compact-sm" variant="subtle" onClick={() => setTaught(true)}>
          Teacher’s page
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={leaveLesson}>
          Leave the lesson
        </Button>
      </div>
      <TeacherDialog lesson={isTaught ? lesson : undefined} onClose={() => setTaught(false)} />
    </section>
  );
}

function StepWords({ here }: { readonly here: LessonStep }) {
  const given = useCourse(({ answers, step }) => answers[step]);
  const heading = useRef<HTMLHeadingElement>(null);
  // A new step begins at its heading, for screen readers, too, and number keys are nobody else's there.
  useEffect(() => heading.current?.focus(), []);
  const isRevealed = given !== undefined;
  return (
    <div className="lesson-step">
      <h2 ref={heading} tabIndex={-1}>
        {here.title}
      </h2>
      <Said paragraphs={here.say} />
      <fieldset className="lesson-question">
        <legend>
          <Marked text={here.question} />
        </legend>
        {here.choices.map((choice, at) => (
          <button
            key={choice}
            type="button"
            className="lesson-choice"
            aria-pressed={given === at}
            aria-disabled={isRevealed}
            data-holds={isRevealed ? at === here.answer : undefined}
            onClick={() => choose(at)}
          >
            <kbd>{at + 1}</kbd>
            <span>
              <Marked text={choice} />
            </span>
          </button>
        ))}
      </fieldset>
      <div className="lesson-reveal" aria-live="polite">
        {isRevealed && (
          <>
            <p className="lesson-verdict" data-holds={given === here.answer}>
              {given === here.answer ? 'Yes.' : `Not quite: ${here.answer + 1} holds.`}
            </p>
            <Said paragraphs={here.reveal.say} />
          </>
        )}
      </div>
    </div>
  );
}

function NextButton({ isLast }: { readonly isLast: boolean }) {
  const isOpen = useCourse(({ answers, step }) => answers[step] !== undefined);
  return (
    <Button disabled={!isOpen} onClick={goOn} title={isOpen ? undefined : 'Choose first what you expect'}>
      {isLast ? 'To the summary' : 'Next'}
    </Button>
  );
}

function Summary({ lesson }: { readonly lesson: Lesson }) {
  const answers = useCourse((state) => state.answers);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const foreseen = lesson.steps.filter(({ answer }, at) => answers[at] === answer).length;
  const after = lessonAfter(lesson.id);
  return (
    <div className="lesson-step">
      <h2 ref={heading} tabIndex={-1}>
        What to take home
      </h2>
      <ul>
        {lesson.summary.map((line) => (
          <li key={line}>
            <Marked text={line} />
          </li>
        ))}
      </ul>
      <p>
        You foresaw {foreseen} of {lesson.steps.length}.
      </p>
      {after && (
        <Button fullWidth onClick={() => void beginLesson(after.id)}>
          Next lesson: {after.title}
        </Button>
      )}
    </div>
  );
}

function StagingNote() {
  const staging = useCourse((state) => state.staging);
  if (staging.type === 'ready') return null;
  if (staging.type === 'loading') {
    return (
      <Text size="sm" role="status" c="var(--quiet)">
        Loading the recording…
      </Text>
    );
  }
  return (
    <div className="lesson-failed" role="alert">
      <p>{staging.reason}</p>
      <Button size="compact-sm" variant="default" onClick={() => void stage()}>
        Try again
      </Button>
    </div>
  );
}
