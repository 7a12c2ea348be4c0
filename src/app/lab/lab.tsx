import { Button, Modal } from '@mantine/core';
import { IconSchool } from '@tabler/icons-react';
import { useEffect } from 'react';
import './lab.css';
import { lab } from './address.ts';
import { chooseStartingSize } from './drafts.ts';
import { LabMap } from './lab-map.tsx';
import { LabPanels } from './lab-panels.tsx';
import { beginLesson, closeList, openList, useCourse } from './lessons/course.ts';
import { LessonColumn } from './lessons/lesson-column.tsx';
import { LessonFigure } from './lessons/lesson-figure.tsx';
import { LessonList } from './lessons/lesson-list.tsx';
import { stageAt } from './lessons/stage.ts';
import { startProbing } from './probing.ts';
import { RunColumn } from './run-column.tsx';
import { pause } from './runs.ts';
import { useLabKeys } from './use-lab-keys.ts';

export interface LabProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Models that learn, over the page, which stays as it is. Needs neither items nor a GPU. */
export function Lab({ opened, onClose }: LabProps) {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      fullScreen
      closeOnEscape={false}
      classNames={{ content: 'lab' }}
    >
      <Modal.Content>
        {/* A header of its own would be a second banner of the page. */}
        <Modal.Header className="lab-header" role="group">
          <Modal.Title>Lab</Modal.Title>
          <span className="lab-about">
            Models learn here, in the page, from a made-up world of six modalities or from pictures. Nothing
            leaves your machine.
          </span>
          <LessonsButton />
          <Modal.CloseButton aria-label="Close the lab" />
        </Modal.Header>
        <Modal.Body className="lab-body">
          <Content />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function LessonsButton() {
  const isListed = useCourse((state) => state.isListed);
  const hasLesson = useCourse((state) => state.lesson !== undefined);
  if (hasLesson) return null;
  return (
    <Button
      size="compact-sm"
      variant={isListed ? 'filled' : 'light'}
      aria-pressed={isListed}
      leftSection={<IconSchool size={16} />}
      onClick={isListed ? closeList : openList}
    >
      Lessons
    </Button>
  );
}

/** Mounted while the lab is open; runs stand while it is closed. */
function Content() {
  useLabKeys();
  useEffect(() => {
    void chooseStartingSize();
    const endProbing = startProbing();
    const { lesson } = useCourse.getState();
    if (lesson) lab.name(lesson.id);
    else if (lab.asked()) void beginLesson(lab.asked());
    return () => {
      endProbing();
      void pause();
    };
  }, []);
  const { lesson, isListed, step, answers } = useCourse();
  if (!lesson) {
    return (
      <>
        {isListed ? <LessonList /> : <RunColumn />}
        <LabMap />
        <LabPanels />
      </>
    );
  }
  const { figure, recordings } = stageAt(lesson, step, answers[step] !== undefined);
  return (
    <>
      <LessonColumn lesson={lesson} />
      {figure === 'map' && recordings.length > 0 ? <LabMap /> : <LessonFigure figure={figure} />}
      {figure === 'map' && <LabPanels />}
    </>
  );
}
