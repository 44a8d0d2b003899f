import type { Metadata } from 'next';
import { AssetsPage } from '@/views/assets/AssetsPage';

export const metadata: Metadata = { title: 'Assets' };

export default AssetsPage;
