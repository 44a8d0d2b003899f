import type { Metadata } from 'next';
import { DiscoverPage } from '@/views/discover/DiscoverPage';

export const metadata: Metadata = { title: 'New discovery' };

export default DiscoverPage;
