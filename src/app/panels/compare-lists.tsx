import { Fragment, useEffect, useState } from 'react';
import { isAbort } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Near } from '../commands/measure.ts';
import { focusItem, hover } from '../commands/select.ts';
import { nearestInPane } from '../compare/nearest.ts';
import { columnNote, nameAmong } from '../compare/pane-names.ts';
import { metricName, type PaneSetting, paneLetter, sourceKey } from '../compare/setting.ts';
import { compareLists, type Link, type Sharing } from '../compare/shared.ts';
import { type ComparePane, useCompare, usePaneSettings } from '../compare/state.ts';
import { messageOf } from '../jobs.ts';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { collection } from '../services.ts';
import { useApp } from '../store.ts';
import { distanceText } from '../words.ts';

const NEAREST = 10;
/** Height of a row in pixels, as in compare.css. */
const ROW = 26;

type Answer = { readonly near: readonly Near[] | undefined } | { readonly problem: string };

/** The nearest items to the selected one, a column a pane, with lines between what columns share. */
export function CompareLists() {
  const open = useCompare((state) => state.listsOpen);
  const selected = useApp((state) => (state.selection.length === 1 ? state.selection[0] : undefined));
  if (!open) return null;
  if (selected === undefined || !collection.has(selected)) {
    return <p className="compare-hint">Select one item to see its nearest in every pane, side by side.</p>;
  }
  return <Columns id={selected} />;
}

function Columns({ id }: { readonly id: Id }) {
  const panes = useCompare((state) => state.panes);
  const answers = useNearest(id, panes);
  const lists = panes.map((pane) => {
    const answer = answers.get(pane.id);
    return answer && 'near' in answer ? answer.near?.map((near) => near.id) : undefined;
  });
  const { sharingOf, links } = compareLists(lists);
  // With some of the lists still to come, nobody can tell what they share.
  const complete = panes.every((pane) => answers.has(pane.id));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="compare-lists" aria-label="Nearest items, side by side" tabIndex={0}>
      <div className="compare-lists-head">
        <span>
          Nearest to <b>{collection.get(id)?.item.name}</b>
        </span>
        <Legend sharings={panes.length > 2 ? ['all', 'some', 'one'] : ['all', 'one']} />
      </div>
      <div className="compare-columns">
        {panes.map((pane, at) => (
          <Fragment key={pane.id}>
            {at > 0 && (
              <Links
                links={complete ? links[at - 1] : undefined}
                most={Math.max(...lists.map((list) => list?.length ?? 0))}
                sharingOf={sharingOf}
              />
            )}
            <Column
              pane={pane}
              index={at}
              answer={answers.get(pane.id)}
              sharingOf={complete ? sharingOf : undefined}
            />
          </Fragment>
        ))}
      </div>
    </section>
  );
}

