import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { CHALLENGES, type Challenge, check } from './challenges.ts';
import type { Point } from './plane.ts';

interface Props {
  readonly a: Point;
  readonly b: Point;
  readonly onReveal: (answer: Challenge['answer']) => void;
}

export function ChallengeList(props: Props) {
  return (
    <section className="pg-card" aria-label="Challenges">
      <h3>Challenges</h3>
      <ol className="pg-challenges">
        {CHALLENGES.map((challenge) => (
          <Task key={challenge.task} challenge={challenge} {...props} />
        ))}
      </ol>
    </section>
  );
}

function Task({ challenge, a, b, onReveal }: Props & { readonly challenge: Challenge }) {
  // What was checked, so that the answer does not outlive the points that it was about.
  const [checked, setChecked] = useState<{ readonly a: Point; readonly b: Point }>();
  const [isRevealed, setRevealed] = useState(false);
  const isCurrent = checked && isSame(checked.a, a) && isSame(checked.b, b);
  const verdict = isCurrent ? check(challenge, a, b) : undefined;
  const reveal = () => {
    onReveal(challenge.answer);
    setChecked(challenge.answer);
    setRevealed(true);
  };
  return (
    <li>
      <p>{challenge.task}</p>
      <Group gap={6}>
        <Button size="compact-sm" variant="light" onClick={() => setChecked({ a, b })}>
          Check
        </Button>
        <Button size="compact-sm" variant="default" onClick={reveal}>
          Show an answer
        </Button>
      </Group>
      <p role="status" data-solved={verdict?.solved}>
        {verdict?.text}
        {verdict?.solved && isRevealed && ` ${challenge.why}`}
      </p>
    </li>
  );
}

function isSame(p: Point, q: Point): boolean {
  return p.x === q.x && p.y === q.y;
}
