import type { ComposeProject, RunningPart } from './ComposeProject.ts';

const noCapabilities = '0000000000000000';

/** What a part could do in its container that it has no need to. */
export function judgeConfinement(project: ComposeProject, { name, id }: RunningPart): string[] {
  const faults: string[] = [];
  const pid = project.inspect(id, '{{.State.Pid}}');
  const status = project.run(id, ['sh', '-c', 'cat /proc/self/status']);
  const said = (field: string) => new RegExp(`^${field}:\\s+(\\S+)`, 'm').exec(status)?.[1];
  if (said('Uid') !== '1000') faults.push(`${name} (process ${pid}) runs as user ${said('Uid')}.`);
  for (const set of ['CapEff', 'CapPrm', 'CapBnd'])
    if (said(set) !== noCapabilities) faults.push(`${name} has capabilities: ${set} is ${said(set)}.`);
  if (said('NoNewPrivs') !== '1') faults.push(`${name} could gain privileges.`);
  for (const place of ['/app', '/usr/local/bin', '/var'])
    if (!/[Rr]ead-only|Permission denied/.test(project.run(id, ['sh', '-c', `touch ${place}/planted`])))
      faults.push(`${name} can write to ${place}.`);
  return faults;
}
