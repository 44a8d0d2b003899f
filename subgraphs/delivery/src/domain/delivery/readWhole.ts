import { setTimeout as delay } from 'node:timers/promises';
import type { DeliveredEvent, DeliveryPage } from '@tributary/contracts/commands';
import { errorRegister } from '@tributary/contracts/errors';

/** How long parts of events may fail before these are sent without them. */
const patienceMs = 2_000;
const againMs = 400;

/** A page of which no part failed that may be there a moment later; after two seconds as it is, with what failed said beside it. */
export async function readWhole(
  read: () => Promise<DeliveryPage>,
  now: () => number = () => performance.now(),
): Promise<DeliveryPage> {
  const until = now() + patienceMs;
  for (;;) {
    const page = await read();
    if (page.kind !== 'page' || !page.events.some(mayComeRight) || now() >= until) return page;
    await delay(againMs);
  }
}

function mayComeRight({ errors = [] }: DeliveredEvent): boolean {
  return errors.some((error) => {
    const code = (error['extensions'] as { readonly code?: unknown } | undefined)?.code;
    return (
      typeof code === 'string' && code in errorRegister && errorRegister[code as keyof typeof errorRegister].retryable
    );
  });
}
