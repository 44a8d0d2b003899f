'use client';
import { PageHeader } from '../../parts/PageHeader';
import { useMay } from '../../session/Permissions';
import { say } from '../../words/say';
import { BudgetCard } from './BudgetCard';
import { LooksCard } from './LooksCard';
import { PasswordCard } from './PasswordCard';
import { SessionsCard } from './SessionsCard';
import { WorkspaceCard } from './WorkspaceCard';

export function SettingsPage() {
  const mayManage = useMay('account.manage');
  return (
    <>
      <PageHeader title={say('Settings')} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <WorkspaceCard />
        <LooksCard />
        {mayManage && <PasswordCard />}
        <BudgetCard />
        <SessionsCard />
      </div>
    </>
  );
}
