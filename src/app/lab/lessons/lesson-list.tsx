import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { beginLesson, closeList } from './course.ts';
import { LESSONS } from './lessons.ts';
import './lessons.css';
import { TeacherDialog } from './teacher-dialog.tsx';
import type { Lesson } from './types.ts';

/** Chooses a lesson. */
export function LessonList() {
  const [taught, setTaught] = useState<Lesson>();
  return (
    <section className="lab-run" aria-label="Lessons">
      <Text size="sm">
        Each step asks what you expect before it shows what happens. Runs in them were recorded, so that no
        GPU is needed.
      </Text>
      <ol className="lesson-list">
        {LESSONS.map((lesson) => (
          <li key={lesson.id}>
            <button type="button" className="lesson-entry" onClick={() => void beginLesson(lesson.id)}>
              <strong>{lesson.title}</strong>
              <span className="lesson-minutes">{lesson.minutes} minutes</span>
              <span>{lesson.about}</span>
            </button>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Teacher’s page of: ${lesson.title}`}
              onClick={() => setTaught(lesson)}
            >
              Teacher’s page
            </Button>
          </li>
        ))}
      </ol>
      <Button size="compact-sm" variant="default" onClick={closeList}>
        Back to the runs
      </Button>
      <TeacherDialog lesson={taught} onClose={() => setTaught(undefined)} />
    </section>
  );
}
