import { Button } from '@mantine/core';
import type { Plan } from '../compare/plan.ts';

/** What a draft would compute, and the buttons that do it or drop it; nothing where nothing was changed. */
export function LayoutApply(props: {
  readonly changed: boolean;
  readonly plan: Plan | undefined;
  readonly onApply: () => void;
  readonly onDrop: () => void;
}) {
  const { changed, plan, onApply, onDrop } = props;
  const canApply = changed && plan !== undefined && plan.type !== 'refused';
  return (
    <div className="layout-apply">
      <div role="status">
        {changed && plan && (
          <div className="layout-plan" data-type={plan.type}>
            {plan.text}
          </div>
        )}
      </div>
      <div className="layout-buttons">
        <Button size="xs" flex={1} {...ifNot(canApply)} onClick={() => canApply && onApply()}>
          Apply
        </Button>
        <Button size="xs" variant="default" {...ifNot(changed)} onClick={() => changed && onDrop()}>
          Drop changes
        </Button>
      </div>
    </div>
  );
}

/** Disabled for who sees or hears it. It keeps the focus, without which Escape would end the view and not the form. */
const ifNot = (enabled: boolean) => (enabled ? {} : { 'data-disabled': true, 'aria-disabled': true });
