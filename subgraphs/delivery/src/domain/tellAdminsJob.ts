import { defineJob } from '@tributary/jobs';
import { z } from 'zod';

/** Mail to a workspace's admins: that nothing is sent to a webhook or by a channel any more. It is run by the part that dials out. */
export const tellAdminsJob = defineJob({
  name: 'delivery.tellAdmins',
  runs: 'delivery',
  payload: z.object({
    what: z.enum(['webhook', 'channel']),
    id: z.uuid(),
    reason: z.enum(['GONE', 'FAILING_TOO_LONG', 'OWNER_GONE']),
  }),
  // With growing pauses, for some days.
  maxAttempts: 20,
});
