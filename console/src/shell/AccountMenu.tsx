'use client';
import { useGo } from '../host/navigation';
import { usePreferences, type Theme } from '../preferences/preferences';
import { useSession } from '../session/SessionProvider';
import { Icon, type IconName } from '../ui/Icon';
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuLine } from '../ui/Menu';
import { label } from '../words/format';
import { useWords } from '../words/useWords';

interface AccountMenuProps {
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

const themes: readonly { readonly theme: Theme; readonly icon: IconName }[] = [
  { theme: 'light', icon: 'sun' },
  { theme: 'dark', icon: 'moon' },
  { theme: 'system', icon: 'monitor' },
];

export function AccountMenu({ name, email, role }: AccountMenuProps) {
  const session = useSession();
  const words = useWords();
  const go = useGo();
  const { theme, language, set } = usePreferences();
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-sunken"
        >
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-wash text-xs font-semibold text-accent"
          >
            {name.slice(0, 1).toUpperCase() || '?'}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm font-medium">{name || email}</span>
            <span className="block truncate text-xs text-faint">{label(role)}</span>
          </span>
        </button>
      }
    >
      <MenuLabel>{email}</MenuLabel>
      <MenuItem onSelect={() => go('settings')}>
        <Icon name="settings" /> {words.settings}
      </MenuItem>
      <MenuItem onSelect={() => window.location.assign('/graphql')}>
        <Icon name="terminal" /> GraphiQL
      </MenuItem>
      <MenuLine />
      <MenuLabel>{words.theme}</MenuLabel>
      {themes.map((each) => (
        <MenuCheck key={each.theme} stays checked={theme === each.theme} onChange={() => set({ theme: each.theme })}>
          <Icon name={each.icon} /> {words[each.theme]}
        </MenuCheck>
      ))}
      <MenuLabel>{words.language}</MenuLabel>
      <MenuCheck stays checked={language === 'en'} onChange={() => set({ language: 'en' })}>
        English
      </MenuCheck>
      <MenuCheck stays checked={language === 'de'} onChange={() => set({ language: 'de' })}>
        Deutsch
      </MenuCheck>
      <MenuLine />
      <MenuItem onSelect={() => void session.signOut()}>
        <Icon name="logOut" /> {words.signOut}
      </MenuItem>
    </Menu>
  );
}
