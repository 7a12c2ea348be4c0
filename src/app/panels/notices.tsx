import { Button, Notification } from '@mantine/core';
import { dismiss } from '../jobs.ts';
import { type Notice, useApp } from '../store.ts';

const COLORS: Record<Notice['kind'], string> = { info: 'indigo', success: 'teal', error: 'red' };

export function Notices() {
  const notices = useApp((state) => state.notices);
  return (
    <div className="notices" role="log" aria-live="polite" aria-label="Notices">
      {notices.map((notice) => (
        <Notification
          key={notice.id}
          color={COLORS[notice.kind]}
          withBorder
          onClose={() => dismiss(notice.id)}
          closeButtonProps={{ 'aria-label': 'Close this notice' }}
          role={notice.kind === 'error' ? 'alert' : undefined}
        >
          {notice.text}
          {notice.action && (
            <Button
              size="compact-sm"
              variant="light"
              ml="sm"
              onClick={() => {
                notice.action?.run();
                dismiss(notice.id);
              }}
            >
              {notice.action.label}
            </Button>
          )}
        </Notification>
      ))}
    </div>
  );
}
