'use client';
import * as DropdownMenu from '@radix-ui/react-dropdown-menu';
import type { ReactNode } from 'react';
import { classes } from './classes';
import { Icon } from './Icon';

interface OpenMenuProps {
  readonly trigger: ReactNode;
  readonly align: 'start' | 'end';
  readonly children: ReactNode;
}

/** A menu that is open when it comes. */
export function OpenMenu({ trigger, align, children }: OpenMenuProps) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-[70vh] min-w-48 overflow-y-auto rounded-lg border border-line bg-raised p-1 text-sm shadow-lg"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const item = 'flex items-center gap-2 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-sunken select-none';

export interface MenuItemProps {
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, danger, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item onSelect={onSelect} className={classes(item, danger && 'text-bad')}>
      {children}
    </DropdownMenu.Item>
  );
}

export interface MenuCheckProps {
  readonly checked: boolean;
  readonly onChange: () => void;
  /** The menu stays open, so that several can be chosen. */
  readonly stays?: boolean;
  readonly children: ReactNode;
}

export function MenuCheck({ checked, onChange, stays, children }: MenuCheckProps) {
  return (
    <DropdownMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => stays && event.preventDefault()}
      className={item}
    >
      <span className="flex w-4 justify-center">{checked && <Icon name="check" />}</span>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-2 pb-1 text-xs text-faint">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
