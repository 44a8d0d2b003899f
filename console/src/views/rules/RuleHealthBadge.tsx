import { Badge, type Tone } from '../../ui/Badge';
import { duration } from '../../words/format';
import type { Rule } from './ruleForm';

const tones: Readonly<Record<string, Tone>> = { OK: 'good', LATE: 'warn', ERROR: 'bad', OFF: 'rest' };
const names: Readonly<Record<string, string>> = { OK: 'Evaluated', LATE: 'Late', ERROR: 'Not evaluated', OFF: 'Off' };

/** Whether a rule sees what it should. */
export function RuleHealthBadge({ health }: { readonly health: Rule['health'] }) {
  return (
    <Badge tone={tones[health.status] ?? 'rest'}>
      {names[health.status] ?? health.status}
      {health.status === 'LATE' && health.lagMs ? ` by ${duration(health.lagMs)}` : ''}
    </Badge>
  );
}
