import type { Metadata } from 'next';
import { PartnersPage } from '@/views/partners/PartnersPage';

export const metadata: Metadata = { title: 'Partners' };

export default PartnersPage;
