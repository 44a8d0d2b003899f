import type { Metadata } from 'next';
import { SettingsPage } from '@/views/settings/SettingsPage';

export const metadata: Metadata = { title: 'Settings' };

export default SettingsPage;
