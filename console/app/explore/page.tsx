import type { Metadata } from 'next';
import { ExplorePage } from '@/views/explore/ExplorePage';

export const metadata: Metadata = { title: 'Explore' };

export default ExplorePage;