/** The answers of all panes, each asked for when what it depends on changes. */
function useNearest(id: Id, panes: readonly ComparePane[]): ReadonlyMap<number, Answer> {
  const revision = useApp((state) => state.revision);
  const [answers, setAnswers] = useState<ReadonlyMap<number, Answer>>(new Map());
  const asked = panes
    .map(
      (pane) =>
        `${pane.id} ${sourceKey(pane.setting)} ${pane.setting.metric} ${pane.progress.type === 'unembedded'}`,
    )
    .join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` says what of the panes matters
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async () => {
      for (const { id: pane, setting } of panes) {
        const answer = await nearestOf(setting, id, signal);
        if (signal.aborted) return;
        if (answer) setAnswers((before) => new Map(before).set(pane, answer));
      }
    };
    void ask();
    return () => controller.abort();
  }, [id, asked, revision]);
  return answers;
}

async function nearestOf(setting: PaneSetting, id: Id, signal: AbortSignal): Promise<Answer | undefined> {
  try {
    return { near: await nearestInPane(setting, id, NEAREST, { signal }) };
  } catch (error) {
    return isAbort(error) ? undefined : { problem: messageOf(error) };
  }
}

const SHARING_TEXT: Readonly<Record<Sharing, string>> = {
  all: 'in every pane',
  some: 'in several panes',
  one: 'only here',
};

function Legend({ sharings }: { readonly sharings: readonly Sharing[] }) {
  return (
    <span className="compare-legend" aria-hidden="true">
      {sharings.map((sharing) => (
        <span key={sharing}>
          <i className="compare-dot" data-sharing={sharing} /> {SHARING_TEXT[sharing]}
        </span>
      ))}
    </span>
  );
}

function Column(props: {
  readonly pane: ComparePane;
  readonly index: number;
  readonly answer: Answer | undefined;
  readonly sharingOf: ((id: Id) => Sharing) | undefined;
}) {
  const { pane, index, answer } = props;
  const { setting } = pane;
  const panes = usePaneSettings();
  const note = columnNote(setting, panes);
  const letter = paneLetter(index);
  return (
    <div className="compare-column">
      <h3 title={`${letter}: ${nameAmong(setting, panes)}`}>
        {letter} {metricName(setting.metric)}
        {note && <small> {note}</small>}
      </h3>
      {!answer && <p className="compare-hint">Measuring…</p>}
      {answer && 'problem' in answer && <p className="compare-hint">{answer.problem}</p>}
      {answer && 'near' in answer && !answer.near && <p className="compare-hint">Not in this pane.</p>}
      {answer && 'near' in answer && answer.near && (
        <ol aria-label={`Nearest in pane ${letter}: ${nameAmong(setting, panes)}`}>
          {answer.near.map((near) => (
            <li key={near.id}>
              <NearRow near={near} sharing={props.sharingOf?.(near.id)} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function NearRow({ near, sharing }: { readonly near: Near; readonly sharing: Sharing | undefined }) {
  const { id, distance } = near;
  const hovered = useApp((state) => state.hovered === id);
  const item = collection.get(id)?.item;
  if (!item) return null;
  return (
    <button
      type="button"
      className="compare-row"
      data-sharing={sharing}
      data-hovered={hovered || undefined}
      onClick={() => focusItem(id)}
      onPointerEnter={() => hover(id)}
      onPointerLeave={() => hover(undefined)}
      onFocus={() => hover(id)}
      onBlur={() => hover(undefined)}
    >
      {sharing ? (
        <i className="compare-dot" data-sharing={sharing} role="img" aria-label={SHARING_TEXT[sharing]} />
      ) : (
        <i className="compare-dot" />
      )}
      <Thumbnail id={id} />
      <span className="row-name" title={item.name}>
        {item.name}
      </span>
      <span className="row-number">{distanceText(distance)}</span>
    </button>
  );
}

/** Lines from each place on the left to the same item's place on the right. */
function Links(props: {
  readonly links: readonly Link[] | undefined;
  /** How many could be in both. */
  readonly most: number;
  sharingOf(id: Id): Sharing;
}) {
  const hovered = useApp((state) => state.hovered);
  const { links, most } = props;
  const middle = (place: number) => (place + 0.5) * ROW;
  const height = NEAREST * ROW;
  return (
    <div className="compare-links">
      <span className="compare-share" title={links && `${links.length} of ${most} are in both`}>
        {links && (
          <>
            {links.length}/{most}
            <span className="compare-unseen"> in both</span>
          </>
        )}
      </span>
      <svg
        className="compare-lines"
        viewBox={`0 0 100 ${height}`}
        height={height}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {links?.map(({ id, left, right }) => (
          <path
            key={id}
            d={`M0 ${middle(left)} C 50 ${middle(left)}, 50 ${middle(right)}, 100 ${middle(right)}`}
            data-sharing={props.sharingOf(id)}
            data-hovered={hovered === id || undefined}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
    </div>
  );
}
