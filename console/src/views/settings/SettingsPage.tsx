'use client';
import { PageHeader } from '../../parts/PageHeader';
import { useMay } from '../../session/Permissions';
import { say } from '../../words/say';
import { BudgetCard } from './BudgetCard';
import { LooksCard } from './LooksCard';
import { PasswordCard } from './PasswordCard';
import { ProfileCard } from './ProfileCard';
import { SessionsCard } from './SessionsCard';
import { WorkspaceCard } from './WorkspaceCard';

export function SettingsPage() {
  const mayManage = useMay('account.manage');
  return (
    <>
      <PageHeader title={say('Settings')} />
      {/* Two stacks, so that a short card leaves no hole beside a tall one. */}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <WorkspaceCard />
          {mayManage && <ProfileCard />}
        </div>
        <div className="grid min-w-0 gap-4">
          <LooksCard />
          {mayManage && <PasswordCard />}
          <BudgetCard />
        </div>
        <SessionsCard />
      </div>
    </>
  );
}
