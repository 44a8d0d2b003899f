import { Badge, type Tone } from '../ui/Badge';
import { label } from '../words/format';
import { say } from '../words/say';

const flowTones: Readonly<Record<string, Tone>> = {
  QUEUED: 'rest',
  RUNNING: 'busy',
  PAUSED: 'warn',
  AWAITING_APPROVAL: 'warn',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  CANCELLED: 'rest',
  PENDING: 'rest',
  SKIPPED: 'rest',
};

/** Of a flow, or of one of its phases. */
export function StatusBadge({ status }: { readonly status: string }) {
  return (
    <Badge tone={flowTones[status] ?? 'rest'} pulse={status === 'RUNNING'}>
      {status === 'AWAITING_APPROVAL' ? say('Needs approval') : label(status)}
    </Badge>
  );
}

const severityTones: Readonly<Record<string, Tone>> = { CRITICAL: 'bad', WARNING: 'warn', INFO: 'busy' };

export function SeverityBadge({ severity }: { readonly severity: string }) {
  return <Badge tone={severityTones[severity] ?? 'rest'}>{label(severity)}</Badge>;
}

const alertTones: Readonly<Record<string, Tone>> = { FIRING: 'bad', ACKNOWLEDGED: 'warn', RESOLVED: 'good' };

export function AlertStatusBadge({ status }: { readonly status: string }) {
  return (
    <Badge tone={alertTones[status] ?? 'rest'} pulse={status === 'FIRING'}>
      {label(status)}
    </Badge>
  );
}

const criticalityTones: Readonly<Record<string, Tone>> = { CRITICAL: 'bad', HIGH: 'warn', MEDIUM: 'busy', LOW: 'rest' };

export function CriticalityBadge({ criticality }: { readonly criticality: string }) {
  if (criticality === 'UNKNOWN') return <span className="text-faint">–</span>;
  return <Badge tone={criticalityTones[criticality] ?? 'rest'}>{label(criticality)}</Badge>;
}

const traceTones: Readonly<Record<string, Tone>> = { OK: 'good', ERROR: 'bad', TIMEOUT: 'warn' };

export function TraceBadge({ status }: { readonly status: string }) {
  return <Badge tone={traceTones[status] ?? 'rest'}>{status === 'OK' ? 'OK' : label(status)}</Badge>;
}
