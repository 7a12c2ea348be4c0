import { Button, Group, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { count } from '../words.ts';
import { type Alignment, alignStrings, bytePairs, countSigns, cutLonger, padShorter } from './strings.ts';

const EXAMPLES: readonly (readonly [a: string, b: string, what: string])[] = [
  ['Saurav', 'Sourav', 'a name spelled twice'],
  ['GATTACA', 'GACTATA', 'genes'],
  ['1011101', '1001001', 'codes'],
  ['🍎🍐🍋', '🍎🍊🍋', 'emojis'],
  ['spring', 'pring·', 'one letter lost'],
];
// Room for a sentence; more would only be scrolled past.
const LONGEST = 80;

/** Two strings of one length, letter by letter and bit by bit. */
export function StringsTab() {
  const [[a, b], setStrings] = useState<readonly [string, string]>(['Saurav', 'Sourav']);
  const [asBits, setAsBits] = useState(false);
  const alignment = alignStrings(a, b);
  return (
    <div className="pg-strings" data-metric="hamming">
      <div className="pg-inputs">
        <TextInput
          label="First string"
          maxLength={LONGEST}
          value={a}
          onChange={(event) => setStrings([event.currentTarget.value, b])}
        />
        <TextInput
          label="Second string"
          maxLength={LONGEST}
          value={b}
          onChange={(event) => setStrings([a, event.currentTarget.value])}
        />
      </div>
      <Group gap={6}>
        {EXAMPLES.map(([first, second, what]) => (
          <Button key={what} size="compact-sm" variant="default" onClick={() => setStrings([first, second])}>
            {first} / {second}
          </Button>
        ))}
      </Group>
      <Answer alignment={alignment} onChange={setStrings} a={a} b={b} />
      {alignment.distance !== undefined && (
        <>
          <Switch
            label="As bits (UTF-8)"
            checked={asBits}
            onChange={(event) => setAsBits(event.currentTarget.checked)}
          />
          <Letters alignment={alignment} asBits={asBits} />
          {asBits && <BitsAnswer alignment={alignment} />}
        </>
      )}
      <Text size="sm" c="var(--quiet)" maw="70ch">
        What to notice: Hamming looks at places, not at words. Drop one letter at the front and every place
        behind it may differ (spring, pring·), though only one letter was lost.
      </Text>
    </div>
  );
}

function Answer(props: {
  readonly alignment: Alignment;
  readonly a: string;
  readonly b: string;
  readonly onChange: (strings: readonly [string, string]) => void;
}) {
  const { alignment, a, b, onChange } = props;
  const [m, n] = [alignment.a.length, alignment.b.length];
  const isEmpty = m === 0 && n === 0;
  return (
    <div role="status">
      {alignment.distance !== undefined ? (
        <p className="pg-answer">
          Hamming distance <output>{alignment.distance}</output> of {count(m, 'position')}
        </p>
      ) : (
        <p className="pg-answer">
          {isEmpty
            ? 'Type something in both fields.'
            : `The first has ${count(m, 'character')}, the second ${n}. Hamming compares strings of one length: make the first ${m < n ? 'longer' : 'shorter'} by ${Math.abs(m - n)}, or the second ${m < n ? 'shorter' : 'longer'}.`}
        </p>
      )}
      {!isEmpty && m !== n && (
        <Group gap={6}>
          <Button size="compact-sm" variant="light" onClick={() => onChange(padShorter(a, b))}>
            Fill the shorter one with ·
          </Button>
          {m > 0 && n > 0 && (
            <Button size="compact-sm" variant="light" onClick={() => onChange(cutLonger(a, b))}>
              Cut the longer one
            </Button>
          )}
        </Group>
      )}
      <SignsNote a={a} b={b} onChange={onChange} />
    </div>
  );
}

/** Where what a reader takes for one sign is more than one code point. */
function SignsNote(props: {
  readonly a: string;
  readonly b: string;
  readonly onChange: (strings: readonly [string, string]) => void;
}) {
  const { a, b } = props;
  const points = Array.from(a + b).length;
  const signs = countSigns(a) + countSigns(b);
  if (points === signs) return null;
  const joined = [a.normalize('NFC'), b.normalize('NFC')] as const;
  const canJoin = joined[0] !== a || joined[1] !== b;
  return (
    <Group gap={8} mt={4}>
      <Text size="sm">
        {`You see ${count(signs, 'sign')}, made of ${count(points, 'code point')}. Nearfield counts code points: an accent or a skin tone may be one of its own.`}
      </Text>
      {canJoin && (
        <Button size="compact-sm" variant="light" onClick={() => props.onChange(joined)}>
          Join accents to their letters
        </Button>
      )}
    </Group>
  );
}

function Letters({ alignment, asBits }: { readonly alignment: Alignment; readonly asBits: boolean }) {
  return (
    <ol className="pg-letters" aria-label="Letters, position by position">
      {alignment.a.map((letter, index) => {
        const other = alignment.b[index] ?? '';
        const differs = letter !== other;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a position is its index
          <li key={index} data-differs={differs || undefined}>
            <small>{index + 1}</small>
            <b>{visible(letter)}</b>
            <b>{visible(other)}</b>
            <i>{differs ? '≠' : '='}</i>
            {asBits && <Bytes a={letter} b={other} />}
          </li>
        );
      })}
    </ol>
  );
}

function Bytes({ a, b }: { readonly a: string; readonly b: string }) {
  return bytePairs(a, b).map((pair, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a byte is its place
    <span key={index} className="pg-byte">
      <code>{pair.a}</code>
      <code>{pair.b}</code>
      <code data-xor>
        {Array.from(pair.xor, (bit, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bit is its place
          <span key={at} data-one={bit === '1' || undefined}>
            {bit}
          </span>
        ))}
      </code>
    </span>
  ));
}

function BitsAnswer({ alignment }: { readonly alignment: Alignment }) {
  const pairs = alignment.a.flatMap((letter, index) => bytePairs(letter, alignment.b[index] ?? ''));
  const differing = pairs.reduce((sum, pair) => sum + pair.differing, 0);
  return (
    <p className="pg-answer" role="status">
      As bits <output>{differing}</output> of {pairs.length * 8}. The lowest row is 1 where the bits above it
      differ (exclusive or).
    </p>
  );
}

/** A space has to be seen to be compared. */
function visible(letter: string): string {
  return letter === ' ' ? '␣' : letter;
}
