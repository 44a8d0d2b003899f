import type { Metadata } from 'next';
import { SilencesPage } from '@/views/silences/SilencesPage';

export const metadata: Metadata = { title: 'Silences' };

export default SilencesPage;
