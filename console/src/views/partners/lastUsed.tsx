import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { say } from '../../words/say';

/** When a key or a stored operation was last used. */
export const lastUsed: Column<{ readonly lastUsedAt?: string | null | undefined }> = {
  id: 'used',
  title: 'Last used',
  width: '7rem',
  right: true,
  wideOnly: true,
  text: ({ lastUsedAt }) => lastUsedAt,
  cell: ({ lastUsedAt }) => <RelativeTime time={lastUsedAt} none={say('never')} />,
};
