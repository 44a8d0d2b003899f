'use client';
import { useGo } from '../host/navigation';
import { usePreferences, type Theme } from '../preferences/preferences';
import { useSession } from '../session/SessionProvider';
import { Icon, type IconName } from '../ui/Icon';
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuLine } from '../ui/Menu';
import { label } from '../words/format';
import { type PlainText, say } from '../words/say';

interface AccountMenuProps {
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

const themes: readonly { readonly theme: Theme; readonly icon: IconName; readonly word: PlainText }[] = [
  { theme: 'light', icon: 'sun', word: 'Light' },
  { theme: 'dark', icon: 'moon', word: 'Dark' },
  { theme: 'system', icon: 'monitor', word: 'As the system' },
];

export function AccountMenu({ name, email, role }: AccountMenuProps) {
  const session = useSession();
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
        <Icon name="settings" /> {say('Settings')}
      </MenuItem>
      <MenuItem onSelect={() => window.location.assign('/graphql')}>
        <Icon name="terminal" /> GraphiQL
      </MenuItem>
      <MenuLine />
      <MenuLabel>{say('Theme')}</MenuLabel>
      {themes.map((each) => (
        <MenuCheck key={each.theme} stays checked={theme === each.theme} onChange={() => set({ theme: each.theme })}>
          <Icon name={each.icon} /> {say(each.word)}
        </MenuCheck>
      ))}
      <MenuLabel>{say('Language')}</MenuLabel>
      <MenuCheck stays checked={language === 'en'} onChange={() => set({ language: 'en' })}>
        English
      </MenuCheck>
      <MenuCheck stays checked={language === 'de'} onChange={() => set({ language: 'de' })}>
        Deutsch
      </MenuCheck>
      <MenuLine />
      <MenuItem onSelect={() => void session.signOut()}>
        <Icon name="logOut" /> {say('Sign out')}
      </MenuItem>
    </Menu>
  );
}
