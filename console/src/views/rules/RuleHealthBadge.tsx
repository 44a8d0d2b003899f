import { Badge, type Tone } from '../../ui/Badge';
import { duration } from '../../words/format';
import type { Rule } from './ruleForm';
import { say } from '../../words/say';

const tones: Readonly<Record<string, Tone>> = { OK: 'good', LATE: 'warn', ERROR: 'bad', OFF: 'rest' };
const names = { OK: 'Evaluated', LATE: 'Late', ERROR: 'Not evaluated', OFF: 'Off' } as const;

/** Whether a rule sees what it should. */
export function RuleHealthBadge({ health }: { readonly health: Rule['health'] }) {
  return (
    <Badge tone={tones[health.status] ?? 'rest'}>
      {health.status === 'LATE' && health.lagMs
        ? say('Late by {lag}', { lag: duration(health.lagMs) })
        : say(names[health.status])}
    </Badge>
  );
}
