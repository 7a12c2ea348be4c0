import { Button, Modal } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { Marked } from './said.tsx';
import type { Lesson } from './types.ts';

/** For the one who stands before the class; it can be printed. */
export function TeacherDialog(props: { readonly lesson: Lesson | undefined; readonly onClose: () => void }) {
  const { lesson, onClose } = props;
  return (
    <Modal
      opened={lesson !== undefined}
      onClose={onClose}
      size="lg"
      title="Teacher’s page"
      closeButtonProps={{ 'aria-label': 'Close the teacher’s page' }}
      classNames={{ root: 'lesson-teacher' }}
    >
      {lesson && <TeacherPage lesson={lesson} />}
    </Modal>
  );
}

function TeacherPage({ lesson }: { readonly lesson: Lesson }) {
  const { title, minutes, steps, teacher } = lesson;
  return (
    <article className="lesson-teacher-page">
      <h2>
        {title} <small>{minutes} minutes</small>
      </h2>
      <Button
        className="lesson-print"
        size="compact-sm"
        variant="default"
        leftSection={<IconPrinter size={16} />}
        onClick={() => window.print()}
      >
        Print
      </Button>
      <h3>Aim</h3>
      <p>
        <Marked text={teacher.aim} />
      </p>
      <h3>Before</h3>
      <p>
        <Marked text={teacher.before} />
      </p>
      <h3>Course</h3>
      <ol>
        {teacher.course.map((line) => (
          <li key={line}>
            <Marked text={line} />
          </li>
        ))}
      </ol>
      <h3>Steps and what holds</h3>
      <ol>
        {steps.map(({ title: name, question, choices, answer }) => (
          <li key={name}>
            <strong>{name}.</strong> <Marked text={question} />{' '}
            <em>{<Marked text={choices[answer] ?? ''} />}</em>
          </li>
        ))}
      </ol>
      <h3>What students usually think</h3>
      <dl>
        {teacher.misconceptions.map(({ think, help }) => (
          <div key={think}>
            <dt>
              <Marked text={think} />
            </dt>
            <dd>
              <Marked text={help} />
            </dd>
          </div>
        ))}
      </dl>
      <h3>Questions to ask</h3>
      <dl>
        {teacher.questions.map(({ ask, answer }) => (
          <div key={ask}>
            <dt>
              <Marked text={ask} />
            </dt>
            <dd>
              <Marked text={answer} />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
